"""Small patches of pictures: their kinds, and how much of each kind the parts of a picture hold."""

from dataclasses import dataclass

import numpy as np

from karat.kernels.perceptual_hash import SMALL as SIDE

# 6: Coates, Ng & Lee (2011); 3: benchmarks/images.md; 2 unproven
PATCH, STEP, PARTS = 6, 2, 3  # pixels a side of a patch, between patches, and parts a side that are pooled
DRAWN = 20_000  # patches; cost: more show rarer kinds and take longer
ROUNDS = 8  # cost: time against fit
FAINT = 10.0  # variance below which a patch counts as flat; Coates & Ng (2012)
WHITENING = 0.1  # Coates & Ng (2012)
THRESHOLD = 0.25  # of likeness, below which a patch is not of a kind; unproven: more makes features sparser
WEIGHT = 0.1  # what a deviation of one weighs, so that a linear learner's usual penalty fits; unproven
CHUNK = 64  # cost: pictures at a time; memory


@dataclass(frozen=True, eq=False)
class PatchLayout:
    """What an exporter needs beside the kinds of patches.

    Parameters
    ----------
    places : ndarray of int64, shape (m, 108)
        Where the values of each patch stand in the 3,072 of a picture.
    pools : ndarray of float32, shape (9, m)
        How much each patch counts in each part.
    faint, threshold, weight : float
        As the constants of this module.
    """

    places: np.ndarray
    pools: np.ndarray
    faint: float = FAINT
    threshold: float = THRESHOLD
    weight: float = WEIGHT


def layout() -> PatchLayout:
    """Which pixels make a patch, and which patches a part."""
    every = np.arange(SIDE * SIDE * 3).reshape(SIDE, SIDE, 3)
    windows = np.lib.stride_tricks.sliding_window_view(every, (PATCH, PATCH), axis=(0, 1))[::STEP, ::STEP]
    high, wide = windows.shape[:2]
    pools = []
    for y, x in _parts_of(high):
        part = np.zeros((high, wide), np.float32)
        part[y, x] = 1
        pools.append(part.ravel() / part.sum())
    return PatchLayout(windows.transpose(0, 1, 3, 4, 2).reshape(high * wide, -1), np.array(pools))


def _evened(patches: np.ndarray) -> np.ndarray:
    """Patches (n, d) float32 of mean 0 and variance about 1, in place; flat ones stay flat."""
    patches -= patches.mean(axis=1, keepdims=True)
    patches /= np.sqrt(np.einsum("ij,ij->i", patches, patches) / patches.shape[1] + FAINT)[:, None]
    return patches


def kinds_of(pixels: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean patch (d,), and what a patch is multiplied by to tell how much of each kind it is, (d, p)."""
    chance = np.random.default_rng(0)
    which = chance.integers(len(pixels), size=DRAWN)
    down, right = chance.integers(SIDE - PATCH + 1, size=(2, DRAWN))
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (PATCH, PATCH), axis=(1, 2))
    drawn = _evened(windows[which, down, right].transpose(0, 2, 3, 1).reshape(DRAWN, -1).astype(np.float32))
    even = drawn.mean(axis=0)
    drawn -= even
    values, vectors = np.linalg.eigh(drawn.T.astype(np.float64) @ drawn / DRAWN)
    white = ((vectors / np.sqrt(np.maximum(values, 0) + WHITENING)) @ vectors.T).astype(np.float32)
    drawn = drawn @ white
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True) + 1e-6
    kinds = drawn[chance.permutation(DRAWN)[:wanted]]
    for _ in range(ROUNDS):
        likeness = drawn @ kinds.T
        nearest = np.abs(likeness).argmax(axis=1)
        share = np.zeros_like(likeness)
        at = np.arange(DRAWN)
        share[at, nearest] = likeness[at, nearest]
        kinds = share.T @ drawn + 1e-3 * kinds
        kinds /= np.linalg.norm(kinds, axis=1, keepdims=True) + 1e-9
    return even, white @ kinds.T


def _parts_of(side: int) -> list[tuple[slice, slice]]:
    """The nine parts of a square of patches, row by row."""
    cuts = np.linspace(0, side, PARTS + 1).round().astype(int)
    spans = [slice(cuts[at], cuts[at + 1]) for at in range(PARTS)]
    return [(y, x) for y in spans for x in spans]


def pooled(pixels: np.ndarray, even: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """(n, 18 p) float32: the mean of how much of each kind the patches of each part are, then of its negative."""
    import os
    from concurrent.futures import ThreadPoolExecutor

    from threadpoolctl import threadpool_limits

    base = even @ kinds

    def some(begin: int) -> np.ndarray:
        windows = np.lib.stride_tricks.sliding_window_view(
            pixels[begin : begin + CHUNK].astype(np.float32), (PATCH, PATCH), axis=(1, 2)
        )[:, ::STEP, ::STEP]
        n, high, wide = windows.shape[:3]
        patches = _evened(np.ascontiguousarray(windows.transpose(0, 1, 2, 4, 5, 3)).reshape(n * high * wide, -1))
        likeness = (patches @ kinds - base).reshape(n, high, wide, -1)
        parts_of = _parts_of(high)
        out = [np.maximum(likeness[:, y, x] - THRESHOLD, 0).mean(axis=(1, 2)) for y, x in parts_of]
        out += [np.maximum(-likeness[:, y, x] - THRESHOLD, 0).mean(axis=(1, 2)) for y, x in parts_of]
        return np.concatenate(out, axis=1).astype(np.float32)

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        parts = list(pool.map(some, range(0, len(pixels), CHUNK)))
    return np.concatenate(parts) if parts else np.zeros((0, 2 * PARTS * PARTS * kinds.shape[1]), np.float32)
