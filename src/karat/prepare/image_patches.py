"""Pictures as how much of each kind of patch they hold, and where."""

from dataclasses import dataclass, field
from hashlib import blake2b
from threading import RLock
from typing import Any, ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.hashes import row_hashes
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Transform
from karat.kernels.perceptual_hash import SMALL as SIDE
from karat.prepare import onnx_columns
from karat.prepare.columns import Positions
from karat.prepare.patches_pooled import PARTS, WEIGHT, PatchLayout, kinds_of, layout, pooled

LEARNED_FROM = 1500  # pictures; cost: more show rarer kinds and take longer; measured so in benchmarks/images.md
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

    roles: ClassVar[frozenset[Role]] = frozenset({Role.IMAGE})
    ways: ClassVar[frozenset[str]] = frozenset({"linear", "vectors"})

    column: str
    patches: int = 64

    @classmethod
    def of(cls, column: Column, schema: Schema, way: str) -> Transform | None:
        """Pictures that are held as bytes."""
        return super().of(column, schema, way) if column.type == "binary" else None

    def read(self, block: Block) -> None:
        self.fit(block).apply(block)

    def fit(self, train: Block, positions: Positions = None) -> "FittedPatches":
        """The kinds of patches of the block, of all its records: none of their labels is looked at."""
        from threadpoolctl import threadpool_limits

        def make() -> FittedPatches:
            pixels = shrunk(train, self.column)
            order = np.argsort(row_hashes(train.rows), kind="stable")[:LEARNED_FROM]
            with threadpool_limits(1, "blas"):  # sums in one order, whatever the cores
                even, kinds = kinds_of(pixels[np.sort(order)], self.patches)
            features = pooled(pixels, even, kinds)
            spread = features.std(axis=0) + 0.05 * max(float(features.std()), 1e-6)
            return FittedPatches(self.column, even, kinds, features.mean(axis=0), spread)

        with ONCE:
            return train.memo(("prepare", "patches", self.column, self.patches), make)


@dataclass(frozen=True, eq=False)
class FittedPatches:
    """Kinds of patches.

    Parameters
    ----------
    even : ndarray of float32, shape (108,)
        The mean patch.
    kinds : ndarray of float32, shape (108, p)
        What a patch, less the mean, is multiplied by.
    centre, spread : ndarray of float32, shape (18 p,)
        Of the features before they are scaled.
    """

    to_onnx = staticmethod(onnx_columns.pictures)

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

    def layout(self) -> PatchLayout:
        """What an exporter needs beside the kinds."""
        return layout()

    def apply(self, block: Block, positions: Positions = None) -> Any:
        """Features (n, d), dense float32; a picture that cannot be read is all zero: the average."""
        if not self._hash:
            self._hash.append(blake2b(self.kinds.tobytes() + self.centre.tobytes(), digest_size=8).hexdigest())

        def make() -> np.ndarray:
            pixels = shrunk(block, self.column)
            out = (pooled(pixels, self.even, self.kinds) - self.centre) / self.spread * np.float32(WEIGHT)
            out[~pixels.any(axis=(1, 2, 3))] = 0
            return out

        with ONCE:
            view = block.memo(("prepare", "patch features", self.column, self._hash[0]), make)
        return view if positions is None else view[positions]


def shrunk(block: Block, column: str) -> np.ndarray:
    """(n, 32, 32, 3) uint8: every picture of a column at one size; black where there is none."""

    def make() -> np.ndarray:
        from karat.kernels.perceptual_hash import looked_at

        seen = looked_at(cell.as_py() for cell in block.table.column(column))
        return np.array([picture.small for picture in seen], np.uint8).reshape(-1, SIDE, SIDE, 3)

    return block.memo(("prepare", "pixels", column), make)
