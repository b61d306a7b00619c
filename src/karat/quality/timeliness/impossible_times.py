"""Times at which nothing can have happened."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.events import needs_interactions
from karat.quality.interaction_columns import KIND, InteractionColumns
from karat.quality.timeliness.timeline import DAY_US, NAT, TimeColumn, TimeLine, dated, spoken


@dataclass(frozen=True)
class ImpossibleTimes(Check):
    """Events in the future, before the epoch or at its first day, and events apart from all others.

    A clock that was never set says 1970, one in thousandths read as seconds says year 50,000, a typing error next
    year. In a split by time such an event teaches what is not known yet, or is never tested.

    Parameters
    ----------
    confidence : float
        That the time is another one.

    Source: ISO/IEC 5259-2, timeliness of data items.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    by_order: ClassVar[str] = "what a wrong time should be follows from the records before and after it"
    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    measure_name: ClassVar[str] = "timeliness of data items"

    confidence: float = 0.95

    def applies(self, schema: Schema) -> DoesNotApply | None:
        lacking = needs_interactions(schema, times=True)
        return lacking or (None if dated(schema) else DoesNotApply("no column holds dates"))

    def learn(self, block: Block) -> TimeLine:
        return TimeLine.of(block)

    def judge(self, state: TimeLine, block: Block, before: Any = None) -> pa.Table:
        named = InteractionColumns.of(block.schema)
        name = named.time if named else None
        if name is None or name not in state.times or not len(state.series(name).times):
            return self.found(0, confidence=[], message=[])
        series = state.series(name)
        times = block.times(name).astype("datetime64[us]").view(np.int64)
        now = block.extra.get("now")
        limit = NAT if now is None else int(np.datetime64(now, "us").astype(np.int64)) + DAY_US
        wrong = _wrong(times, series, limit)
        at = np.flatnonzero(wrong)
        return self.found(
            len(at),
            row=block.rows[at],
            column=name,
            value=block.text(name).take(pa.array(at)),
            confidence=self.confidence,
            message=[_said(int(time), series, limit) for time in times[at]],
        )

    def total(self, state: TimeLine, schema: Schema) -> int:
        return state.cells()


def _wrong(times: np.ndarray, series: TimeColumn, limit: int) -> np.ndarray:
    apart = (times > series.high + series.margin) | (times < series.low - series.margin)
    unset = times < DAY_US if np.median(series.times) > DAY_US else np.zeros(len(times), bool)
    late = times > limit if limit != NAT else np.zeros(len(times), bool)
    return np.asarray((times != NAT) & (apart | unset | late))


def _said(time: int, series: TimeColumn, limit: int) -> str:
    between = f"the other events lie between {spoken(series.low)} and {spoken(series.high)}"
    if limit != NAT and time > limit:
        return f"{spoken(time)} has not come yet; {between}"
    if time < DAY_US:
        reason = "a clock that was never set" if time >= 0 else "before 1970, the beginning of such clocks"
        return f"{spoken(time)} is {reason}; {between}"
    return f"{spoken(time)} lies {'after' if time > series.high else 'before'} all others; {between}"
