"""MinHash signatures of texts and their bands, straight from UTF-8 bytes.

Source: Broder (1997), On the resemblance and containment of documents; Leskovec, Rajaraman and Ullman (2020), Mining of
Massive Datasets, chapter 3, for the bands.
"""

from typing import Any

import numpy as np

from karat.kernels.compile import native
from karat.kernels.shingles import PRIME, U, hash_bytes, mix, shingles_of

LARGEST = np.uint32(0xFFFFFFFF)
SPREAD = np.uint32(0x85EBCA6B)
S16, S24, S32 = np.uint32(16), np.uint32(24), U(32)


def permutations(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Factors (odd) and summands of ``size`` permutations of the 32-bit numbers, always the same; uint32."""
    chance = np.random.Generator(np.random.PCG64(20240229))
    factors = chance.integers(0, 1 << 32, size, np.uint32) | np.uint32(1)
    return factors, chance.integers(0, 1 << 32, size, np.uint32)


@native
def least(shingles: Any, count: int, factors: Any, summands: Any, out: Any) -> None:
    """The least value of each permutation over the shingles."""
    size = len(factors)
    out[:] = LARGEST
    for at in range(count):
        value = np.uint32(shingles[at] >> S32)
        for k in range(size):
            out[k] = min(out[k], np.uint32(value * factors[k] + summands[k]))


@native
def sign_texts(
    buf: Any, starts: Any, ends: Any, kind: Any, lower: Any, factors: Any, summands: Any, rows: int, out: Any
) -> None:
    """Signatures of texts.

    Parameters
    ----------
    buf : ndarray of uint8
    starts, ends : ndarray of int64, shape (n,)
    kind, lower : ndarray
        From ``letters``.
    factors, summands : ndarray of uint32, shape (k,)
        From ``permutations``; k = bands times ``rows``.
    rows : int
        Values that make a band.
    out : tuple of writable ndarrays
        exact (n, 2) uint64, folded (n, 2) uint64, shingles (n,) int32, bands (n, k // rows) int64, sketch (n, k) uint8.
    """
    exact, folded, shingles, bands, sketch = out
    longest = 0
    for at in range(len(starts)):
        longest = max(longest, ends[at] - starts[at])
    scratch = np.empty(longest + 1, np.uint64)
    lowest = np.empty(len(factors), np.uint32)
    for at in range(len(starts)):
        hash_bytes(buf, starts[at], ends[at], exact[at])
        count = shingles_of(buf, starts[at], ends[at], kind, lower, scratch, folded[at])
        shingles[at] = count
        least(scratch, count, factors, summands, lowest)
        for band in range(bands.shape[1]):
            value = U(band) * PRIME
            for k in range(band * rows, band * rows + rows):
                value = mix(value ^ U(lowest[k]))
            bands[at, band] = np.int64(value)
        for k in range(len(factors)):
            spread = np.uint32((lowest[k] ^ (lowest[k] >> S16)) * SPREAD)
            sketch[at, k] = np.uint8(spread >> S24)
