"""A feature a category, for learners that weigh."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.core.unit import Transform
from karat.prepare import onnx_columns
from karat.prepare.categories import MISSING, UNKNOWN, known_categories, slots_of
from karat.prepare.columns import Positions, codes


@dataclass(frozen=True)
class OneHotCategories(Transform):
    """1 for the record's own category, 0 for the others; rare ones share a bucket, gaps have their own.

    Parameters
    ----------
    column : str
        A column of categories.
    min_records : int
        Training records a category needs to stand alone; >= 1.
    max_values : int
        Most categories that stand alone.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.CATEGORY})
    ways: ClassVar[frozenset[str]] = frozenset({"linear", "vectors"})

    column: str
    min_records: int = 4
    max_values: int = 128

    def read(self, block: Block) -> None:
        codes(block, self.column)

    def fit(self, train: Block, positions: Positions = None) -> "FittedOneHot":
        """The categories of the training records."""
        known = known_categories(train, self.column, positions, self.min_records, self.max_values)
        return FittedOneHot(self.column, known.values, known.rare, known.gaps)


@dataclass(frozen=True)
class FittedOneHot:
    """Categories in feature order, then the rare bucket, then the gap, where the training records had them.

    A category that training never met falls into the rare bucket, else into none.
    """

    to_onnx = staticmethod(onnx_columns.one_hot)

    column: str
    values: tuple[str, ...]
    rare: bool
    gaps: bool

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.values) + self.rare + self.gaps

    @property
    def names(self) -> tuple[str, ...]:
        """``column=category``."""
        extra = (UNKNOWN,) * self.rare + (MISSING,) * self.gaps
        return tuple(f"{self.column}={value}" for value in self.values + extra)

    def rows(self) -> np.ndarray:
        """Features (len(values) + 2, width) float32 of each category, of an unknown one and of a gap."""
        k = len(self.values)
        out = np.zeros((k + 2, self.width), np.float32)
        out[np.arange(k), np.arange(k)] = 1
        if self.rare:
            out[k, k] = 1
        if self.gaps:
            out[k + 1, -1] = 1
        return out

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, width) float32."""
        return np.asarray(self.rows()[slots_of(block, self.column, positions, self.values)])
