"""Numbers as they are, for learners that split rather than weigh."""

from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.unit import Transform
from karat.prepare import onnx_columns
from karat.prepare.columns import Positions, numbers, picked


@dataclass(frozen=True)
class ToFloat(Transform):
    """A number column as float32; missing stays NaN.

    Numbers are rounded to float32 before anything is learned from them, so that an exported model with float32
    inputs decides alike at every threshold.

    Parameters
    ----------
    column : str
        A column of numbers.
    """

    column: str

    def fit(self, train: Block, positions: Positions = None) -> "FittedFloat":
        """Nothing is learned."""
        del train, positions
        return FittedFloat(self.column)


@dataclass(frozen=True)
class FittedFloat:
    """The column as it is."""

    to_onnx = staticmethod(onnx_columns.plain)

    column: str

    @property
    def width(self) -> int:
        """Number of features."""
        return 1

    @property
    def names(self) -> tuple[str, ...]:
        """One feature, named as the column."""
        return (self.column,)

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, 1) float32, NaN where missing."""
        return picked(numbers(block, self.column), positions)[:, None]
