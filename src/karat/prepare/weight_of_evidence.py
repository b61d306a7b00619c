"""A column as evidence for the second of two classes: one number a bin, for scorecards."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Transform
from karat.prepare import onnx_columns
from karat.prepare.categories import known_categories, slots_of
from karat.prepare.columns import Positions, codes, numbers, picked
from karat.prepare.evidence_bins import SHAPES, evidence, grow, information_value
from karat.prepare.target import target_score

SHAPES_OF = {"increasing": "rising", "decreasing": "falling"}


@dataclass(frozen=True)
class WeightOfEvidence(Transform):
    """How far each bin of a column moves the log-odds of the second class; a gap is a bin of its own.

    A number is cut by a small tree whose bins rise or fall together with the risk, so that a card can be defended
    before the person it refuses; it turns once only where the data insist. A category is a bin, rare ones share one.
    Source: Siddiqi (2006), Credit Risk Scorecards; Navas-Palencia (2020), Optimal binning.

    Parameters
    ----------
    column : str
        A column of numbers or categories.
    shape : str
        Of numbers: "auto", "rising", "falling" or "any".
    bins : int
        Most bins, >= 2.
    min_share : float
        Fewest records in a bin, as a share of all, in (0, 0.5).
    gain : float
        Nats of log-likelihood that a cut must win.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.NUMBER, Role.CATEGORY})
    ways: ClassVar[frozenset[str]] = frozenset({"evidence"})

    column: str
    numeric: bool = True
    shape: str = "auto"
    bins: int = 12
    min_share: float = 0.01
    gain: float = 2.0

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise OptionError.unknown("shape", self.shape, SHAPES)

    @classmethod
    def of(cls, column: Column, schema: Schema, way: str) -> Transform | None:
        """In the order that the schema sets for a number."""
        if super().of(column, schema, way) is None:
            return None
        return cls(column.name, numeric=column.role is Role.NUMBER, shape=SHAPES_OF.get(column.monotone, "auto"))

    def read(self, block: Block) -> None:
        (numbers if self.numeric else codes)(block, self.column)

    def fit(self, train: Block, positions: Positions = None) -> "FittedEvidence":
        """Bins and evidence of the training records that have a target.

        Raises
        ------
        OptionError
            The data has no target.
        """
        score = target_score(train)
        if score is None:
            raise OptionError("there is no target", "Name one with --target")
        score = picked(score, positions)
        with_target = ~np.isnan(score)
        return (
            self._numbers(train, positions, score, with_target)
            if self.numeric
            else self._words(train, positions, score, with_target)
        )

    def _numbers(
        self, train: Block, positions: Positions, score: np.ndarray, with_target: np.ndarray
    ) -> "FittedEvidence":
        values = picked(numbers(train, self.column), positions)[with_target].astype(np.float64)
        truth, finite = score[with_target] > 0, np.isfinite(values)
        least = max(10, int(self.min_share * len(values)))
        if not finite.any():
            yes, all_ = np.array([0.0, truth.sum()]), np.array([0.0, len(values)])
            return _fitted(self.column, np.zeros(0), None, "any", yes, all_)
        grown = grow(values[finite], truth[finite], shape=self.shape, bins=self.bins, min_records=least, gain=self.gain)
        yes, all_ = np.append(grown.yes, truth[~finite].sum()), np.append(grown.all, (~finite).sum())
        return _fitted(self.column, grown.edges, None, grown.shape, yes.astype(np.float64), all_.astype(np.float64))

    def _words(
        self, train: Block, positions: Positions, score: np.ndarray, with_target: np.ndarray
    ) -> "FittedEvidence":
        known = known_categories(train, self.column, positions, max(5, int(self.min_share * with_target.sum() / 2)), 50)
        slot, k = slots_of(train, self.column, positions, known.values)[with_target], len(known.values)
        all_ = np.bincount(slot, minlength=k + 2).astype(np.float64)
        return _fitted(
            self.column, np.zeros(0), known.values, "any", np.bincount(slot, score[with_target], k + 2), all_
        )


def _fitted(
    column: str, edges: np.ndarray, values: tuple[str, ...] | None, shape: str, yes: np.ndarray, all_: np.ndarray
) -> "FittedEvidence":
    weights = evidence(yes, all_, float(yes.sum()), float(all_.sum()))
    return FittedEvidence(column, edges, values, shape, weights, yes, all_)


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
        Evidence of each bin; the last one is the gap's, and of categories the one before that the rare ones'.
    yes, all : ndarray of float64
        Training records of the second class and of both, in each bin.
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
        if not ends:
            return ["any", "missing"]
        inner = [f"> {low} to {high}" for low, high in pairwise(ends)]
        return [f"≤ {ends[0]}", *inner, f"> {ends[-1]}", "missing"]

    def slots(self, block: Block, positions: Positions = None) -> np.ndarray:
        """The bin (n,) int64 of each record."""
        if self.values is not None:
            return np.asarray(slots_of(block, self.column, positions, self.values), np.int64)
        values = picked(numbers(block, self.column), positions).astype(np.float64)
        place = np.searchsorted(self.edges, values, side="left")
        return np.where(np.isnan(values), len(self.edges) + 1, place)

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, 1) float32."""
        return np.asarray(self.weights[self.slots(block, positions)][:, None], np.float32)
