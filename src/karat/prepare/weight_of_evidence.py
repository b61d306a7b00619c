"""A column as evidence for the second of two classes: one number a bin, for scorecards."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.finding import SURE
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Transform
from karat.prepare.categories import known_categories, slots_of
from karat.prepare.columns import Positions, codes, numbers, picked
from karat.prepare.evidence_bins import SHAPES, evidence, grow
from karat.prepare.fitted_evidence import FittedEvidence
from karat.prepare.target import target_score
from karat.quality.completeness.number_codes import number_codes

SHAPES_OF = {"increasing": "rising", "decreasing": "falling"}
CODED_RECORDS = 5  # display: of fewer records of a code no rate is told
FEW_NUMBERS = 3  # definition: of fewer different numbers none lies outside a distribution


@dataclass(frozen=True)
class WeightOfEvidence(Transform):
    """How far each bin of a column moves the log-odds of the second class; a gap is a bin of its own.

    A number is cut by a small tree whose bins rise or fall together with the risk, so that a card can be defended
    before the person it refuses; it turns once only where the data insist. Numbers that stand for something else, such
    as 96 and 98 among counts, are bins of their own outside that order. A category is a bin, rare ones share one.
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
        special = _codes(values[finite])
        plain = finite & ~np.isin(values, special)
        grown = grow(values[plain], truth[plain], shape=self.shape, bins=self.bins, min_records=least, gain=self.gain)
        apart = [~finite, *(values == code for code in special)]
        yes = np.append(grown.yes, [truth[here].sum() for here in apart]).astype(np.float64)
        all_ = np.append(grown.all, [here.sum() for here in apart]).astype(np.float64)
        return _fitted(self.column, grown.edges, None, grown.shape, yes, all_, special)

    def _words(
        self, train: Block, positions: Positions, score: np.ndarray, with_target: np.ndarray
    ) -> "FittedEvidence":
        known = known_categories(train, self.column, positions, max(5, int(self.min_share * with_target.sum() / 2)), 50)
        slot, k = slots_of(train, self.column, positions, known.values)[with_target], len(known.values)
        all_ = np.bincount(slot, minlength=k + 2).astype(np.float64)
        return _fitted(
            self.column, np.zeros(0), known.values, "any", np.bincount(slot, score[with_target], k + 2), all_
        )


def _codes(values: np.ndarray) -> tuple[float, ...]:
    """Numbers that lie outside the distribution of the others as codes do, and that several records have."""
    distinct, counts = np.unique(values, return_counts=True)
    known = dict(zip(distinct.tolist(), counts.tolist(), strict=True))
    said = number_codes(distinct, counts) if len(distinct) > FEW_NUMBERS else []
    sure = [code.value for code in said if code.confidence >= SURE]
    codes = sorted(value for value in sure if known.get(value, 0) >= CODED_RECORDS)
    return tuple(codes) if len(codes) < len(distinct) else ()


def _fitted(
    column: str,
    edges: np.ndarray,
    values: tuple[str, ...] | None,
    shape: str,
    yes: np.ndarray,
    all_: np.ndarray,
    special: tuple[float, ...] = (),
) -> "FittedEvidence":
    weights = evidence(yes, all_, float(yes.sum()), float(all_.sum()))
    return FittedEvidence(column, edges, values, shape, weights, yes, all_, special)
