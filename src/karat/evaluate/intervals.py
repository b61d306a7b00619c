"""How sure a difference is."""

from dataclasses import dataclass
from math import sqrt

import numpy as np


@dataclass(frozen=True)
class Interval:
    """A mean with its interval, the two-sided p-value against 0, and the standard error used."""

    mean: float
    low: float
    high: float
    p: float
    error: float = 0.0
    degrees: int = 0


def corrected_resampled_t(values: np.ndarray, test_share: float, level: float = 0.95) -> Interval:
    """Mean of one value a fold, with the variance that overlapping training sets call for.

    Parameters
    ----------
    values : ndarray of float, shape (j,)
        A score or a paired difference in each of j = repeats x folds splits; NaN is left out.
    test_share : float
        Test records per training record, n_test / n_train, > 0.
    level : float
        Of the interval, in (0, 1).

    The variance of the mean is ``(1 / j + n_test / n_train) * s**2`` rather than ``s**2 / j``; Student's t with j - 1
    degrees. Exact zeros throughout give [0, 0] and p = 1. Source: Nadeau & Bengio (2003), Machine Learning 52.
    """
    known = np.asarray(values, np.float64)
    known = known[~np.isnan(known)]
    j = len(known)
    if j < 2:
        mean = float(known[0]) if j else float("nan")
        return Interval(mean, float("-inf"), float("inf"), 1.0, float("inf"), 0)
    mean = float(known.mean())
    error = sqrt((1 / j + test_share) * float(known.var(ddof=1)))
    return t_interval(mean, error, j - 1, level)


def t_interval(mean: float, error: float, degrees: int, level: float = 0.95) -> Interval:
    """The interval of a mean with its standard error by Student's t."""
    from scipy.special import stdtr, stdtrit

    if error == 0:
        return Interval(mean, mean, mean, 1.0 if mean == 0 else 0.0, 0.0, degrees)
    reach = float(stdtrit(degrees, 0.5 + level / 2)) * error
    p = 2 * float(stdtr(degrees, -abs(mean) / error))
    return Interval(mean, mean - reach, mean + reach, min(p, 1.0), error, degrees)


def minimal_detectable_effect(error: float, degrees: int, power: float = 0.9, level: float = 0.95) -> float:
    """The smallest true effect that would be told from 0 with the given power at the standard error found."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + level / 2) + stdtrit(degrees, power)) * error


def holm(p_values: np.ndarray) -> np.ndarray:
    """P-values (m,) adjusted for m questions asked at once. Source: Holm (1979)."""
    p = np.asarray(p_values, np.float64)
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    out = np.empty(len(p))
    out[order] = np.minimum(raised, 1)
    return out
