"""Numbers outside the limits that a column keeps to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.counts import ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.quality.accuracy.number_shape import MIN_CELLS, Shape, shape_of
from karat.quality.by_value import ByValue, Rule, ValueVerdict, judged_columns
from karat.quality.quiet_numbers import QuietNumbers

# flat from 0.001 to 0.00399 (benchmarks/constants.md): share of the cells beyond a limit at most; higher takes a
# population for a slip
RARE = 0.002
# half and double do worse (benchmarks/constants.md): other scales' ends go unseen
ENDS = (1.0, 10.0, 100.0)  # shares, marks, percent: scales that end at a round number
SHORT = 12  # different numbers: a scale of marks, not a measurement; unproven: more are measured
# of the cells may break the step of a column; flat from 0.0015 to 0.00598 (benchmarks/constants.md): higher names a
# second way of writing
OFF_STEP = 0.003
# unproven: no table was left out
THIN = 0.25  # of the cells of a scale's usual mark stand at its end, at least; set with all untouched tables in sight
CROWD = 100  # cells on the right side of a limit for each one beyond it; unproven: lower names true extremes


@dataclass(frozen=True)
class NumberLimits:
    """What a column's numbers keep to.

    Parameters
    ----------
    low, high : float
        Ends of the scale; infinite where there is none.
    why_low, why_high : str
        What shows that the scale ends there.
    step : float
        Every number is a multiple of it; 0 where there is no such step.
    """

    low: float
    high: float
    why_low: str
    why_high: str
    step: float


@dataclass(frozen=True)
class OutOfRange(ByValue):
    """Numbers beyond a hard end: negative where all others are not, above 100 %, off a short scale of marks.

    A limit is learned from the column: many cells crowd on one side of it and hardly any stand beyond. A tail that
    thins out across zero (a temperature) is no limit.

    Source: ISO/IEC 5259-2 data accuracy range; Hellerstein (2008), Quantitative data cleaning for large databases.

    Parameters
    ----------
    rare : float
        Share of cells, in [0, 1], that may lie beyond a limit before it is none.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data accuracy range"

    rare: float = RARE

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Ask the number columns in which a limit shows."""
        shape = shape_of(counts.columns[column.name], column)
        if shape is None or shape.cells < MIN_CELLS or column.role in (Role.ID, Role.GROUP, Role.SOURCE):
            return None
        limits = self.limits(shape)
        return lambda seen: _beyond(shape.of(seen), limits)

    def quiet(self, counts: ValueCounts, column: Column, schema: Schema) -> QuietNumbers | None:
        """Numbers within the limits."""
        shape = shape_of(counts.columns[column.name], column) if column.name in counts.columns else None
        if shape is None or self.rule_for(counts, column, schema) is None:
            return super().quiet(counts, column, schema)
        limits = self.limits(shape)
        return QuietNumbers(limits.low, limits.high, steps=frozenset({limits.step} - {0.0}))

    def limits(self, shape: Shape) -> NumberLimits:
        """The limits that a column's numbers keep to."""
        return derived(shape, f"{self!r}", lambda: self._limits(shape))

    def _limits(self, shape: Shape) -> NumberLimits:
        few = max(2.0, self.rare * shape.cells)
        low, why_low = self._zero(shape, few)
        high, why_high = _round_end(shape, few)
        short = _short_scale(shape, max(1.0, self.rare * shape.cells / 2))
        if short:
            least, most = short
            room = max(1.0, most - least)
            why = f"all others are marks from {least:g} to {most:g}"
            if least - room > low:
                low, why_low = least - room, why
            if most + room < high and not _thins_out(shape, least, most):
                high, why_high = most + room, why
        return NumberLimits(low, high, why_low, why_high, _step(shape))

    def _zero(self, shape: Shape, few: float) -> tuple[float, str]:
        below = shape.values < 0
        cells = int(shape.counts[below].sum())
        if not cells:
            return (
                (0.0, "all numbers learned from are zero or more")
                if shape.cells >= CROWD
                and shape.quantile(0.01) >= 0
                and _crowded(shape, float(np.abs(shape.values).max()))
                else (-np.inf, "")
            )
        beside = int(shape.counts[(shape.values >= 0) & (shape.values <= -float(shape.values[0]))].sum())
        if cells <= few and beside >= CROWD * cells:
            return 0.0, f"{shape.cells - cells:,} of {shape.cells:,} numbers are zero or more"
        return -np.inf, ""

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells that hold a number."""
        pairs = ((state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns)
        return sum(shape.cells for counts, column in pairs if (shape := shape_of(counts, column)))


def _crowded(shape: Shape, size: float) -> bool:
    """Do cells crowd just above zero, so that zero is an end and no accident?"""
    return float(shape.counts[shape.values <= 0.05 * size].sum()) >= 0.02 * shape.cells


def _beyond(numbers: np.ndarray, limits: NumberLimits) -> Iterable[ValueVerdict]:
    for at in np.flatnonzero(numbers < limits.low).tolist():
        yield ValueVerdict(at, 0.95, f"{numbers[at]:g} lies below {limits.low:g}; {limits.why_low}")
    for at in np.flatnonzero(numbers > limits.high).tolist():
        yield ValueVerdict(at, 0.9, f"{numbers[at]:g} lies above {limits.high:g}; {limits.why_high}")
    if limits.step:
        off = np.abs(numbers / limits.step - np.round(numbers / limits.step)) > 1e-9
        for at in np.flatnonzero(
            off & np.isfinite(numbers) & (numbers >= limits.low) & (numbers <= limits.high)
        ).tolist():
            yield ValueVerdict(at, 0.75, f"all other numbers of the column are multiples of {limits.step:g}")


def _round_end(shape: Shape, few: float) -> tuple[float, str]:
    """The end of a scale at 1, 10 or 100 at which cells pile up."""
    counted = bool((shape.values == np.round(shape.values)).all())
    for end in ENDS:
        if counted and end == 1:  # none, one, and sometimes more
            continue
        above = int(shape.counts[shape.values > end].sum())
        inside = (shape.values >= 0) & (shape.values <= end)
        at_end = int(shape.counts[shape.values == end].sum())
        if (
            above <= few
            and shape.counts[inside].sum() >= shape.cells - 2 * few
            and at_end >= max(5.0, 0.01 * shape.cells)
        ):
            return end, f"the scale runs from 0 to {end:g}, and {at_end:,} cells are at its end"
    return np.inf, ""


def _short_scale(shape: Shape, few: float) -> tuple[float, float] | None:
    """Ends of a scale of few whole numbers, each used again and again; None for measurements."""
    often = shape.counts > few
    kept = shape.values[often]
    if not 2 <= len(kept) <= SHORT or shape.counts[often].sum() < shape.cells - max(2.0, 0.005 * shape.cells):
        return None
    return (
        (float(kept[0]), float(kept[-1]))
        if (kept == np.round(kept)).all() and kept[-1] - kept[0] <= 2 * SHORT
        else None
    )


def _thins_out(shape: Shape, least: float, most: float) -> bool:
    """Does a scale end because its numbers grow rare (how many were injured), and not because it has an end?"""
    counts = shape.counts[(shape.values >= least) & (shape.values <= most)]
    return bool(counts[-1] < THIN * counts.max())


def _step(shape: Shape) -> float:
    """The largest power of ten from 100 up that divides all but a few cells of a column with many numbers; else 0."""
    if len(shape.values) < 20:
        return 0.0
    for power in (1e6, 1e5, 1e4, 1e3, 1e2):
        off = np.abs(shape.values / power - np.round(shape.values / power)) > 1e-9
        if shape.counts[off].sum() <= OFF_STEP * shape.cells:
            return power
    return 0.0
