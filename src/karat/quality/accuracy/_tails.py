"""How many numbers of a column should lie as far out as some do: a generalised Pareto tail on either side."""

from dataclasses import dataclass

import numpy as np

# of a column's cells at most lie beyond a gap; flat from 0.0638 to 0.214 (benchmarks/constants.md): higher takes a
# second population for outliers
OUTER = 0.12
TAIL = 200  # cells next to the gap that the tail is fitted on; cost: more cost time
LEAST_TAIL = 4  # flat from 2 to 8 (benchmarks/constants.md): cells; fewer fit nothing
GAPS = 12  # widest gaps of a side that are looked at; cost: bounds time; narrower gaps are not judged
# cost: a grid of tails, bounded to endless; finer costs time
SHAPES = np.array([-0.5, -0.25, 0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0])
# prior of the shape: normal tails are near 0, incomes on a linear scale near .5 (Pickands 1975; Hosking & Wallis 1987)
PRIOR = np.exp(-0.5 * ((SHAPES - 0.1) / 0.25) ** 2)
SCALES = np.geomspace(0.2, 5.0, 17)  # cost: a grid around the mean excess; finer costs time
# mean excesses over the upper quarter: narrower gaps are no gaps; flat from 0.333 to 0.667 (benchmarks/constants.md):
# lower judges more gaps
WIDE = 0.5


@dataclass(frozen=True)
class Beyond:
    """The numbers beyond one gap.

    Parameters
    ----------
    edge : float
        The last number before the gap, on the column's scale.
    cells : int
        How many lie beyond.
    expected : float
        How many would, were they of the column's own tail.
    """

    edge: float
    cells: int
    expected: float


def beyond(numbers: np.ndarray) -> Beyond | None:
    """The gap in the upper tail that is least like the tail before it.

    Parameters
    ----------
    numbers : ndarray of float64, shape (n,), rising
        On a scale on which they are not skewed.

    Returns
    -------
    Beyond or None
        None when there is no gap.
    """
    n = len(numbers)
    least = max(n - int(OUTER * n), n // 2 + 2)
    steps = np.diff(numbers[least - 1 :])
    quarter = numbers[int(0.75 * n) :]
    steps = np.where(steps > WIDE * float(np.median(quarter - quarter[0])), steps, 0.0)
    places = np.argsort(-steps, kind="stable")[:GAPS]
    best: Beyond | None = None
    for place in sorted(places[steps[places] > 0].tolist(), reverse=True):
        last = least - 1 + place
        expected = _expected(numbers, last)
        cells = n - 1 - last
        if best is None or expected < best.expected:
            best = Beyond(float(numbers[last]), cells, expected)
    return best


def _expected(numbers: np.ndarray, last: int) -> float:
    """How many numbers the tail up to ``last`` would put at the next number or beyond."""
    kept = numbers[: last + 1]
    tail = max(LEAST_TAIL, len(kept) // 4)
    threshold = kept[-tail - 1]
    over = kept[-tail:] - threshold
    if tail > TAIL:  # evenly thinned
        over = over[np.linspace(0, tail - 1, TAIL).astype(np.int64)]
    steps = np.diff(np.unique(kept[-tail - 1 :]))
    far = numbers[last + 1] - threshold - (float(np.median(steps)) if len(steps) else 0.0)  # a step is no gap
    middle = float(np.median(kept))
    usual = max(float(over.mean()), 0.3 * (threshold - middle), 1e-9 * (abs(middle) + abs(far)), 1e-300)
    scale = usual * SCALES[:, None, None]
    shape = SHAPES[None, :, None]
    weight = PRIOR * np.exp(-0.5 * (np.log(SCALES) / 1.0) ** 2)[:, None]
    fit = _log_density(over[None, None, :], scale, shape).sum(axis=2)
    posterior = weight * np.exp(fit - fit.max())
    beyond = np.exp(_log_survival(np.array([[[far]]]), scale, shape))[:, :, 0]
    return float(tail * (posterior * beyond).sum() / posterior.sum())


def _log_survival(over: np.ndarray, scale: np.ndarray, shape: np.ndarray) -> np.ndarray:
    ratio = over / scale
    inner = np.maximum(1 + shape * ratio, 1e-12)
    safe = np.where(shape == 0, 1.0, shape)
    return np.where(shape == 0, -ratio, -np.log(inner) / safe)


def _log_density(over: np.ndarray, scale: np.ndarray, shape: np.ndarray) -> np.ndarray:
    inner = 1 + shape * over / scale
    out = _log_survival(over, scale, shape) - np.log(np.maximum(inner, 1e-12)) - np.log(scale)
    return np.where(inner <= 0, -50.0, out)
