"""Exponential smoothing and the Theta method as recursions, with the search for their parameters. It imports Numba."""

import numpy as np
from numba import njit

MOST_TRIES = 260  # cost: evaluations of one search; more changed no forecast of benchmarks/forecast_series.md
SMALL, LARGE = 1e-4, 0.9999  # definition: open ends of a share, as in Hyndman et al. (2008)
DAMPED, UNDAMPED = 0.80, 0.98  # Hyndman & Athanasopoulos (2021), ch. 8.4: where damping is kept
TINY = 1e-9  # definition: no divisor
DENIED = 1e300  # definition: no parameters of a model
NONE, ADDED, TIMES = 0, 1, 2  # definition: of the trend (TIMES: damped) and of the season


@njit(cache=True, nogil=True)
def smooth(
    values: np.ndarray, seasonal: int, relative: bool, weights: np.ndarray, start: np.ndarray, cycle: np.ndarray
) -> float:
    """Twice the negative log likelihood, up to a constant; ``start`` and ``cycle`` become the last states.

    Parameters
    ----------
    values : float64, shape (n,), NaN for gaps, over which the states go on undisturbed
    seasonal : 0 none, 1 added, 2 multiplied
    relative : errors are shares of the forecast
    weights : level, trend and season in (0, 1), and damping
    start : level and slope, written
    cycle : float64, shape (season,), the season's states in the order of the records; written
    """
    level, slope, season = start[0], start[1], len(cycle)
    errors, logs, known = 0.0, 0.0, 0
    for at in range(len(values)):
        place = at % season
        base = level + weights[3] * slope
        part = cycle[place] if seasonal == TIMES else 1.0
        said = base * part + (cycle[place] if seasonal == ADDED else 0.0)
        off = values[at] - said
        if np.isnan(off):
            level, slope = base, weights[3] * slope
            continue
        if relative:
            if said <= 0 or base <= 0:
                return DENIED
            errors += (off / said) ** 2
            logs += np.log(said)
        else:
            errors += off * off
        known += 1
        if abs(part) < TINY or (seasonal == TIMES and abs(base) < TINY):
            return DENIED
        level = base + weights[0] * off / part
        slope = weights[3] * slope + weights[1] * off / part
        if seasonal != NONE:
            cycle[place] += weights[2] * off / (base if seasonal == TIMES else 1.0)
    start[0], start[1] = level, slope
    if not np.isfinite(errors):
        return DENIED
    return known * np.log(max(errors, 1e-20)) + 2 * logs


@njit(cache=True, nogil=True)
def _weights(point: np.ndarray, trend: int, seasonal: int, out: np.ndarray) -> bool:
    """The weights of a point of the search; False outside their range."""
    at, out[1], out[2], out[3] = 1, 0.0, 0.0, 1.0
    out[0] = point[0]
    if not SMALL <= out[0] <= LARGE:
        return False
    if trend != NONE:
        out[1] = point[at]
        at += 1
        if not SMALL <= out[1] <= out[0]:
            return False
    if seasonal != NONE:
        out[2] = point[at]
        at += 1
        if not SMALL <= out[2] <= 1 - out[0] + SMALL:
            return False
    if trend == TIMES:
        out[3] = point[at]
        if not DAMPED <= out[3] <= UNDAMPED:
            return False
    elif trend == NONE:
        out[3] = 0.0
    return True


@njit(cache=True, nogil=True)
def _smoothing_cost(point: np.ndarray, values: np.ndarray, form: np.ndarray, scale: float, cycle: np.ndarray) -> float:
    """What the search makes small: the last entries of a point are the first level and slope, in units of ``scale``."""
    trend, seasonal = form[0], form[1]
    weights, start = np.zeros(4), np.zeros(2)
    if not _weights(point, trend, seasonal, weights):
        return DENIED
    start[0] = point[-1] * scale if trend == NONE else point[-2] * scale
    start[1] = 0.0 if trend == NONE else point[-1] * scale
    return smooth(values, seasonal, form[2] == 1, weights, start, cycle.copy())


@njit(cache=True, nogil=True)
def _theta_cost(point: np.ndarray, values: np.ndarray, form: np.ndarray, scale: float, cycle: np.ndarray) -> float:
    out = np.zeros(0)
    return theta(values, point[0], point[1], point[2] * scale, form[0] == 1, cycle, out)


