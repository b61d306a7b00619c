"""Numbers given in another unit, with a shifted point or the wrong sign."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.counts import ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.quality.accuracy.number_shape import MIN_CELLS, Shape, decimals_of, shape_of
from karat.quality.by_value import ByValue, Distinct, Rule, Verdict, judged_columns

SHIFTS = (1000.0, 0.001, 100.0, 0.01, 10.0, 0.1, 10000.0, 0.0001, -1.0)
# pound, inch, foot, mile, ounce and gallon against the metric units, both ways
CONVERSIONS = (0.45359237, 0.4536, 2.20462, 2.2046, 2.54, 0.393701, 25.4, 0.3048, 3.28084, 1.609344, 1.609, 0.621371, 28.3495, 3.78541, 0.264172)
FAR = 2.5
FINE = 6  # digits behind the point: measurements computed, not read off


@dataclass(frozen=True)
class UnitSlips(ByValue):
    """Numbers that fit their column when multiplied by 10, 100, 1000, 2.54, 0.4536 ... or by -1.

    A number in grams among kilograms outweighs a thousand right ones. Two signs give it away: it lies apart from the
    bulk and the factor brings it back, or it has more digits behind the point than the column ever has and the factor
    takes them away exactly. All slips of a column vote for one factor.

    Source: Wang & He (2019), Uni-Detect, SIGMOD, for slips of scale; the digit test is our own.

    Parameters
    ----------
    far : float
        Distance from the bulk, in robust standard deviations, from which a factor is tried.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "semantic data accuracy of units"

    far: float = FAR

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Ask the number columns that have a distribution."""
        shape = shape_of(counts.columns[column.name], column)
        if shape is None or shape.cells < MIN_CELLS or column.role in (Role.ID, Role.GROUP, Role.SOURCE):
            return None
        return lambda seen: self._slips(seen, shape, column)

    def _slips(self, seen: Distinct, shape: Shape, column: Column) -> Iterable[Verdict]:
        number = np.flatnonzero(np.isfinite(seen.numbers))
        far = shape.distance(seen.numbers[number]) > self.far if shape.whole else np.zeros(len(number), bool)
        places = max(shape.places, 0)
        fine = places >= FINE
        suspects = number[far].tolist()
        if not fine:
            apart = set(suspects)
            broken = np.abs(seen.numbers[number] * 10.0**places - np.round(seen.numbers[number] * 10.0**places)) > 1e-6
            suspects += [at for at in number[broken].tolist() if at not in apart]
        if not suspects:
            return
        votes = derived(shape, f"{self!r} votes", lambda: self._votes(shape))
        for at in sorted(suspects):
            decimals = decimals_of(seen.texts[at], column.decimal)
            verdict = self._told(at, float(seen.numbers[at]), decimals, shape, votes)
            if verdict:
                yield verdict

    def _votes(self, shape: Shape) -> Counter[float]:
        """For how many of the column's odd cells each factor works."""
        votes: Counter[float] = Counter()
        apart = shape.distance(shape.values) > self.far if shape.whole else np.zeros(len(shape.values), bool)
        finer = (shape.decimals > shape.places) & (shape.places < FINE)
        for at in np.flatnonzero(apart | finer).tolist():
            for factor in self._working(float(shape.values[at]), int(shape.decimals[at]), shape):
                votes[factor] += int(shape.counts[at])
        return votes

    def _working(self, value: float, decimals: int, shape: Shape) -> list[float]:
        """Factors that the number may have been multiplied by."""
        out = []
        finer = decimals > shape.places and shape.places < FINE
        for factor in (*SHIFTS, *CONVERSIONS):
            back = value / factor
            if not shape.bulk[0] <= back <= shape.bulk[1]:
                continue
            grid = 10.0**shape.places
            tolerance = 0.5 * 10.0**-decimals / abs(factor) + 1e-9 * abs(back)
            exact = abs(back - round(back * grid) / grid) <= tolerance and tolerance * grid < 0.1
            if finer and exact and back != 0:
                out.append(factor)
            elif not finer and factor in SHIFTS and (shape.places >= FINE or exact):
                out.append(factor)
        return out

    def _told(self, at: int, value: float, decimals: int, shape: Shape, votes: Counter[float]) -> Verdict | None:
        finer = decimals > shape.places and shape.places < FINE
        working = self._working(value, decimals, shape)
        low, high = shape.bulk
        if not working:
            if finer and decimals >= shape.places + 2 and shape.cells >= 200:
                told = f"{decimals} digits behind the point, where nearly all numbers have {shape.places} at most"
                return Verdict(at, 0.6 if len(shape.values) >= 20 else 0.45, told)
            return None
        factor = max(working, key=lambda f: (votes[f], -abs(np.log10(abs(f)))))
        back = f"{value / factor:.{shape.places}f}" if shape.places < FINE else f"{value / factor:.12g}"
        told = f"multiplied by {factor:g}: {back} would lie among the other numbers, from {low:g} to {high:g}"
        told += f", and have no more than their {shape.places} digits behind the point" if finer else ""
        sole = all(votes[other] < votes[factor] for other in working if other != factor) or len(working) == 1
        return Verdict(at, 0.85 if finer and sole else 0.75 if sole else 0.65, told, _trimmed(back) if sole else None)

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells that hold a number."""
        held = ((state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns)
        return sum(shape.cells for counts, column in held if (shape := shape_of(counts, column)))


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
