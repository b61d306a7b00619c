"""Numbers as they are, for learners that split rather than weigh."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
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

    roles: ClassVar[frozenset[Role]] = frozenset({Role.NUMBER})
    ways: ClassVar[frozenset[str]] = frozenset({"trees"})

    column: str

    def read(self, block: Block) -> None:
        numbers(block, self.column)

    def fit(self, train: Block, positions: Positions = None) -> "FittedFloat":
        """Nothing is learned."""
        del train, positions
        return FittedFloat(self.column)


@dataclass(frozen=True)
class FittedFloat:
    """The column as it is."""

    to_onnx = staticmethod(onnx_columns.plain)
    rises: ClassVar[bool] = True

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
