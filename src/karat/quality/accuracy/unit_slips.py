"""Numbers given in another unit, with a shifted point or the wrong sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.counts import ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Meaning, Role, Schema
from karat.core.state import derived
from karat.quality.accuracy._unit_factors import Slips, learned
from karat.quality.accuracy.number_shape import MIN_CELLS, Shape, shape_of
from karat.quality.by_value import ByValue, Rule, ValueVerdict, judged_columns
from karat.quality.distinct import Distinct


@dataclass(frozen=True)
class UnitSlips(ByValue):
    """Numbers that fit their column when multiplied by 10, 100, 1000, 2.54, 0.4536 ... or by -1.

    A number in grams among kilograms outweighs a thousand right ones. Two signs give it away: it lies beyond the tail
    of its column and a factor brings it back among the others, or a conversion (pound, inch, foot, mile) leads from it
    exactly to the grid that the column keeps to, again and again with one factor. Numbers that only lie far out are
    another check's matter; so are codes of several levels, in which a longer number begins with its parent's.

    Source: Wang & He (2019), Uni-Detect, SIGMOD, for slips of scale.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "semantic data accuracy of units"
    meanings: ClassVar[frozenset[str]] = frozenset(
        {Meaning.AMOUNT, Meaning.QUANTITY, Meaning.SHARE, Meaning.COUNT, Meaning.ORDINAL, Meaning.CATEGORY}
    )

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Ask the number columns that have a distribution."""
        shape = shape_of(counts.columns[column.name], column)
        if shape is None or shape.cells < MIN_CELLS or column.role in (Role.ID, Role.GROUP, Role.SOURCE):
            return None
        slips = derived(shape, f"{self!r} slips", lambda: learned(shape))
        return (lambda seen: _verdicts(seen, shape, slips)) if slips else None

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells that hold a number."""
        pairs = ((state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns)
        return sum(shape.cells for counts, column in pairs if (shape := shape_of(counts, column)))


def _verdicts(seen: Distinct, shape: Shape, slips: tuple[Slips, ...]) -> Iterable[ValueVerdict]:
    numbers = shape.of(seen)
    taken = np.zeros(len(numbers), bool)
    for slip in slips:
        for at in np.flatnonzero(slip.explains(numbers) & ~taken).tolist():
            taken[at] = True
            back = numbers[at] / slip.factor
            message = f"multiplied by {slip.factor:g}: {back:.10g} {slip.reason}"
            yield ValueVerdict(at, slip.confidence, message, f"{slip.rounded(back):.10g}")
