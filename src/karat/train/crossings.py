"""Pairs of columns that say together what neither says alone, found in what a card leaves unexplained."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

GROUPS = 6  # coarse bins of each side of a pair; unproven: fewer hide a bend, more leave few records a cell
# cost: 276 pairs; of more features those that vary least are crossed with nothing
MAX_SIDES = 24  # features that may be crossed: those that vary most


@dataclass(frozen=True, eq=False)
class Crossing:
    """Corrections of the log-odds by the bins of two features.

    Parameters
    ----------
    first, second : int
        Features.
    first_edges, second_edges : ndarray of float64
        Upper ends of the coarse bins of each, but the last.
    table : ndarray of float64, shape (len(first_edges) + 1, len(second_edges) + 1)
        What to add to the log-odds.
    """

    first: int
    second: int
    first_edges: np.ndarray
    second_edges: np.ndarray
    table: np.ndarray

    def apply(self, features: np.ndarray) -> np.ndarray:
        """(n,) corrections of features (n, d)."""
        row = np.searchsorted(self.first_edges, features[:, self.first], side="left")
        column = np.searchsorted(self.second_edges, features[:, self.second], side="left")
        return np.asarray(self.table[row, column])


def coarse_edges(values: np.ndarray) -> np.ndarray:
    """Edges that part a feature's values into at most ``GROUPS`` coarse bins of about equal size."""
    wanted = np.quantile(values, np.arange(1, GROUPS) / GROUPS, method="lower")
    edges = np.unique(wanted)
    return np.asarray(edges[edges < values.max()])


def best_crossing(
    features: np.ndarray, off: np.ndarray, spread: np.ndarray, prior: float, free: np.ndarray | None = None
) -> tuple[Crossing, float]:
    """The pair whose cells explain most of what is left, beyond what its rows and columns explain.

    Parameters
    ----------
    features : ndarray of float64, shape (n, d), d >= 2
    off : ndarray of float64, shape (n,)
        Truth minus probability.
    spread : ndarray of float64, shape (n,)
        Probability times its complement.
    prior : float
        Records that each cell is thought to hold beside its own, without a correction.
    free : ndarray of int, optional
        Features that may be crossed, 2 or more; all when absent.

    Returns
    -------
    The crossing, and by how many nats it beats what its cells would win by chance.

    Source: Lou, Caruana, Gehrke & Hooker (2013), Accurate intelligible models with pairwise interactions, KDD.
    """
    edges = [coarse_edges(features[:, at]) for at in range(features.shape[1])]
    codes = [np.searchsorted(edge, features[:, at], side="left") for at, edge in enumerate(edges)]
    free = np.arange(features.shape[1]) if free is None else free
    best: tuple[float, int, int] = (-np.inf, int(free[0]), int(free[1]))
    widest = free[np.argsort(-features[:, free].std(axis=0), kind="stable")[:MAX_SIDES]]
    for first, second in combinations(sorted(widest.tolist()), 2):
        worth = _worth(_sums(codes, edges, (first, second), off), _sums(codes, edges, (first, second), spread))
        best = max(best, (worth, first, second), key=lambda candidate: candidate[0])
    worth, first, second = best
    pull = prior * float(spread.mean())
    table = _sums(codes, edges, (first, second), off) / (_sums(codes, edges, (first, second), spread) + pull)
    return Crossing(first, second, edges[first], edges[second], table), worth


def _sums(codes: list[np.ndarray], edges: list[np.ndarray], pair: tuple[int, int], values: np.ndarray) -> np.ndarray:
    first, second = pair
    wide = len(edges[second]) + 1
    size = (len(edges[first]) + 1) * wide
    return np.bincount(codes[first] * wide + codes[second], values, size).reshape(-1, wide)


def _worth(off: np.ndarray, spread: np.ndarray) -> float:
    """Half the chi-square of the cells without that of the margins, less what chance gives so many cells."""
    cells = _won(off, spread) - _won(off.sum(0), spread.sum(0)) - _won(off.sum(1), spread.sum(1))
    free = (off.shape[0] - 1) * (off.shape[1] - 1)
    return float(cells - free / 2)


def _won(off: np.ndarray, spread: np.ndarray) -> float:
    return float((off**2 / np.maximum(spread, 1e-9)).sum() / 2)
