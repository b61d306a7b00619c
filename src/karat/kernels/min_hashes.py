"""Sketches of short texts: the least hashes of their tokens and pairs of tokens. It imports Numba."""

import numpy as np
from numba import njit

from karat.kernels.token_grams import STEP, mixed, next_token

ZERO = np.uint64(0)


@njit(cache=True, nogil=True)
def min_hashes(data: np.ndarray, offsets: np.ndarray, salts: np.ndarray, out: np.ndarray) -> None:
    """Per text and salt the least hash among its tokens and pairs of neighbouring tokens.

    Parameters
    ----------
    data : uint8, all texts one after the other
    offsets : int64, shape (n + 1,)
    salts : uint64, shape (s,)
    out : uint64, shape (n, s), full of ones; written
    """
    for text in range(len(offsets) - 1):
        at, end = offsets[text], offsets[text + 1]
        last, seen = ZERO, 0
        while at < end:
            value, begin, at, _ = next_token(data, at, end)
            if begin >= end:
                break
            pair = mixed(last * STEP + value) if seen else value
            for salt in range(len(salts)):
                token_hash, pair_hash = mixed(value ^ salts[salt]), mixed(pair ^ salts[salt])
                out[text, salt] = min(out[text, salt], token_hash, pair_hash)
            last, seen = value, seen + 1
