"""One number a category, for learners that split."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.core.unit import Transform
from karat.prepare import onnx_columns
from karat.prepare.categories import known_categories, slots_of
from karat.prepare.columns import Positions, codes, picked
from karat.prepare.target import target_score

# unproven: fewer follow single records, more hide a category's own mean
PRIOR_RECORDS = 10.0  # a category's mean is pulled to the whole's as if it had met so many records more


@dataclass(frozen=True)
class OrdinalCategories(Transform):
    """The rank of the record's category by the mean target of the training records that have it; a gap is NaN.

    In this order one cut of a tree parts the categories as well as any of their subsets could, which cuts along the
    alphabet or the frequency do not reach. Rare categories share a rank, and means are pulled towards the whole's,
    or a category would give away the few targets it has met. With more than two classes the target is whether it is
    the most frequent one; without a target the order is that of frequency.
    Source: Fisher (1958), JASA 53; Micci-Barreca (2001), SIGKDD Explorations 3.

    Parameters
    ----------
    column : str
        A column of categories.
    min_records : int
        Training records a category needs for a rank of its own; >= 1.
    max_values : int
        Most ranks; boosted trees tell at most 255 values apart.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.CATEGORY})
    ways: ClassVar[frozenset[str]] = frozenset({"trees"})

    column: str
    min_records: int = 4
    max_values: int = 250

    def read(self, block: Block) -> None:
        codes(block, self.column)

    def fit(self, train: Block, positions: Positions = None) -> "FittedOrdinal":
        """The categories of the training records, and their order."""
        known = known_categories(train, self.column, positions, self.min_records, self.max_values)
        k = len(known.values)
        score = target_score(train)
        if score is None:
            rank = np.arange(k + 1, dtype=np.float32)
        else:
            rank = _by_mean(picked(score, positions), slots_of(train, self.column, positions, known.values), k)
        unknown = rank[k] if known.rare else np.float32(np.nan)
        return FittedOrdinal(self.column, known.values, np.append(rank[:k], [unknown, np.nan]).astype(np.float32))


def _by_mean(score: np.ndarray, slot: np.ndarray, k: int) -> np.ndarray:
    """Ranks (k + 1,) of the slots 0 to k by mean score, pulled to the whole's; equal ones keep their order."""
    known = ~np.isnan(score)
    score, slot = score[known], slot[known]
    count = np.bincount(slot, minlength=k + 2)[: k + 1]
    total = np.bincount(slot, score, k + 2)[: k + 1]
    whole = score.mean() if len(score) else 0.0
    mean = (total + PRIOR_RECORDS * whole) / (count + PRIOR_RECORDS)
    rank = np.empty(k + 1, np.float32)
    rank[np.argsort(mean, kind="stable")] = np.arange(k + 1)
    return rank


@dataclass(frozen=True)
class FittedOrdinal:
    """Categories and their ranks.

    Parameters
    ----------
    values : tuple of str
        By training frequency.
    rank : ndarray of float32, shape (len(values) + 2,)
        Of each category, then of one that training never met (that of the rare ones, else NaN), then of a gap (NaN).
    """

    to_onnx = staticmethod(onnx_columns.ordinal)

    column: str
    values: tuple[str, ...]
    rank: np.ndarray

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
        return self.rank

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, 1) float32."""
        return np.asarray(self.rank[slots_of(block, self.column, positions, self.values)][:, None])
