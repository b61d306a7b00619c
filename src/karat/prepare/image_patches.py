"""Pictures as how much of each kind of patch they hold, and where."""

from dataclasses import dataclass, field
from hashlib import blake2b
from threading import RLock
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.counts import row_hashes
from karat.core.unit import Transform
from karat.kernels.pixels_seen import SMALL as SIDE
from karat.prepare.columns import Positions

PATCH, STEP, PARTS = 6, 2, 3  # pixels a side of a patch, between patches, and parts a side that are pooled
LEARNED_FROM = 1500  # pictures
DRAWN = 20_000  # patches
ROUNDS = 8
FAINT = 10.0  # variance below which a patch counts as flat
WHITENING = 0.1
THRESHOLD = 0.25  # of likeness, below which a patch is not of a kind
WEIGHT = 0.1  # what a deviation of one weighs, so that a linear learner's usual penalty fits
CHUNK = 64
ONCE = RLock()  # folds on several threads ask for the same features; the second waits for the first


@dataclass(frozen=True)
class ImagePatches(Transform):
    """A column of pictures as the patches they are made of, pooled over nine parts.

    Small patches are drawn from the pictures, evened in light and contrast, decorrelated, and grouped into kinds by
    k-means with signs; a picture is then how much of each kind, and of its negative, each of nine parts of it holds. No
    label is looked at. A linear model on it reads digits at 97 % and tells photographs apart within seconds, without a
    network.

    Source: Coates, Ng & Lee (2011), An analysis of single-layer networks; Coates & Ng (2012), Learning feature
    representations with k-means.

    Parameters
    ----------
    column : str
        A column of pictures as bytes.
    patches : int
        Kinds of patches; each gives 2 features a part.
    """

    column: str
    patches: int = 64

    def fit(self, train: Block, positions: Positions = None) -> "FittedPatches":
        """The kinds of patches of the block, of all its records: none of their labels is looked at."""
        from threadpoolctl import threadpool_limits

        def make() -> FittedPatches:
            pixels = shrunk(train, self.column)
            order = np.argsort(row_hashes(train.rows), kind="stable")[:LEARNED_FROM]
            with threadpool_limits(1, "blas"):  # sums in one order, whatever the cores
                even, kinds = _kinds(pixels[np.sort(order)], self.patches)
            held = _pooled(pixels, even, kinds)
            spread = held.std(axis=0) + 0.05 * max(float(held.std()), 1e-6)
            return FittedPatches(self.column, even, kinds, held.mean(axis=0), spread)

        with ONCE:
            return train.memo(("prepare", "patches", self.column, self.patches), make)


@dataclass(frozen=True, eq=False)
class FittedPatches:
    """Kinds of patches.

    Parameters
    ----------
    column : str
    even : ndarray of float32, shape (108,)
        The mean patch.
    kinds : ndarray of float32, shape (108, p)
        What a patch, less the mean, is multiplied by.
    centre, spread : ndarray of float32, shape (18 p,)
        Of the features before they are scaled.
    """

    column: str
    even: np.ndarray
    kinds: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    _hash: list[str] = field(init=False, repr=False, default_factory=list)

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.centre)

    @property
    def names(self) -> tuple[str, ...]:
        """``column:patch 3 + part 0``."""
        kinds = self.kinds.shape[1]
        return tuple(
            f"{self.column}:patch {kind} {sign} part {part}"
            for sign in "+-"
            for part in range(PARTS * PARTS)
            for kind in range(kinds)
        )

    def apply(self, block: Block, positions: Positions = None) -> Any:
        """Features (n, d), dense float32; a picture that cannot be read is all zero: the average."""
        if not self._hash:
            self._hash.append(blake2b(self.kinds.tobytes() + self.centre.tobytes(), digest_size=8).hexdigest())

        def make() -> np.ndarray:
            pixels = shrunk(block, self.column)
            out = (_pooled(pixels, self.even, self.kinds) - self.centre) / self.spread * np.float32(WEIGHT)
            out[~pixels.any(axis=(1, 2, 3))] = 0
            return out

        with ONCE:
            view = block.memo(("prepare", "patch features", self.column, self._hash[0]), make)
        return view if positions is None else view[positions]


def shrunk(block: Block, column: str) -> np.ndarray:
    """(n, 32, 32, 3) uint8: every picture of a column at one size; black where there is none."""

    def make() -> np.ndarray:
        from karat.kernels.pixels_seen import looked_at

        seen = looked_at(cell.as_py() for cell in block.table.column(column))
        return np.array([one.small for one in seen], np.uint8).reshape(-1, SIDE, SIDE, 3)

    return block.memo(("prepare", "pixels", column), make)


def _evened(patches: np.ndarray) -> np.ndarray:
    """Patches (n, d) float32 of mean 0 and variance about 1, in place; flat ones stay flat."""
    patches -= patches.mean(axis=1, keepdims=True)
    patches /= np.sqrt(np.einsum("ij,ij->i", patches, patches) / patches.shape[1] + FAINT)[:, None]
    return patches


def _kinds(pixels: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray]:
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


def _pooled(pixels: np.ndarray, even: np.ndarray, kinds: np.ndarray) -> np.ndarray:
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
        cuts = np.linspace(0, high, PARTS + 1).round().astype(int)
        parts_of = [
            (slice(cuts[y], cuts[y + 1]), slice(cuts[x], cuts[x + 1])) for y in range(PARTS) for x in range(PARTS)
        ]
        out = [np.maximum(likeness[:, y, x] - THRESHOLD, 0).mean(axis=(1, 2)) for y, x in parts_of]
        out += [np.maximum(-likeness[:, y, x] - THRESHOLD, 0).mean(axis=(1, 2)) for y, x in parts_of]
        return np.concatenate(out, axis=1).astype(np.float32)

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        parts = list(pool.map(some, range(0, len(pixels), CHUNK)))
    return np.concatenate(parts) if parts else np.zeros((0, 2 * PARTS * PARTS * kinds.shape[1]), np.float32)
