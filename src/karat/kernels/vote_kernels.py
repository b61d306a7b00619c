"""The two sums every vote model is made of: what the votes say of each item, and what the items say of each voter.

A vote is a code ``voter * k + label``. Small inputs are summed by NumPy, large ones by a compiled loop; which one is
decided by the number of votes alone, so that the same votes give the same bits.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

SMALL_VOTES = 400_000  # cost: below: NumPy is done before Numba is imported


def summed_by_item(
    item: np.ndarray, code: np.ndarray, table: np.ndarray, items: int, share: np.ndarray | None = None
) -> np.ndarray:
    """Per item, the sum of the table's lines that its votes point at.

    Parameters
    ----------
    item, code : ndarray of int32, shape (m,)
        Item and line of each vote.
    table : ndarray of float64, shape (c, k)
    share : ndarray of float64, shape (m,), or None
        What each vote counts; 1 where None.

    Returns
    -------
    ndarray of float64, shape (items, k)
    """
    if share is not None:
        return np.column_stack([np.bincount(item, share * column[code], items) for column in table.T])
    if len(item) >= SMALL_VOTES:
        out = np.zeros((items, table.shape[1]))
        _compiled()[0](item, code, np.ascontiguousarray(table), out)
        return out
    return np.column_stack([np.bincount(item, column[code], items) for column in table.T])


def summed_by_code(
    item: np.ndarray, code: np.ndarray, weights: np.ndarray, codes: int, share: np.ndarray | None = None
) -> np.ndarray:
    """Per code, the sum of the weights of the items it was cast on; the transpose of ``summed_by_item``.

    Parameters
    ----------
    item, code : ndarray of int32, shape (m,)
    weights : ndarray of float64, shape (n, k)
    share : ndarray of float64, shape (m,), or None
        What each vote counts; 1 where None.

    Returns
    -------
    ndarray of float64, shape (codes, k)
    """
    if share is not None:
        return np.column_stack([np.bincount(code, share * column[item], codes) for column in weights.T])
    if len(item) >= SMALL_VOTES:
        out = np.zeros((codes, weights.shape[1]))
        _compiled()[0](code, item, np.ascontiguousarray(weights), out)
        return out
    return np.column_stack([np.bincount(code, column[item], codes) for column in weights.T])


def repeated(item: np.ndarray, voter: np.ndarray, voters: int) -> np.ndarray:
    """(m,) bool: this voter has voted on this item before.

    Parameters
    ----------
    item, voter : ndarray of int32, shape (m,)
    """
    pair = item.astype(np.int64) * max(voters, 1) + voter
    rising = np.sort(pair)
    if not (rising[1:] == rising[:-1]).any():
        return np.zeros(len(pair), bool)
    order = np.argsort(pair, kind="stable")
    again = np.zeros(len(pair), bool)
    again[order[1:]] = pair[order[1:]] == pair[order[:-1]]
    return again


def scatter(to: Any, source: Any, table: Any, out: Any) -> None:
    """Add line ``source[i]`` of a table to line ``to[i]`` of the sums."""
    for i in range(len(to)):
        line, place = source[i], to[i]
        for k in range(table.shape[1]):
            out[place, k] += table[line, k]


@cache
def _compiled() -> tuple[Callable[..., None], ...]:
    from numba import njit

    return (njit(nogil=True, cache=True)(scatter),)
