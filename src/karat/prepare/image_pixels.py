"""Pictures as their pixels, for a learner that finds its own features in them."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Transform
from karat.kernels.perceptual_hash import SMALL as SIDE
from karat.prepare import onnx_columns
from karat.prepare.columns import Positions, picked
from karat.prepare.image_patches import shrunk


@dataclass(frozen=True)
class ImagePixels(Transform):
    """A column of pictures as 32 x 32 pixels of red, green and blue.

    Nothing is learned and nothing is scaled: a network does both for itself. A picture that cannot be read is black.

    Parameters
    ----------
    column : str
        A column of pictures as bytes.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.IMAGE})
    ways: ClassVar[frozenset[str]] = frozenset({"pixels"})

    column: str

    @classmethod
    def of(cls, column: Column, schema: Schema, way: str) -> Transform | None:
        """Pictures that are held as bytes."""
        return super().of(column, schema, way) if column.type == "binary" else None

    def read(self, block: Block) -> None:
        shrunk(block, self.column)

    def fit(self, train: Block, positions: Positions = None) -> "FittedPixels":
        """Nothing to learn."""
        del train, positions
        return FittedPixels(self.column)


@dataclass(frozen=True)
class FittedPixels:
    """The pixels of a column."""

    to_onnx = staticmethod(onnx_columns.pixels)

    column: str

    @property
    def width(self) -> int:
        """Number of features."""
        return SIDE * SIDE * 3

    @property
    def names(self) -> tuple[str, ...]:
        """``column:pixel 3 4 red``: from the top, from the left."""
        return tuple(
            f"{self.column}:pixel {y} {x} {colour}"
            for y in range(SIDE)
            for x in range(SIDE)
            for colour in ("red", "green", "blue")
        )

    def apply(self, block: Block, positions: Positions = None) -> Any:
        """Features (n, 3072) float32, 0 to 255, row by row."""
        pixels = picked(shrunk(block, self.column), positions)
        return pixels.reshape(len(pixels), -1).astype(np.float32)
