"""Numbers far from all others of their column."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.counts import ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.number_shape import Shape, shape_of
from karat.quality.by_value import ByValue, Distinct, Rule, Verdict, judged_columns

FAR = 2.5
VERY_FAR = 5.0


@dataclass(frozen=True)
class OutlyingNumbers(ByValue):
    """Numbers that empty space cuts off from the bulk of their column.

    One such number bends a mean, a scale and a line. Being large is no fault: real data has heavy tails, so skewed
    columns are measured on a logarithmic scale, and only a number behind a gap many times wider than the column's
    own spread counts; what is merely far out is suspicious.

    Source: Rousseeuw & Hubert (2011), Robust statistics for outlier detection, WIREs 1(1); gaps after Dixon (1950).

    Parameters
    ----------
    far, very_far : float
        Distance from the bulk, in robust standard deviations on the column's scale, from which a number is
        suspicious, and from which it counts.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "risk of data set inaccuracy"

    far: float = FAR
    very_far: float = VERY_FAR

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Ask the number columns that have a distribution."""
        shape = shape_of(counts.columns[column.name], column)
        if shape is None or not shape.whole or column.role in (Role.ID, Role.GROUP, Role.SOURCE):
            return None
        return lambda seen: self._far_out(seen, shape)

    def _far_out(self, seen: Distinct, shape: Shape) -> Iterable[Verdict]:
        number = np.flatnonzero(np.isfinite(shape.of(seen)))
        far = shape.distance(seen.numbers[number])
        low, high = shape.bulk
        scale = " on a logarithmic scale" if shape.unit else ""
        for at, distance in zip(number[far > self.far].tolist(), far[far > self.far].tolist(), strict=True):
            told = (
                f"{distance:.1f} robust standard deviations{scale} beyond the other numbers, from {low:g} to {high:g}"
            )
            yield Verdict(at, self._sure(distance), told)

    def _sure(self, distance: float) -> float:
        if distance < self.very_far:
            return round(0.15 + 0.3 * (distance - self.far) / (self.very_far - self.far), 3)
        return round(min(0.95, 0.65 + 0.1 * np.log2(distance / self.very_far)), 3)

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells that hold a number."""
        held = ((state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns)
        return sum(shape.cells for counts, column in held if (shape := shape_of(counts, column)))
