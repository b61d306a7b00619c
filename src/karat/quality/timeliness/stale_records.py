"""Records far older than the rest, and sources that fell silent."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.unit import Check
from karat.quality.timeliness.timeline import (
    MIN_TIMES,
    NAT,
    TimeLine,
    dated,
    needs_dates,
    spoken,
    spoken_span,
    suggested,
)


@dataclass(frozen=True)
class Ages:
    """Times of all records, and whole records to compare sources by."""

    line: TimeLine
    sample: RecordSample

    def merge(self, other: "Ages") -> "Ages":
        return Ages(self.line.merge(other.line), self.sample.merge(other.sample))


@dataclass(frozen=True)
class StaleRecords(Check):
    """Times that lie apart from all others, before them; and sources whose newest record is old.

    Age is counted from the data's own clock, the latest plausible time of the column. A record from another age
    describes a world that is gone; a source that fell silent looks like one in which nothing happens.

    Parameters
    ----------
    confidence : float
        Of a time before all others by a wide gap.
    silent_share : float
        A source is silent when its newest record is older than this share of the column's whole span.

    Source: ISO/IEC 5259-2, record currentness.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    kinds: ClassVar[frozenset[str]] = Check.kinds - {"event"}  # they have ImpossibleTimes and StaleItems
    measure_name: ClassVar[str] = "record currentness"

    confidence: float = 0.9
    silent_share: float = 0.25

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return needs_dates(schema)

    def learn(self, block: Block) -> Ages:
        return Ages(TimeLine.of(block), RecordSample.of(block))

    def judge(self, state: Ages, block: Block, before: Any = None) -> pa.Table:
        parts = []
        for column in dated(block.schema):
            series = state.line.series(column.name)
            times = block.times(column.name).astype("datetime64[us]").view(np.int64)
            at = np.flatnonzero((times < series.low - series.margin) & (times != NAT))
            if not len(at) or not len(series.times):
                continue
            first = spoken(series.low)
            messages = [
                f"{spoken(int(t))} is {spoken_span(series.high - int(t))} old by the data's own clock; the "
                f"other times of {column.name!r} begin at {first}"
                for t in times[at]
            ]
            parts.append(
                self.found(
                    len(at),
                    row=block.rows[at],
                    column=column.name,
                    value=block.text(column.name).take(pa.array(at)),
                    suggestion=suggested(series, block, column, at),
                    confidence=self.confidence,
                    message=messages,
                )
            )
        return pa.concat_tables(parts) if parts else self.found(0, confidence=[], message=[])

    def conclude(self, state: Ages, schema: Schema) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        for source in schema.with_role(Role.SOURCE):
            for column in dated(schema):
                ages = newest_by_source(state, schema, source.name, column.name)
                series = state.line.series(column.name)
                span = series.high - series.low
                for name, newest in ages:
                    if series.high - newest > self.silent_share * span > 0:
                        parts.append(
                            self.found(
                                1,
                                column=column.name,
                                value=name,
                                confidence=0.8,
                                source=name,
                                message=f"the newest record of source {name!r} is of {spoken(newest)}, "
                                f"{spoken_span(series.high - newest)} before the data's own clock",
                            )
                        )
        return pa.concat_tables(parts)

    def total(self, state: Ages, schema: Schema) -> int:
        return state.line.cells()


def newest_by_source(state: Ages, schema: Schema, source: str, column: str) -> list[tuple[str, int]]:
    """The latest plausible time of each source with enough records, by name."""
    block = state.sample.block(schema)
    codes, names = block.encoded(source)
    times = block.times(column).astype("datetime64[us]").view(np.int64)
    series = state.line.series(column)
    plausible = (codes >= 0) & (times >= series.low) & (times <= series.high)
    newest = np.full(len(names), NAT)
    np.maximum.at(newest, codes[plausible], times[plausible])
    enough = np.bincount(codes[plausible], minlength=len(names)) >= MIN_TIMES
    return sorted((names[at], int(newest[at])) for at in np.flatnonzero(enough))
