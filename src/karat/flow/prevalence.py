"""The share of wrong cells behind imperfect flags: a hierarchical model of columns within a table, on a grid.

Of a column's cells, ``e t + (1 - e) f`` are flagged where ``e`` are wrong, ``t`` of those show and ``f`` of the right
ones do too (Rogan & Gladen 1978, American Journal of Epidemiology 107). The columns' shares scatter around the table's.
How far the errors of a table are from those that we plant is an unknown factor of the whole table, and one of each
column.

All constants but ``RIGHT`` and ``SUCH`` were chosen with benchmarks/score_tracking.py on 88 tables and two planters, a
quarter of the tables left out in turn, for the mean error and for intervals that cover nine in ten tables left out.
"""

from dataclasses import dataclass

import numpy as np

SHARES = np.concatenate([[0.0], np.geomspace(1e-4, 0.6, 40)])  # of wrong cells
CLEAN = 0.3  # chance that a table has none, and
UNTOUCHED = 0.1  # that a column of another table has none
SCATTER = 0.7  # of the columns' shares around the table's, standard deviation of the logarithm
TABLE, COLUMN = 0.6, 0.9  # the same of the factors on what shows
STEPS = np.array([-1.5, -0.5, 0.5, 1.5])
EACH = 0.2  # how alike flags are within a column: however many its cells, they say as much as 1 / EACH that are not
# Share of right cells beyond the fences, and how many columns are so: 634 number columns of 88 curated tables.
RIGHT = np.array([0, 0.002, 0.01, 0.03, 0.1, 0.3])
SUCH = np.array([0.86, 0.06, 0.035, 0.025, 0.015, 0.005])


@dataclass(frozen=True)
class Flags:
    """What is known of the columns, one value each.

    Parameters
    ----------
    cells, flagged : ndarray of float64, shape (k,)
        Cells that hold a value, and those flagged.
    shown : ndarray of float64, shape (k,)
        The share of our own errors that is flagged.
    exposed : ndarray of float64, shape (k,)
        How open the column is to errors, from 0 to 1.
    """

    cells: np.ndarray
    flagged: np.ndarray
    shown: np.ndarray
    exposed: np.ndarray


def wrong_share(flags: Flags, cells: int) -> tuple[float, float, float]:
    """Mean and 95 % interval of the share of wrong cells among all ``cells`` of a table."""
    near = _kernel()
    prior = np.where(SHARES > 0, (1 - CLEAN) / (len(SHARES) - 1), CLEAN)
    factors = np.exp(-0.5 * STEPS**2)
    weight = flags.cells * flags.exposed / cells
    mean, spread, log = [], [], []
    for step, factor in zip(STEPS, factors / factors.sum(), strict=True):
        likely = _likelihood(flags, np.exp(TABLE * step))
        each = near @ likely.T  # (table's share, column)
        first, second = (near @ (likely * SHARES).T) / each, (near @ (likely * SHARES**2).T) / each
        mean.append(first @ weight)
        spread.append(np.sqrt(np.maximum(0, second - first**2) @ weight**2))
        log.append(np.log(each).sum(1) + np.log(prior * factor))
    chance = np.exp(np.array(log) - np.max(log))
    # three points stand for a normal distribution (Gauss and Hermite)
    points = np.maximum(0, np.array(mean) + np.sqrt(3) * np.array([-1, 0, 1])[:, None, None] * np.array(spread)).ravel()
    mass = (np.array([1 / 6, 2 / 3, 1 / 6])[:, None, None] * chance).ravel()
    order = np.argsort(points, kind="stable")
    heap = np.cumsum(mass[order])
    low, high = points[order][np.searchsorted(heap, np.array([0.025, 0.975]) * heap[-1])]
    return float(points @ mass / mass.sum()), float(low), float(high)


def _kernel() -> np.ndarray:
    """How likely a column's share is, given the table's: (len(SHARES), len(SHARES)), rows sum to one."""
    steps = np.log(SHARES[1:])
    near = np.exp(-0.5 * ((steps[None, :] - steps[:, None]) / SCATTER) ** 2)
    out = np.zeros((len(SHARES), len(SHARES)))
    out[0, 0] = 1
    out[1:, 0] = UNTOUCHED
    out[1:, 1:] = (1 - UNTOUCHED) * near / near.sum(1, keepdims=True)
    return out


def _likelihood(flags: Flags, factor: float) -> np.ndarray:
    """Of each column's flags, given its share of wrong cells: (k, len(SHARES))."""
    out = np.zeros((len(flags.cells), len(SHARES)))
    trials = flags.cells / (1 + EACH * flags.cells)
    part = np.minimum(1, flags.flagged / np.maximum(1, flags.cells))
    wrong = SHARES[None, :, None] * np.minimum(1, flags.exposed)[:, None, None]
    for step, likely in ((-1.2, 0.25), (0.0, 0.5), (1.2, 0.25)):
        shown = np.minimum(0.97, flags.shown * factor * np.exp(COLUMN * step))[:, None, None]
        rate = np.clip(wrong * shown + (1 - wrong) * RIGHT, 2e-5, 1 - 1e-6)
        log = part[:, None, None] * np.log(rate) + (1 - part)[:, None, None] * np.log1p(-rate)
        best = part * np.log(np.maximum(part, 1e-12)) + (1 - part) * np.log(np.maximum(1 - part, 1e-12))
        out += likely * (np.exp(trials[:, None, None] * (log - best[:, None, None])) * SUCH).sum(2)
    return np.maximum(out, 1e-300)