@njit(cache=True, nogil=True)
def theta(
    values: np.ndarray, weight: float, lines: float, level: float, moving: bool, line: np.ndarray, out: np.ndarray
) -> float:
    """The squared error of one step ahead, and the forecast in ``out``.

    Parameters
    ----------
    values : float64, shape (n,), without gaps
    weight : of the newest value, in [0.1, 0.99]
    lines : theta, >= 1: how far the curvature of the series is stretched
    level : before the first value
    moving : the straight line is that of what is known at each moment, not of all
    line : intercept and slope of the straight line through all values
    out : float64, shape (horizon,); written

    Source: Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler (2016), Models for optimising the theta method.
    """
    if not (0.1 <= weight <= 0.99 and lines >= 1.0):
        return DENIED
    n, mean, slope, errors = len(values), 0.0, 0.0, 0.0
    base, tilt = line[0], line[1]
    if moving:
        base, tilt = values[0], 0.0
    power = 1.0  # (1 - weight) ** at
    for at in range(n + len(out)):
        said = level + (1 - 1 / lines) * (power * base + (1 - power * (1 - weight)) / weight * tilt)
        if at < n:
            value = values[at]
            if at > 0 or not moving:
                errors += (value - said) ** 2
        else:
            value = said
            out[at - n] = said
        level = weight * value + (1 - weight) * level
        if moving:
            step = at + 1
            before = mean
            mean = (at * mean + value) / step
            slope = ((step - 2) * slope + 6 * (value - before) / step) / (step + 1) if step > 1 else 0.0
            base, tilt = mean - (step + 1) / 2 * slope, slope
        power *= 1 - weight
    return errors if np.isfinite(errors) else DENIED


@njit(cache=True, nogil=True)
def _cost(kind: int, point: np.ndarray, values: np.ndarray, form: np.ndarray, scale: float, own: np.ndarray) -> float:
    if kind == 0:
        return _smoothing_cost(point, values, form, scale, own)
    return _theta_cost(point, values, form, scale, own)


@njit(cache=True, nogil=True)
def search(
    kind: int, first: np.ndarray, steps: np.ndarray, values: np.ndarray, form: np.ndarray, scale: float, own: np.ndarray
) -> float:
    """The least cost by Nelder and Mead's simplex; ``first`` becomes the point where it lies.

    Parameters
    ----------
    kind : 0 exponential smoothing, 1 theta
    first : where it starts; written
    steps : how far the first corners lie from there
    form : of the model, int64
    own : states that the cost starts from
    """
    size = len(first)
    corners, costs = np.empty((size + 1, size)), np.empty(size + 1)
    for k in range(size + 1):
        corners[k] = first
        if k:
            corners[k, k - 1] += steps[k - 1]
        costs[k] = _cost(kind, corners[k], values, form, scale, own)
    tries = size + 1
    while tries < MOST_TRIES:
        order = np.argsort(costs, kind="mergesort")
        corners, costs = corners[order].copy(), costs[order].copy()
        if costs[size] - costs[0] <= 1e-6 * (abs(costs[0]) + 1e-6):
            break
        centre = corners[:size].sum(axis=0) / size
        far = 2 * centre - corners[size]
        cost = _cost(kind, far, values, form, scale, own)
        tries += 1
        if cost < costs[0]:
            further = 3 * centre - 2 * corners[size]
            more = _cost(kind, further, values, form, scale, own)
            tries += 1
            corners[size], costs[size] = (further, more) if more < cost else (far, cost)
        elif cost < costs[size - 1]:
            corners[size], costs[size] = far, cost
        else:
            near = 0.5 * (centre + (far if cost < costs[size] else corners[size]))
            inside = _cost(kind, near, values, form, scale, own)
            tries += 1
            if inside < min(cost, costs[size]):
                corners[size], costs[size] = near, inside
            else:
                for k in range(1, size + 1):
                    corners[k] = 0.5 * (corners[k] + corners[0])
                    costs[k] = _cost(kind, corners[k], values, form, scale, own)
                tries += size
    best = int(np.argmin(costs))
    first[:] = corners[best]
    return float(costs[best])


@njit(cache=True, nogil=True)
def smoothed_ahead(
    values: np.ndarray, point: np.ndarray, form: np.ndarray, scale: float, cycle: np.ndarray, out: np.ndarray
) -> None:
    """The forecast of a smoothing model, written to ``out`` (horizon,)."""
    weights, start, own = np.zeros(4), np.zeros(2), cycle.copy()
    _weights(point, form[0], form[1], weights)
    start[0] = point[-1] * scale if form[0] == NONE else point[-2] * scale
    start[1] = 0.0 if form[0] == NONE else point[-1] * scale
    smooth(values, form[1], form[2] == 1, weights, start, own)
    level, slope = start[0], start[1]
    for step in range(len(out)):
        slope *= weights[3]
        level += slope
        place = (len(values) + step) % len(own)
        if form[1] == ADDED:
            out[step] = level + own[place]
        elif form[1] == TIMES:
            out[step] = level * own[place]
        else:
            out[step] = level
