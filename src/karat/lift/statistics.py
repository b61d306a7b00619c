"""The statistics a lift must carry: intervals that know how folds overlap, and what could not have been seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

POWER = 0.9
LEVEL = 0.05


@dataclass(frozen=True)
class Effect:
    """A difference of scores with its 95 % interval.

    Parameters
    ----------
    lift : float
        Mean difference, signed so that + is better.
    low, high : float
        95 % interval.
    p_value : float
        Two-sided, for a true difference of zero.
    error : float
        Corrected standard error.
    degrees : int
        Degrees of freedom of the t distribution.
    """

    lift: float
    low: float
    high: float
    p_value: float
    error: float
    degrees: int


def t_quantile(share: float, degrees: int) -> float:
    """The quantile of Student's t distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, share))


def corrected_t(differences: Sequence[float] | np.ndarray, ratio: float, level: float = LEVEL) -> Effect:
    """Mean of paired fold differences, with the corrected resampled t interval.

    Scores of folds share training records, so the plain t interval is far too narrow; the correction adds the ratio of
    test to training records to 1/n.

    Parameters
    ----------
    differences : array of float, shape (n,)
        One per fold of every repeat; n >= 2.
    ratio : float
        Test records per training record, e.g. 0.25 for five folds.
    level : float
        One minus the coverage.

    Source: Nadeau & Bengio (2003), Machine Learning 52.
    """
    values = np.asarray(differences, np.float64)
    count = len(values)
    if count < 2:
        raise ValueError(f"two folds or more wanted, found {count}")
    if not np.any(values):
        return Effect(0.0, 0.0, 0.0, 1.0, 0.0, count - 1)
    mean = float(values.mean())
    error = sqrt(float(values.var(ddof=1)) * (1 / count + ratio))
    half = t_quantile(1 - level / 2, count - 1) * error
    return Effect(mean, mean - half, mean + half, t_test(mean, error, count - 1), error, count - 1)


def t_test(mean: float, error: float, degrees: int) -> float:
    """Two-sided p value of a mean with its standard error."""
    from scipy.special import stdtr

    if error == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * stdtr(degrees, -abs(mean) / error))


def minimal_detectable(error: float, degrees: int, power: float = POWER, level: float = LEVEL) -> float:
    """The smallest true difference that a test at ``level`` sees with ``power``.

    "No effect seen" means: none larger than about this.
    """
    return (t_quantile(1 - level / 2, degrees) + t_quantile(power, degrees)) * error


def records_to_see(effect: float, detectable: float, records: int) -> int:
    """How many records would show an effect, when ``records`` show ``detectable``: the error falls with their root."""
    return max(1, ceil(records * (detectable / effect) ** 2))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p values, in the order given: for several metrics, slices or families at once.

    Source: Holm (1979), Scandinavian Journal of Statistics 6.
    """
    order = np.argsort(np.asarray(p_values, np.float64), kind="stable")
    adjusted, worst = [0.0] * len(p_values), 0.0
    for place, at in enumerate(order):
        worst = max(worst, min(1.0, (len(p_values) - place) * float(p_values[at])))
        adjusted[int(at)] = worst
    return adjusted


def paired_bootstrap(
    score: Callable[[np.ndarray], float], count: int, seed: int, draws: int = 1000, level: float = LEVEL
) -> tuple[float, float, np.ndarray]:
    """A percentile interval of a difference of scores over redrawn test records.

    Parameters
    ----------
    score : callable
        Takes positions (count,) of test records, drawn with replacement; gives the difference.
    count : int
        Number of test records.
    draws : int
        Number of redraws.

    Returns
    -------
    low, high, and the ``draws`` differences.
    """
    rng = np.random.default_rng(seed)
    values = np.array([score(rng.integers(0, count, count)) for _ in range(draws)])
    low, high = np.quantile(values, [level / 2, 1 - level / 2])
    return float(low), float(high), values


def ratio_of(parts: np.ndarray, error_top: float, top: float, bottom: float) -> tuple[float, float]:
    """95 % interval of top / bottom by Fieller's theorem; infinite where the bottom may be zero.

    Parameters
    ----------
    parts : ndarray, shape (n, 2)
        Paired fold values of top and bottom, for their correlation.
    error_top : float
        Corrected standard error of the top's mean; the same correction is applied to the bottom.
    """
    spread = np.cov(parts.T, ddof=1)
    if spread[0, 0] <= 0 or spread[1, 1] <= 0:
        return (float("-inf"), float("inf")) if bottom == 0 else (top / bottom, top / bottom)
    scale = error_top**2 / spread[0, 0]
    v11, v12, v22 = spread[0, 0] * scale, spread[0, 1] * scale, spread[1, 1] * scale
    t = t_quantile(1 - LEVEL / 2, len(parts) - 1)
    a, b, c = bottom**2 - t**2 * v22, top * bottom - t**2 * v12, top**2 - t**2 * v11
    inside = b * b - a * c
    if a <= 0 or inside < 0:
        return float("-inf"), float("inf")
    return (b - sqrt(inside)) / a, (b + sqrt(inside)) / a
