"""Numbers far from all others of their column."""

from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

import numpy as np

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Meaning, Role, Schema
from karat.quality.accuracy._support import ends, scatter, unseen
from karat.quality.accuracy.number_shape import shape_of
from karat.quality.by_value import ByValue, Rule, judged_columns
from karat.quality.distinct import Distinct
from karat.quality.quiet_numbers import QuietNumbers

LEAST = 15  # cells; flat from 7 to 30 (benchmarks/constants.md): fewer have no tail


@dataclass(frozen=True)
class OutlyingNumbers(ByValue):
    """Numbers that the tail of their column does not reach, and scatter around a column's one value.

    One such number bends a mean, a scale and a line. Being large is no fault: real data has heavy tails, holes and
    several groups. A generalised Pareto tail is fitted on either side of the column, on a logarithmic scale where it
    is skewed, and a number counts when hardly any should lie beyond the gap before it. Repeated numbers and tight
    groups are codes or parts of the population, not outliers.

    Source: Pickands (1975), Statistical inference using extreme order statistics, Annals of Statistics 3(1).

    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "risk of data set inaccuracy"
    meanings: ClassVar[frozenset[str]] = frozenset(Meaning) - {
        Meaning.CODE, Meaning.GUID, Meaning.CONTACT, Meaning.ADDRESS, Meaning.PERSON, Meaning.PLACE,
        Meaning.ORGANISATION, Meaning.TEXT, Meaning.BOOLEAN,
    }  # fmt: skip

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Ask the number columns that have a distribution."""
        shape = shape_of(counts.columns[column.name], column)
        if shape is None or shape.cells < LEAST or column.role in (Role.ID, Role.GROUP, Role.SOURCE):
            return None
        around = scatter(shape)
        if around:
            text = _written(counts.columns[column.name], column, around.number)
            return lambda seen: around.verdicts(shape.of(seen), text)
        sides = ends(shape)
        return lambda seen: [
            *chain.from_iterable(end.verdicts(shape.of(seen)) for end in sides),
            *unseen(shape, shape.of(seen)),
        ]

    def quiet(self, counts: ValueCounts, column: Column, schema: Schema) -> QuietNumbers | None:
        """Numbers within all that were learned and within the ends of their support."""
        shape = shape_of(counts.columns[column.name], column) if column.name in counts.columns else None
        if shape is None or not self.suits(column) or self.rule_for(counts, column, schema) is None:
            return super().quiet(counts, column, schema)
        if around := scatter(shape):
            return QuietNumbers(around.number, around.number)
        sides, least, most = ends(shape), float(shape.values[0]), float(shape.values[-1])
        low = max([least, *(end.edge for end in sides if end.side < 0)])
        return QuietNumbers(low, min([most, *(end.edge for end in sides if end.side > 0)]))

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells that hold a number."""
        pairs = ((state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns)
        return sum(shape.cells for counts, column in pairs if (shape := shape_of(counts, column)))


def _written(counts: ColumnCounts, column: Column, number: float) -> str:
    """The usual text of a number."""
    same = np.flatnonzero(Distinct.learned(counts, column).numbers == number)
    return str(counts.texts[int(same[np.argmax(counts.counts[same])])].as_py())
