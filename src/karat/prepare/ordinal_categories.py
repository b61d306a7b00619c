"""One number a category, for learners that split."""

from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.unit import Transform
from karat.prepare.categories import known_categories, slots_of
from karat.prepare.columns import Positions


@dataclass(frozen=True)
class OrdinalCategories(Transform):
    """The rank of the record's category by training frequency; a rare one gets the next rank, a gap NaN.

    Trees cut ranges of the rank, so neighbours in frequency are split off together and rare ones stay together.

    Parameters
    ----------
    column : str
        A column of categories.
    min_records : int
        Training records a category needs for a rank of its own; >= 1.
    max_values : int
        Most ranks; boosted trees tell at most 255 values apart.
    """

    column: str
    min_records: int = 4
    max_values: int = 250

    def fit(self, train: Block, positions: Positions = None) -> "FittedOrdinal":
        """The categories of the training records."""
        known = known_categories(train, self.column, positions, self.min_records, self.max_values)
        return FittedOrdinal(self.column, known.values, known.rare)


@dataclass(frozen=True)
class FittedOrdinal:
    """Categories in rank order. One that training never met gets the rank of the rare, else NaN as a gap."""

    column: str
    values: tuple[str, ...]
    rare: bool

    @property
    def width(self) -> int:
        """Number of features."""
        return 1

    @property
    def names(self) -> tuple[str, ...]:
        """One feature, named as the column."""
        return (self.column,)

    def ranks(self) -> np.ndarray:
        """Rank (len(values) + 2,) float32 of each category, of an unknown one and of a gap."""
        k = len(self.values)
        return np.append(np.arange(k, dtype=np.float32), [k if self.rare else np.nan, np.nan]).astype(np.float32)

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, 1) float32."""
        return np.asarray(self.ranks()[slots_of(block, self.column, positions, self.values)][:, None])
