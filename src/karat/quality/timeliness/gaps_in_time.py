"""Stretches of time without records."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.core.words import many
from karat.quality.timeliness.timeline import MIN_TIMES, TimeLine, dated, needs_dates, spoken, spoken_span


@dataclass(frozen=True)
class Gap:
    """Nothing between two times, in microseconds since 1970; ``slots`` regular steps are missing."""

    start: int
    end: int
    slots: int


@dataclass(frozen=True)
class Regularity:
    """The usual step of a time column (µs), the share of steps that keep it, and the gaps."""

    step: int
    share: float
    slots: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class GapsInTime(Check):
    """Holes in a regular series, one finding per column with the widest of them.

    A series is regular when most distinct times follow each other by one step. What was not recorded during a hole is
    missing without a blank to show for it; lagged features reach over the hole unawares.

    Parameters
    ----------
    regular_share : float
        Share of the steps that must be equal for the column to count as a regular series.
    told : int
        How many gaps the message names.

    Source: ISO/IEC 5259-2, timeliness of data items.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    by_order: ClassVar[str] = "a record with a bad time still fills its place in the series"
    measure_name: ClassVar[str] = "timeliness of data items"
    unit: ClassVar[str] = "steps"
    at_the_door: ClassVar[bool] = False

    regular_share: float = 0.5
    told: int = 3

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return needs_dates(schema)

    def learn(self, block: Block) -> TimeLine:
        return TimeLine.of(block)

    def conclude(self, state: TimeLine, schema: Schema) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        for column in dated(schema):
            rhythm = self._regularity(state, column.name)
            if rhythm is None or not rhythm.gaps:
                continue
            widest = sorted(rhythm.gaps, key=lambda gap: (gap.start - gap.end, gap.start))[: self.told]
            named = "; ".join(f"{spoken(gap.start)} to {spoken(gap.end)} ({gap.slots} steps)" for gap in widest)
            missing = sum(gap.slots for gap in rhythm.gaps)
            parts.append(
                self.found(
                    1,
                    column=column.name,
                    confidence=0.9,
                    message=f"{rhythm.share:.0%} of the times follow each other by {spoken_span(rhythm.step)}, but "
                    f"{missing} of {rhythm.slots} steps have no record, in {many(len(rhythm.gaps), 'gap')}: {named}",
                )
            )
        return pa.concat_tables(parts)

    def measures(self, state: TimeLine, schema: Schema, findings: pa.Table) -> list[Measure]:
        rhythms = [self._regularity(state, column.name) for column in dated(schema)]
        kept = [rhythm for rhythm in rhythms if rhythm is not None]
        total = sum(rhythm.slots for rhythm in kept)
        bad = sum(gap.slots for rhythm in kept for gap in rhythm.gaps)
        return [Measure(self.measure_name, self.standard, bad, total, self.unit)] if total else []

    def _regularity(self, state: TimeLine, name: str) -> Regularity | None:
        """The column's regularity, None where it has none or is known by a sample only."""
        return derived(state, f"regular {name} {self.regular_share}", lambda: self._find(state, name))

    def _find(self, state: TimeLine, name: str) -> Regularity | None:
        series = state.series(name)
        times = np.unique(series.times[series.plausible & series.steady])
        if not state.whole or len(times) < MIN_TIMES:
            return None
        steps = np.diff(times)
        sizes, counts = np.unique(steps, return_counts=True)
        step, share = int(sizes[counts.argmax()]), float(counts.max() / len(steps))
        if share < self.regular_share:
            return None
        slots = np.maximum(np.rint(steps / step).astype(np.int64) - 1, 0)
        if series.ordered and not series.falling:  # a record with a bad time still fills its place in the series
            place = np.searchsorted(state.rows, series.rows[series.steady])
            first = place[np.searchsorted(series.times[series.steady], times)]
            last = place[np.searchsorted(series.times[series.steady], times, "right") - 1]
            slots = np.maximum(slots - (first[1:] - last[:-1] - 1), 0)
        jump = slots > len(times)  # longer than all that is recorded: another period, or a wrong time, not a gap
        gaps = tuple(Gap(int(times[i]), int(times[i + 1]), int(slots[i])) for i in np.flatnonzero((slots > 0) & ~jump))
        recorded = int((times[-1] - times[0] - steps[jump].sum()) // step) + 1 + int(jump.sum())
        if sum(gap.slots for gap in gaps) > len(times):
            return None  # more is missing than there is: no regular series
        return Regularity(step, share, recorded, gaps)
