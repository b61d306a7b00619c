"""Numbers given in another unit, with a shifted point or the wrong sign."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.quality.accuracy.number_shape import MIN_CELLS, Shape, decimals_of, shape_of
from karat.quality.by_value import ByValue, Distinct, Rule, Verdict, judged_columns

SHIFTS = (1000.0, 0.001, 100.0, 0.01, 10.0, 0.1, 10000.0, 0.0001, -1.0)
# pound, inch, foot, mile, ounce and gallon against the metric units, both ways
CONVERSIONS = (
    0.45359237,
    0.4536,
    2.20462,
    2.2046,
    2.54,
    0.393701,
    25.4,
    0.3048,
    3.28084,
    1.609344,
    1.609,
    0.621371,
    28.3495,
    3.78541,
    0.264172,
)
FAR = 2.5
MANY = 3  # cells of a column that one factor explains
PRINTED = 6
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
        number = np.flatnonzero(np.isfinite(shape.of(seen)))
        values = shape.of(seen)[number]
        decimals = np.zeros(len(seen.texts), np.int64)
        odd = self._odd(values, shape)
        raised = pc.match_substring_regex(seen.array, "[eE]").to_numpy(zero_copy_only=False)[number] & shape.plain
        suspects = number[odd | raised]
        if not len(suspects):
            return
        decimals[suspects] = decimals_of(seen.array.take(pa.array(suspects)), column.decimal)
        votes = derived(shape, f"{self!r} votes", lambda: self._votes(shape))
        for at in suspects.tolist():
            raised_here = "e" in seen.texts[at].lower()
            verdict = self._told(at, float(seen.numbers[at]), int(decimals[at]), shape, votes, raised=raised_here)
            if verdict:
                yield verdict

    def _odd(self, values: np.ndarray, shape: Shape) -> np.ndarray:
        """Which numbers lie apart, or have more digits behind the point than the column; (k,) bool."""
        odd = shape.distance(values) > self.far if shape.whole else np.zeros(len(values), bool)
        if shape.places < FINE:
            grid = values * 10.0**shape.places
            odd |= np.abs(grid - np.round(grid)) > 1e-6
        return odd

    def _votes(self, shape: Shape) -> Counter[float]:
        """For how many of the column's odd cells each factor works."""
        votes: Counter[float] = Counter()
        for at in np.flatnonzero(self._odd(shape.values, shape)).tolist():
            for factor in _working(float(shape.values[at]), int(shape.decimals[at]), shape):
                votes[factor] += int(shape.counts[at])
        return votes

    def _told(
        self, at: int, value: float, decimals: int, shape: Shape, votes: Counter[float], *, raised: bool
    ) -> Verdict | None:
        finer = decimals > shape.places and shape.places < FINE
        clear = finer and (decimals >= shape.places + 2 or not shape.places)
        working = _working(value, decimals, shape)
        if not working:
            return self._unexplained(at, value, decimals, shape, raised=raised, clear=clear)
        factor = max(working, key=lambda f: (votes[f], -abs(np.log10(abs(f)))))
        if votes[factor] < MANY and not clear and (raised or finer):
            return Verdict(at, 0.45, f"multiplied by {factor:g}, or only written with other digits than the column")
        low, high = shape.bulk
        back = f"{value / factor:.{shape.places}f}" if shape.places < FINE else f"{value / factor:.12g}"
        told = f"multiplied by {factor:g}: {back} would lie among the other numbers, from {low:g} to {high:g}"
        told += f", and have no more than their {shape.places} digits behind the point" if finer else ""
        sole = all(votes[other] < votes[factor] for other in working if other != factor)
        return Verdict(at, 0.95 if finer and sole else 0.88 if sole else 0.85, told, _trimmed(back) if sole else None)

    def _unexplained(
        self, at: int, value: float, decimals: int, shape: Shape, *, raised: bool, clear: bool
    ) -> Verdict | None:
        if raised:
            return Verdict(
                at, 0.4, "written with an exponent, as hardly any other number of the column is", f"{value:.0f}"
            )
        if clear and len(shape.values) >= 20 and shape.cells >= 200:
            told = f"{decimals} digits behind the point, where nearly all numbers have {shape.places or 'none'}"
            return Verdict(at, 0.8, told)
        return None

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells that hold a number."""
        held = ((state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns)
        return sum(shape.cells for counts, column in held if (shape := shape_of(counts, column)))


def _working(value: float, decimals: int, shape: Shape) -> list[float]:
    """Factors that the number may have been multiplied by."""
    out = []
    finer = decimals > shape.places and shape.places < FINE
    grid = 10.0 ** min(shape.places, PRINTED + FINE)
    # six digits are what programs print; a shorter number is exact
    short = value != 0 and len(f"{abs(value):.{decimals}f}".replace(".", "").strip("0")) < PRINTED
    for factor in (*SHIFTS, *CONVERSIONS):
        back = value / factor
        if not shape.bulk[0] <= back <= shape.bulk[1] or back == 0:
            continue
        tolerance = 1e-6 * abs(back) if short else 0.5 * 10.0**-decimals / abs(factor) + 1e-9 * abs(back)
        exact = abs(back - round(back * grid) / grid) <= tolerance and tolerance * grid < 0.25
        if (finer and exact) or (not finer and factor in SHIFTS and (shape.places >= FINE or exact)):
            out.append(factor)
    return out


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
