"""Texts that say the same in other words, told by embeddings the user has."""

from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError, OptionError

BLOCK = 1024
ROUNDING = 1e-4


def semantic_duplicates(vectors: Any, threshold: float = 0.95) -> pa.Table:
    """Which records go because the embedding of one that is kept points the same way.

    Every record is compared with every one that is kept, block by block, so nothing is missed and nothing goes on a
    chain of likenesses. Memory grows with the vectors alone.

    Parameters
    ----------
    vectors : array, shape (n, d), float
        Embeddings; a vector of zeros is like nothing.
    threshold : float
        Least cosine with the keeper, in (0, 1].

    Returns
    -------
    pyarrow.Table
        ``row``, ``keeper`` int64 (positions; the earliest of the most alike), ``cosine`` float64, sorted by row.

    Raises
    ------
    InputError
        Not a matrix of finite numbers.
    OptionError
        The threshold is not in (0, 1].

    Examples
    --------
    >>> semantic_duplicates([[1.0, 0.0], [0.0, 1.0], [2.0, 0.0]]).to_pylist()
    [{'row': 2, 'keeper': 0, 'cosine': 1.0}]

    Source: Abbas et al. (2023), SemDeDup: data-efficient learning at web-scale through semantic deduplication.
    """
    if not 0 < threshold <= 1:
        raise OptionError(f"threshold is {threshold!r}, and must be a cosine above 0 and at most 1", "Use 0.95")
    unit = _unit(vectors)
    kept: np.ndarray = np.empty(0, np.int64)
    rows, keepers, cosines = [], [], []
    for begin in range(0, len(unit), BLOCK):
        block = np.arange(begin, min(begin + BLOCK, len(unit)))
        close = [_close(unit, kept[at : at + BLOCK], block, threshold) for at in range(0, len(kept), BLOCK)]
        close.append(_close(unit, block, block, threshold))
        one, other, cosine = (np.concatenate(parts) for parts in zip(*close, strict=True))
        gone: dict[int, tuple[int, float]] = {}
        for at in np.lexsort((one, -cosine, other)).tolist():
            early, late = int(one[at]), int(other[at])
            if early < late and early not in gone and late not in gone:
                gone[late] = (early, float(cosine[at]))
        kept = np.concatenate((kept, block[~np.isin(block, list(gone))]))
        for late in sorted(gone):
            rows.append(late)
            keepers.append(gone[late][0])
            cosines.append(gone[late][1])
    columns = (pa.array(rows, pa.int64()), pa.array(keepers, pa.int64()), pa.array(cosines, pa.float64()))
    return pa.table(columns, names=["row", "keeper", "cosine"])


def _unit(vectors: Any) -> np.ndarray:
    """Vectors of length 1, or 0; float32."""
    try:
        given = np.asarray(vectors, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"vectors are not a matrix of numbers: {error}", "Pass an array of shape (n, d)") from None
    if given.ndim != 2 or not np.isfinite(given).all():
        found = f"shape {given.shape}" if given.ndim != 2 else "infinite or missing numbers"
        raise InputError(
            f"vectors must be a matrix of finite numbers, but have {found}", "Pass an array of shape (n, d)"
        )
    length = np.linalg.norm(given, axis=1, keepdims=True)
    unit: np.ndarray = (given / np.where(length > 0, length, 1)).astype(np.float32)
    return unit


def _close(unit: np.ndarray, one: np.ndarray, other: np.ndarray, threshold: float) -> tuple[np.ndarray, ...]:
    """Pairs whose cosine reaches the threshold; proposed by a matrix product, settled in 64 bits one by one."""
    near = np.argwhere(unit[one] @ unit[other].T >= threshold - ROUNDING)
    left, right = one[near[:, 0]], other[near[:, 1]]
    exact = np.empty(len(left))
    for at in range(0, len(left), BLOCK):
        piece = slice(at, at + BLOCK)
        exact[piece] = (unit[left[piece]].astype(np.float64) * unit[right[piece]]).sum(axis=1)
    exact = np.minimum(np.round(exact, 6), 1.0)
    good = exact >= threshold
    return left[good], right[good], exact[good]
