"""How much codes tell of a target, on records they were not counted on."""

import numpy as np


def share_known(code: np.ndarray, goal: np.ndarray, half: np.ndarray) -> float:
    """How much a column tells of what is to be told, each half judged by means counted on the other, in [0, 1].

    Parameters
    ----------
    code : ndarray of int64, shape (n,)
        The value, or the band of values, of each record.
    goal : ndarray of float64, shape (g, n)
        What is to be told: a row of 0 and 1 for each class, or one row of numbers. The worst row counts.
    half : ndarray of bool, shape (n,)
        Which half a record is in.

    Returns
    -------
    float
        Twice the area under the ROC curve less 1 for classes, the share of variance for numbers.
    """
    size = int(code.max()) + 1
    worst = 1.0
    for wanted in goal:
        said = np.empty(len(wanted))
        for side in (half, ~half):
            mean = wanted[~side].mean() if (~side).any() else 0.0
            weight = np.bincount(code[~side], minlength=size) + 1.0
            total = np.bincount(code[~side], wanted[~side] - mean, size)
            said[side] = (mean + total / weight)[code[side]]
        worst = min(worst, _agreement(said, wanted))
    return max(0.0, worst)


def _agreement(said: np.ndarray, wanted: np.ndarray) -> float:
    if set(np.unique(wanted).tolist()) == {0.0, 1.0}:
        order = np.argsort(said, kind="stable")
        ranks = np.empty(len(said))
        _, at, size = np.unique(said[order], return_inverse=True, return_counts=True)
        ranks[order] = (np.cumsum(size) - (size - 1) / 2)[at]
        yes = wanted == 1
        n, m = int(yes.sum()), int((~yes).sum())
        return float(2 * (ranks[yes].sum() - n * (n + 1) / 2) / (n * m) - 1)
    spread = float(((wanted - wanted.mean()) ** 2).sum())
    return 1 - float(((wanted - said) ** 2).sum()) / spread if spread else 0.0
