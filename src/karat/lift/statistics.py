"""What a lift needs beyond the intervals of ``evaluate``: shares of a gap, and records that would show an effect."""

from math import ceil, inf, sqrt

import numpy as np

from karat.evaluate.intervals import Interval, corrected_resampled_t


def gain(scores: np.ndarray, baseline: np.ndarray, ratio: float) -> Interval:
    """The paired gain of one arm over another over all folds; exactly 0 with [0, 0] where every score is equal.

    Parameters
    ----------
    scores, baseline : ndarray of float, shape (folds,)
    ratio : float
        Test records per training record.
    """
    return corrected_resampled_t(np.asarray(scores, np.float64) - np.asarray(baseline, np.float64), ratio)


def records_to_see(effect: float, detectable: float, records: int) -> int:
    """How many records would show an effect, when ``records`` show ``detectable``: the error falls with their root."""
    return max(1, ceil(records * (detectable / effect) ** 2))


def share_of(top: np.ndarray, bottom: np.ndarray, ratio: float) -> tuple[float, float, float]:
    """mean(top) / mean(bottom) with its 95 % interval by Fieller's theorem; unbounded where the bottom may be zero.

    Parameters
    ----------
    top, bottom : ndarray of float, shape (folds,)
        Paired gains, e.g. refined - raw and clean - raw.
    ratio : float
        Test records per training record, for the same correction as the gains' own intervals.

    Source: Fieller (1954), JRSS B 16.
    """
    from scipy.special import stdtrit

    count = len(top)
    a, b = float(top.mean()), float(bottom.mean())
    share = a / b if b else (0.0 if a == 0 else inf)
    spread = np.cov(np.stack([top, bottom]), ddof=1) * (1 / count + ratio)
    reach = float(stdtrit(count - 1, 0.975)) ** 2
    square = b * b - reach * spread[1, 1]
    cross = a * b - reach * spread[0, 1]
    inside = cross * cross - square * (a * a - reach * spread[0, 0])
    if square <= 0 or inside < 0:
        return share, -inf, inf
    reach_out = sqrt(inside)
    return share, float((cross - reach_out) / square), float((cross + reach_out) / square)
