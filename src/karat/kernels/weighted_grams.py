"""Texts weighed by their runs of one to three tokens, hashed into a table of weights. It imports Numba."""

import numpy as np
from numba import njit

from karat.kernels.token_grams import STEP, mixed, next_token

RUNS = 3  # definition: runs of one to three tokens
ZERO = np.uint64(0)


@njit(cache=True, nogil=True)
def places(data: np.ndarray, at: int, end: int, mask: np.uint64, out: np.ndarray) -> int:
    """The places in the table of one text's runs of one, two and three tokens; returns how many there are.

    ``out`` needs room for three per byte.
    """
    last, before, seen, count = ZERO, ZERO, 0, 0
    while at < end:
        value, begin, at, _ = next_token(data, at, end)
        if begin >= end:
            break
        out[count] = value & mask
        count += 1
        if seen >= 1:
            pair = mixed(last * STEP + value)
            out[count] = pair & mask
            count += 1
            if seen >= 2:
                out[count] = mixed(before * STEP + pair) & mask
                count += 1
        before, last, seen = last, value, seen + 1
    return count


@njit(cache=True, nogil=True)
def sums(data: np.ndarray, offsets: np.ndarray, weights: np.ndarray, total: np.ndarray, counts: np.ndarray) -> None:
    """Per text the sum of the weights of its runs, and how many runs it has.

    Parameters
    ----------
    data : uint8, all texts one after the other
    offsets : int64, shape (n + 1,)
    weights : float32; their number is a power of two
    total, counts : float64 and int64, shape (n,); written
    """
    mask = np.uint64(len(weights) - 1)
    for text in range(len(offsets) - 1):
        at, end = offsets[text], offsets[text + 1]
        last, before, seen, count, score = ZERO, ZERO, 0, 0, 0.0
        while at < end:
            value, begin, at, _ = next_token(data, at, end)
            if begin >= end:
                break
            score += weights[value & mask]
            count += 1
            if seen >= 1:
                pair = mixed(last * STEP + value)
                score += weights[pair & mask]
                count += 1
                if seen >= 2:
                    score += weights[mixed(before * STEP + pair) & mask]
                    count += 1
            before, last, seen = last, value, seen + 1
        total[text], counts[text] = score, count


@njit(cache=True, nogil=True)
def descend(
    data: np.ndarray,
    offsets: np.ndarray,
    order: np.ndarray,
    truth: np.ndarray,
    importance: np.ndarray,
    rate: float,
    weights: np.ndarray,
    squares: np.ndarray,
    bias: float,
) -> float:
    """One pass of logistic regression by AdaGrad over the texts in an order; returns the new bias.

    Parameters
    ----------
    order : int64; positions of the texts
    truth : float64 (n,), 1 or 0
    importance : float64 (n,)
    rate : step size
    weights, squares : float32; the table and the sums of squared gradients; written
    """
    mask = np.uint64(len(weights) - 1)
    room = np.zeros(RUNS * int(np.max(offsets[1:] - offsets[:-1])) + RUNS, np.int64)
    for text in order:
        count = places(data, offsets[text], offsets[text + 1], mask, room)
        if not count:
            continue
        scale = 1.0 / np.sqrt(count)
        score = bias
        for at in range(count):
            score += weights[room[at]] * scale
        error = (truth[text] - 1.0 / (1.0 + np.exp(-score))) * importance[text]
        bias += rate * 0.01 * error
        step = error * scale
        for at in range(count):
            place = room[at]
            squares[place] += step * step
            weights[place] += rate * step / np.sqrt(squares[place] + 1e-4)
    return bias
