"""The bins of a column and what each of them says."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.prepare import onnx_columns
from karat.prepare.categories import slots_of
from karat.prepare.columns import Positions, numbers, picked
from karat.prepare.evidence_bins import information_value


@dataclass(frozen=True)
class FittedEvidence:
    """A column's bins.

    Parameters
    ----------
    edges : ndarray of float64, shape (b - 1,)
        Upper ends of the bins of a number, but the last.
    values : tuple of str or None
        The categories; None for a number.
    shape : str
        How the rates run over a number's bins.
    weights : ndarray of float64
        Evidence of each bin; behind those of stretches or categories (and the rare ones') the gap's, then the codes'.
    yes, all : ndarray of float64
        Training records of the second class and of both, in each bin.
    special : tuple of float
        Numbers that are codes, each a bin of its own.
    """

    to_onnx = staticmethod(onnx_columns.evidence)
    rises: ClassVar[bool] = True

    column: str
    edges: np.ndarray
    values: tuple[str, ...] | None
    shape: str
    weights: np.ndarray
    yes: np.ndarray
    all: np.ndarray
    special: tuple[float, ...] = ()

    @property
    def width(self) -> int:
        """Number of features."""
        return 1

    @property
    def names(self) -> tuple[str, ...]:
        """One feature, named as the column."""
        return (self.column,)

    @property
    def information(self) -> float:
        """The column's information value."""
        return information_value(self.yes, self.all, self.weights)

    def bins(self) -> list[str]:
        """Each bin in words, in the order of ``weights``."""
        if self.values is not None:
            return [*self.values, "other", "missing"]
        ends = [f"{edge:g}" for edge in self.edges]
        apart = ["missing", *(f"code {code:g}" for code in self.special)]
        if not ends:
            return ["any", *apart]
        inner = [f"> {low} to {high}" for low, high in pairwise(ends)]
        return [f"≤ {ends[0]}", *inner, f"> {ends[-1]}", *apart]

    def slots(self, block: Block, positions: Positions = None) -> np.ndarray:
        """The bin (n,) int64 of each record."""
        if self.values is not None:
            return np.asarray(slots_of(block, self.column, positions, self.values), np.int64)
        values = picked(numbers(block, self.column), positions).astype(np.float64)
        place = np.searchsorted(self.edges, values, side="left")
        place = np.where(np.isnan(values), len(self.edges) + 1, place)
        for at, code in enumerate(self.special):
            place[values == code] = len(self.edges) + 2 + at
        return place

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, 1) float32."""
        return np.asarray(self.weights[self.slots(block, positions)][:, None], np.float32)
