"""Has a column changed? Evidence that adds up over windows, and how large the change is.

Each window is compared with all records before it. As long as nothing changes, records come in any order alike, so the
p-values of successive windows are independent (sequential ranks, Barndorff-Nielsen 1963; Vovk et al. 2003).
Each becomes an e-value, and a Shiryaev-Roberts e-detector adds them up (Shin, Ramdas and Rinaldo 2024): the expected
time to a false alarm is at least its threshold.
"""

from dataclasses import dataclass

import numpy as np

SMALLEST_P = 1e-300  # cost: below it the logarithm is not finite
ERROR = 0.05  # definition: of intervals


@dataclass(frozen=True)
class Shift:
    """How far a column lies from where it was.

    Parameters
    ----------
    effect : float
        In [0, 1]: of numbers the largest difference between the shares of records up to a value (Kolmogorov-Smirnov);
        of categories the largest change of one category's share. A missing cell is a value of its own.
    low, high : float
        95 % interval, by the inequalities of Massart (1990) and Hoeffding (1963).
    at : float or str or None
        The value up to which, or the category in which, shares differ most; None: missing cells.
    before, after : float
        Its share in the reference and in the window.
    """

    effect: float
    low: float
    high: float
    at: float | str | None
    before: float
    after: float


def ordered(values: np.ndarray) -> np.ndarray:
    """Numbers (n,) in rising order, missing ones last as infinity."""
    return np.sort(np.where(np.isnan(values), np.inf, values))


def _shares(reference: np.ndarray, window: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    points = np.concatenate([reference, window])
    below = [np.searchsorted(part, points, side="right") / len(part) for part in (reference, window)]
    return points, below[0], below[1]


def numbers_p(before: np.ndarray, window: np.ndarray) -> float:
    """p-value that two sets of numbers, as ``ordered`` gives them, come from one distribution (Smirnov 1948)."""
    from scipy.stats import kstwobign

    _, left, right = _shares(before, window)
    size = np.sqrt(len(before) * len(window) / (len(before) + len(window)))
    return float(kstwobign.sf(float(np.abs(left - right).max()) * size))


def numbers_shift(reference: np.ndarray, window: np.ndarray) -> Shift:
    """How far numbers, as ``ordered`` gives them, have moved."""
    points, left, right = _shares(reference, window)
    apart = np.abs(left - right)
    top = int(apart.argmax())
    # the share of missing cells is 1 minus the share up to the largest number
    finite = np.isfinite(points)
    missing = abs(float(np.isinf(reference).mean() - np.isinf(window).mean()))
    if not finite.any() or missing >= apart.max():
        before, after, at = float(np.isinf(reference).mean()), float(np.isinf(window).mean()), None
    else:
        before, after, at = float(left[top]), float(right[top]), float(points[top])
    bound = np.sqrt(np.log(4 / ERROR) / 2) * (len(reference) ** -0.5 + len(window) ** -0.5)
    effect = abs(before - after)
    return Shift(effect, max(0.0, effect - bound), min(1.0, effect + bound), at, before, after)


def _counted(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Distinct values, how often each stands left and right, and the code of each record."""
    values, codes = np.unique(np.concatenate([left, right]), return_inverse=True)
    counts = [np.bincount(part, minlength=len(values)) for part in (codes[: len(left)], codes[len(left) :])]
    return values, counts[0], counts[1], codes


def categories_p(before: np.ndarray, window: np.ndarray) -> float:
    """p-value that two sets of texts come from one distribution.

    Fisher's exact test of each category, and a test of how common the values are: many new values, each rare, are
    seen by it. The smallest counts for as many as were made (Bonferroni).
    """
    from scipy.stats import hypergeom

    _, left, right, codes = _counted(before, window)
    both, everyone = left + right, len(before) + len(window)
    more = hypergeom.sf(right - 1, everyone, both, len(window))
    fewer = hypergeom.cdf(right, everyone, both, len(window))
    single = min(1.0, 2 * len(both) * float(np.minimum(more, fewer).min()))
    common = both[codes].astype(np.float64)
    rarity = numbers_p(np.sort(common[: len(before)]), np.sort(common[len(before) :]))
    return min(1.0, 2 * min(single, rarity))


def categories_shift(reference: np.ndarray, window: np.ndarray) -> Shift:
    """How far the shares of texts have moved; "" stands for a missing cell."""
    values, left, right, _ = _counted(reference, window)
    before, after = left / len(reference), right / len(window)
    top = int(np.abs(before - after).argmax())
    bound = np.sqrt(np.log(4 * len(values) / ERROR) / 2) * (len(reference) ** -0.5 + len(window) ** -0.5)
    effect = abs(float(before[top] - after[top]))
    at = str(values[top]) or None
    return Shift(effect, max(0.0, effect - bound), min(1.0, effect + bound), at, float(before[top]), float(after[top]))


def evidence(p: float) -> float:
    """The e-value of a p-value: the mean of k p^(k - 1) over k in (0, 1) (Vovk and Wang 2021).

    Its mean is 1 where p is uniform.

    >>> round(evidence(1.0), 2), round(evidence(1e-6))
    (0.5, 5239)
    """
    p = min(max(p, SMALLEST_P), 1.0)
    log = np.log(p)
    if log > -1e-4:  # the limit at 1, where the quotient below is 0 / 0
        return 0.5
    return float((1 - p + p * log) / (p * log * log))


def detected(sum_before: float, p: float, most: float) -> float:
    """The Shiryaev-Roberts sum after one more window, at most ``most``."""
    return min((sum_before + 1.0) * evidence(p), most)


def threshold(columns: int, windows_per_day: float, alarms_per_day: float) -> float:
    """Where a column's sum says that it has drifted, so that all columns together keep to so many false alarms a day.

    Raises
    ------
    ValueError
        Not above 0.
    """
    if min(columns, windows_per_day, alarms_per_day) <= 0:
        raise ValueError("columns, windows and alarms have to be above 0")
    return max(1.0, columns * windows_per_day / alarms_per_day)
