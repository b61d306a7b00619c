"""Compiled loops of the recommenders: rows of an alternating least-squares step, and steps of a pairwise ranking."""

import numpy as np

from karat.kernels.compile import native


@native
def solve_rows(  # noqa: C901  one kernel, so that nothing is made anew in the loop
    ends: np.ndarray, items: np.ndarray, weights: np.ndarray, other: np.ndarray, gram: np.ndarray, out: np.ndarray
) -> None:
    """For every row the factors that fit its items best, by a Cholesky factor of its own normal equations.

    Parameters
    ----------
    ends : ndarray of int, shape (n + 1,)
        Where each row begins in ``items``.
    items : ndarray of int, shape (z,)
    weights : ndarray of float64, shape (z,)
        Confidence beyond 1 of each cell.
    other : ndarray of float64, shape (m, f)
        Factors of the items.
    gram : ndarray of float64, shape (f, f)
        ``other.T @ other`` with the penalty on its diagonal.
    out : ndarray of float64, shape (n, f)
        Written.

    Source: Hu, Koren & Volinsky (2008), equation 4.
    """
    f = gram.shape[0]
    low = np.empty((f, f))
    right = np.empty(f)
    for row in range(len(ends) - 1):
        low[:] = gram
        right[:] = 0.0
        for at in range(ends[row], ends[row + 1]):
            factors, weight = other[items[at]], weights[at]
            for i in range(f):
                part = weight * factors[i]
                right[i] += (1.0 + weight) * factors[i]
                for j in range(i + 1):
                    low[i, j] += part * factors[j]
        for i in range(f):
            for j in range(i + 1):
                total = low[i, j]
                for k in range(j):
                    total -= low[i, k] * low[j, k]
                low[i, j] = np.sqrt(total) if i == j else total / low[j, j]
        for i in range(f):
            total = right[i]
            for k in range(i):
                total -= low[i, k] * right[k]
            right[i] = total / low[i, i]
        for i in range(f - 1, -1, -1):
            total = right[i]
            for k in range(i + 1, f):
                total -= low[k, i] * right[k]
            right[i] = total / low[i, i]
        out[row] = right


@native
def _next(state: np.uint64) -> np.uint64:
    """The next number of a fixed sequence (xorshift64, Marsaglia 2003): the same on every machine and thread."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    return state ^ (state << np.uint64(17))


@native
def _holds(items: np.ndarray, start: np.int64, end: np.int64, item: np.int64) -> bool:
    """Does a rising stretch hold an item?"""
    while start < end:
        middle = (start + end) // 2
        if items[middle] == item:
            return True
        if items[middle] < item:
            start = middle + 1
        else:
            end = middle
    return False


@native
def rank_pairs(
    rows: np.ndarray,
    ends: np.ndarray,
    items: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    bias: np.ndarray,
    steps: int,
    rate: float,
    penalty: float,
    start: int,
) -> np.int64:
    """Steps of stochastic gradient descent: an item a user chose should outrank one drawn from the others.

    Parameters
    ----------
    rows, items : ndarray of int, shape (z,)
        User and item of every event, sorted by both.
    ends : ndarray of int, shape (n + 1,)
        Where each user begins.
    left, right, bias : ndarray of float64, shapes (n, f), (m, f) and (m,)
        Factors of users and items and the items' own weight; changed in place.
    start : int
        State of the chance; returned as it ends.

    Source: Rendle et al. (2009), BPR-Opt.
    """
    state = np.uint64(start)
    count, catalogue, f = np.uint64(len(items)), np.uint64(right.shape[0]), left.shape[1]
    for _ in range(steps):
        state = _next(state)
        at = np.int64(state % count)
        user, liked = rows[at], items[at]
        state = _next(state)
        other = np.int64(state % catalogue)
        if _holds(items, ends[user], ends[user + 1], other):
            continue
        margin = bias[liked] - bias[other]
        for k in range(f):
            margin += left[user, k] * (right[liked, k] - right[other, k])
        push = 1.0 / (1.0 + np.exp(margin))
        for k in range(f):
            mine, yes, no = left[user, k], right[liked, k], right[other, k]
            left[user, k] += rate * (push * (yes - no) - penalty * mine)
            right[liked, k] += rate * (push * mine - penalty * yes)
            right[other, k] += rate * (-push * mine - penalty * no)
        bias[liked] += rate * (push - penalty * bias[liked])
        bias[other] += rate * (-push - penalty * bias[other])
    return np.int64(state & np.uint64(0x7FFFFFFFFFFFFFFF))
