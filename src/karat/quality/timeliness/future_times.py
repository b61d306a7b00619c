"""Times that have not come yet."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.timeliness.timeline import (
    DAY_US,
    NAT,
    TimeLine,
    dated,
    needs_dates,
    spoken,
    spoken_span,
    suggested,
)


@dataclass(frozen=True)
class FutureTimes(Check):
    """Times that lie apart from all others, after them.

    The data's own clock is the latest plausible time of the column: the last one before a gap that is far wider than
    any in the column's middle. A model that learns from a time that has not come yet learns from a typing error, and
    every age counted from it is wrong.

    Parameters
    ----------
    confidence : float
        Of a time after the data's own clock.

    Source: ISO/IEC 5259-2, timeliness of data items.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    by_order: ClassVar[str] = "what a wrong time should be follows from the records before and after it"
    kinds: ClassVar[frozenset[str]] = (Check.kinds | {"text"}) - {"event"}  # they have ImpossibleTimes
    measure_name: ClassVar[str] = "timeliness of data items"

    confidence: float = 0.95

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return needs_dates(schema)

    def learn(self, block: Block) -> TimeLine:
        return TimeLine.of(block)

    def judge(self, state: TimeLine, block: Block, before: Any = None) -> pa.Table:
        now = block.extra.get("now")
        parts = []
        for column in dated(block.schema):
            series = state.series(column.name)
            if not len(series.times):
                continue
            times = block.times(column.name).astype("datetime64[us]").view(np.int64)
            late = (times > series.high + series.margin) & (times != NAT)
            if now is not None:  # a time that came after the learning is late only when it has not come yet
                come = np.datetime64(now, "us").astype(np.int64) + DAY_US
                late &= (times > come) | (times <= series.times.max())
            at = np.flatnonzero(late)
            if not len(at):
                continue
            clock = spoken(series.high)
            messages = [
                f"{spoken(int(t))} is {spoken_span(int(t) - series.high)} after {clock}, the last plausible "
                f"time of {column.name!r}"
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

    def total(self, state: TimeLine, schema: Schema) -> int:
        return state.cells()
