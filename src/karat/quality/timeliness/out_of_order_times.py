"""Times that stand out of order."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.timeliness.timeline import NAT, TimeColumn, TimeLine, dated, needs_dates, spoken, suggested

MOST = 0.25  # of the records break an order that the file keeps; flat from 0.143 to 0.4 (benchmarks/constants.md)
SLACK = 2.0  # standard deviations at most of how many of them stand beside another by chance: Fisher (1925)
NEAR = 0.05  # of the records: a place no farther away is near; flat from 0.0256 to 0.0952 (benchmarks/constants.md)


@dataclass(frozen=True)
class OutOfOrderTimes(Check):
    """Times that break the order in which the records stand.

    In a column that is otherwise in order of time (or nearly), the fewest records that explain the disorder are
    found: all that are not part of the longest rising subsequence. A time out of order belongs to another record, or
    its record to another place; splits by time and lagged features are wrong for both.

    Parameters
    ----------
    jitter : int
        A record that is at most this many places from where its time belongs came a little late; that is only
        suspicious.
    confidence : float
        Of a record further out of place.

    Source: Fredman (1975), On computing the length of longest increasing subsequences.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    by_order: ClassVar[str] = "what it finds are records that are in the wrong place"
    measure_name: ClassVar[str] = "timeliness of data items"
    at_the_door: ClassVar[bool] = False

    jitter: int = 10
    confidence: float = 0.9

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return needs_dates(schema)

    def learn(self, block: Block) -> TimeLine:
        return TimeLine.of(block)

    def judge(self, state: TimeLine, block: Block, before: Any = None) -> pa.Table | DoesNotApply:
        columns = [column for column in dated(block.schema) if _kept(state.series(column.name))]
        if not columns:
            return DoesNotApply("the records are not in time order")
        parts = [self._column(state, column, block) for column in columns]
        return pa.concat_tables(parts)

    def _column(self, state: TimeLine, column: Column, block: Block) -> pa.Table:
        series = state.series(column.name)
        rows, times = derived(
            state,
            f"steady {column.name}",
            lambda: (series.rows[series.steady], series.times[series.steady] * (-1 if series.falling else 1)),
        )
        mine = block.times(column.name).astype("datetime64[us]").view(np.int64)
        signed = -mine if series.falling else mine
        place = np.searchsorted(rows, block.rows)
        earliest = np.where(place > 0, times[np.maximum(place - 1, 0)], times[0])
        latest = np.where(place < len(times), times[np.minimum(place, len(times) - 1)], times[-1])
        latest = np.where(place >= len(times), np.iinfo(np.int64).max, latest)
        earliest = np.where(place <= 0, np.iinfo(np.int64).min, earliest)
        here = (mine != NAT) & (mine >= series.low) & (mine <= series.high)
        known = np.isin(block.rows, series.rows[~series.steady])  # of two that tie, the one left out of the longest run
        at = np.flatnonzero(here & ((signed < earliest) | (signed > latest) | known))
        moved = np.abs(np.searchsorted(times, signed[at]) - place[at])
        messages = [
            _evidence(series, column.name, rows, int(row), int(mine[i]), int(far))
            for i, row, far in zip(at, block.rows[at], moved, strict=True)
        ]
        return self.found(
            len(at),
            row=block.rows[at],
            column=column.name,
            value=block.text(column.name).take(pa.array(at)),
            suggestion=suggested(series, block, column, at),
            message=messages,
            confidence=np.where(moved > max(self.jitter, NEAR * len(times)), self.confidence, 0.4),
        )

    def total(self, state: TimeLine, schema: Schema) -> int:
        share = state.records / max(1, len(state.rows))
        return round(sum(len(s.times) for s in map(state.series, state.times) if _kept(s)) * share)


def _kept(series: TimeColumn) -> bool:
    """Is order a way of the file: do few records break it, and those not side by side?

    Blocks out of order are a file in another order.
    """
    if not series.ordered:
        return False
    out = ~series.steady[series.plausible]
    beside = np.concatenate([[False], out[:-1]]) | np.concatenate([out[1:], [False]])
    by_chance = (1 - (1 - out.mean()) ** 2) * out.sum()
    return bool(out.mean() <= MOST and (out & beside).sum() <= by_chance + SLACK * np.sqrt(out.sum()))


def _evidence(series: TimeColumn, column: str, steady_rows: np.ndarray, row: int, time: int, moved: int) -> str:
    place = int(np.searchsorted(steady_rows, row))
    at = series.times[series.steady]
    before = f"record {steady_rows[place - 1]} before it has {spoken(int(at[place - 1]))}" if place > 0 else ""
    next_place = place + int(place < len(at) and steady_rows[place] == row)
    after = f"record {steady_rows[next_place]} after it {spoken(int(at[next_place]))}" if next_place < len(at) else ""
    beside = ", ".join(part for part in (before, after) if part)
    share = series.steady.mean()
    return (
        f"{spoken(time)} is about {moved} records out of place: {beside}; {share:.1%} of the records of {column!r} "
        f"are in order"
    )
