"""How alike items are, in few dimensions."""

from typing import Any

import numpy as np

DIMENSIONS = 64  # cost: fewer blur likeness, more cost time
ROUNDS = 2  # Halko, Martinsson & Tropp (2011): one or two are enough
SAMPLE = 4_096  # cost: items compared with; of more a sample


def compact(features: Any, seed: int) -> np.ndarray:
    """Items as unit vectors (n, d) float32 in at most ``DIMENSIONS`` dimensions, dot products near the cosines.

    Parameters
    ----------
    features : ndarray (n, d) or CSR matrix

    Source: Halko, Martinsson & Tropp (2011), randomised range finding.
    """
    dense = isinstance(features, np.ndarray)
    matrix = features.astype(np.float32) if dense else features.tocsr().astype(np.float32)
    if dense:
        matrix = np.nan_to_num(matrix - np.nanmean(matrix, axis=0))
    if matrix.shape[1] > DIMENSIONS:
        drawn = np.random.default_rng(seed).standard_normal((matrix.shape[1], DIMENSIONS)).astype(np.float32)
        for _ in range(ROUNDS):
            drawn = np.linalg.qr(matrix.T @ (matrix @ drawn))[0]
        matrix = matrix @ drawn
    elif not dense:
        matrix = matrix.toarray()
    out = np.ascontiguousarray(matrix, np.float32)
    length = np.linalg.norm(out, axis=1, keepdims=True)
    unit: np.ndarray = out / np.maximum(length, 1e-12)
    return unit


def near_all(spots: np.ndarray) -> np.ndarray:
    """(n,) how much of the data an item is like: the mean square of its positive cosines with a sample."""
    size = len(spots)
    some = spots[np.linspace(0, size - 1, min(size, SAMPLE)).astype(np.int64)]
    out = np.empty(size)
    for at in range(0, size, 4_096):
        like = np.maximum(spots[at : at + 4_096] @ some.T, 0.0)
        out[at : at + 4_096] = (like**2).mean(axis=1)
    return out
