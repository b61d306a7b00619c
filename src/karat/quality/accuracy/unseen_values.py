"""Values of new records that the records learned from never held."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.quality.by_value import ByValue, Rule, ValueVerdict
from karat.quality.distinct import Distinct
from karat.quality.quiet_numbers import QuietNumbers

SELDOM = 0.05  # definition: the usual level of significance; where new values are commoner, one more says nothing
SUSPICION = 0.3  # definition: told and not counted: what is new may well be true


@dataclass(frozen=True)
class UnseenValues(ByValue):
    """A category that never occurred, or a number beyond all that were learned; in new records only.

    A model answers such a record as well as any other, by what it makes of a value it knows nothing about. How seldom
    a new value is to be expected follows from the values learned: of n numbers the next is the largest with probability
    1 / (n + 1), and the next category is new as often as categories occurred once.

    Source: Good (1953), The population frequencies of species and the estimation of population parameters, Biometrika
    40; Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, for exchangeable numbers.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Ask the columns whose new values are seldom."""
        tally = counts.columns[column.name]
        if column.role is Role.NUMBER:
            return _beyond(tally, column)
        return _new(tally) if column.role is Role.CATEGORY else None

    def quiet(self, counts: ValueCounts, column: Column, schema: Schema) -> QuietNumbers | None:
        """Numbers between the least and the largest."""
        tally = counts.columns.get(column.name)
        learned = _learned(tally, column) if tally and column.role is Role.NUMBER else None
        return QuietNumbers(*learned[:2]) if learned else super().quiet(counts, column, schema)


def _learned(tally: ColumnCounts, column: Column) -> tuple[float, float, int] | None:
    """The least and the largest number, and how many cells hold one; None where they are too few."""
    numbers = Distinct.learned(tally, column).numbers
    known = np.isfinite(numbers)
    if column.nulls:
        known &= ~np.fromiter((text in column.nulls for text in tally.values), bool, len(tally.values))
    cells = int(tally.counts[known].sum())
    if not cells or 2 / (cells + 1) > SELDOM:
        return None
    return float(numbers[known].min()), float(numbers[known].max()), cells


def _beyond(tally: ColumnCounts, column: Column) -> Rule | None:
    learned = _learned(tally, column)
    if learned is None:
        return None
    least, most, cells = learned

    def ask(seen: Distinct) -> Iterable[ValueVerdict]:
        with np.errstate(invalid="ignore"):
            outside = np.flatnonzero((seen.numbers < least) | (seen.numbers > most)).tolist()
        for at in outside:
            if seen.texts[at] in column.nulls:
                continue
            low = seen.numbers[at] < least
            message = f"below {least:g}, the least" if low else f"above {most:g}, the largest"
            yield ValueVerdict(at, SUSPICION, f"{seen.numbers[at]:g} is {message} of {cells:,} numbers learned from")

    return ask


def _new(tally: ColumnCounts) -> Rule | None:
    cells = int(tally.counts.sum())
    once = int((tally.counts == 1).sum())
    if not cells or once > SELDOM * cells:
        return None
    known = frozenset(tally.values)

    def ask(seen: Distinct) -> Iterable[ValueVerdict]:
        gaps = None
        for at, text in enumerate(seen.texts):
            if text in known:
                continue
            gaps = seen.gaps.all if gaps is None else gaps
            if not gaps[at]:
                message = f"not one of the {len(known):,} values of the {cells:,} cells learned from"
                yield ValueVerdict(at, SUSPICION, message)

    return ask
