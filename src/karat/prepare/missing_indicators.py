"""That a number is absent, as a feature of its own."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role, Schema
from karat.core.unit import Transform
from karat.prepare import onnx_columns
from karat.prepare.columns import Positions, numbers, picked


@dataclass(frozen=True)
class MissingIndicators(Transform):
    """1 where a number is missing, for each column that has gaps among the training records.

    Gaps are seldom at random: that a value is absent often says more than the value put in its place.
    Source: Van Ness et al. (2023), The missing indicator method, KDD.

    Parameters
    ----------
    columns : tuple of str
        Columns of numbers.
    """

    ways: ClassVar[frozenset[str]] = frozenset({"linear", "vectors"})

    columns: tuple[str, ...]

    @classmethod
    def of_records(cls, schema: Schema, way: str) -> Transform | None:
        """Of all columns of numbers."""
        return cls(tuple(c.name for c in schema.with_role(Role.NUMBER))) if way in cls.ways else None

    def fit(self, train: Block, positions: Positions = None) -> "FittedIndicators":
        """Keeps the columns that have both gaps and values."""
        kept = []
        for column in self.columns:
            gaps = np.isnan(picked(numbers(train, column), positions))
            if gaps.any() and not gaps.all():
                kept.append(column)
        return FittedIndicators(tuple(kept))


@dataclass(frozen=True)
class FittedIndicators:
    """The columns watched."""

    to_onnx = staticmethod(onnx_columns.indicators)

    columns: tuple[str, ...]

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """One feature a column."""
        return tuple(f"{column} is missing" for column in self.columns)

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, columns) float32: 1 where missing, else 0."""
        n = len(block) if positions is None else len(positions)
        out = np.zeros((n, len(self.columns)), np.float32)
        for at, column in enumerate(self.columns):
            out[:, at] = np.isnan(picked(numbers(block, column), positions))
        return out
