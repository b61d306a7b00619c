"""Records that arrived before their event, or long after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.timeliness.timeline import MIN_TIMES, NAT, TimeLine, dated, spoken, spoken_span

# benchmarks/do_no_harm.md: chosen for up to a fifth of wrong times, and against findings on untouched tables
AT_ONCE = 1 << 22  # cost: times that are compared at once
MOSTLY = 0.7  # of the records, at least, keep an order that counts as a rule


@dataclass(frozen=True)
class Lag:
    """Two columns, the earlier first, and the lag (µs) between them: usual, and the most that is usual.

    ``share`` is that of the records in which the order holds.
    """

    event: str
    arrival: str
    usual: int
    most: int
    share: float


@dataclass(frozen=True)
class LaggingArrival(Check):
    """Two times of one record whose distance is unlike all others'.

    Where one time column follows another closely in nearly all records (event and arrival, order and delivery), a
    record whose arrival precedes its event contradicts itself, and one that took far longer than the rest was out of
    date when it came.

    Parameters
    ----------
    agreement : float
        Share of the records in which the order must hold for it to count as a rule, among those whose two times are
        no further apart than usual. Times that have nothing to do with each other lie on both sides of zero there;
        errors lie anywhere, and leave the share as it is however many they are.
    slow : float
        Arrivals this many interquartile ranges above the third quartile are late.

    Source: ISO/IEC 5259-2, timeliness of data items; Tukey (1977) for the fence.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    measure_name: ClassVar[str] = "timeliness of data items"
    unit: ClassVar[str] = "records"

    agreement: float = 0.98
    slow: float = 10.0

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if len(dated(schema)) >= 2 else DoesNotApply("fewer than two columns hold dates")

    def learn(self, block: Block) -> TimeLine:
        return TimeLine.of(block)

    def judge(self, state: TimeLine, block: Block, before: Any = None) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        for lag in self._lags(state, block.schema):
            event, arrival = (block.times(n).astype("datetime64[us]").view(np.int64) for n in (lag.event, lag.arrival))
            apart = arrival - event
            both = (event != NAT) & (arrival != NAT)
            at = np.flatnonzero(both & ((apart < 0) | (apart > lag.most)))
            messages = [self._evidence(lag, int(event[i]), int(arrival[i])) for i in at]
            parts.append(
                self.found(len(at), row=block.rows[at], message=messages, confidence=np.where(apart[at] < 0, 0.8, 0.45))
            )
        return pa.concat_tables(parts)

    def _evidence(self, lag: Lag, event: int, arrival: int) -> str:
        if arrival < event:
            return (
                f"{lag.arrival!r} {spoken(arrival)} lies {spoken_span(event - arrival)} before {lag.event!r} "
                f"{spoken(event)}; in {lag.share:.1%} of the records it follows it"
            )
        return (
            f"{lag.arrival!r} {spoken(arrival)} came {spoken_span(arrival - event)} after {lag.event!r}; usual is "
            f"{spoken_span(lag.usual)}"
        )

    def _lags(self, state: TimeLine, schema: Schema) -> list[Lag]:
        return derived(state, f"lags {self.agreement} {self.slow}", lambda: self._find(state, schema))

    def _find(self, state: TimeLine, schema: Schema) -> list[Lag]:
        names = [column.name for column in dated(schema)]
        lags = []
        for first, seconds in _in_order(state, names) if len(state.rows) >= MIN_TIMES else ():
            for second in seconds:
                lag = self._pair(state, first, second)
                if lag is not None:
                    lags.append(lag)
        return lags

    def _pair(self, state: TimeLine, first: str, second: str) -> Lag | None:
        a, b = state.times[first], state.times[second]
        both = (a != NAT) & (b != NAT)
        both &= state.series(first).inside(a) & state.series(second).inside(b)
        if both.sum() < MIN_TIMES:
            return None
        apart = b[both] - a[both]
        if (apart >= 0).mean() < 0.5:
            first, second, apart = second, first, -apart
        ahead = apart[apart >= 0]
        share = len(ahead) / len(apart)
        quarter, usual, most = np.quantile(ahead, [0.25, 0.5, 0.75])
        near = apart[np.abs(apart) <= usual]
        if share < MOSTLY or (near >= 0).mean() < self.agreement or usual <= 0 or usual > np.ptp(a[both]) / 4:
            return None
        return Lag(first, second, int(usual), int(most + self.slow * max(most - quarter, usual)), share)

    def total(self, state: TimeLine, schema: Schema) -> int:
        return state.records if self._lags(state, schema) else 0


def _in_order(state: TimeLine, names: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each column with the later ones that follow or precede it in enough records to be asked more closely."""
    times = np.stack([state.times[name] for name in names])
    known = np.stack([(t != NAT) & state.series(name).inside(t) for name, t in zip(names, times, strict=True)])
    some = max(1, AT_ONCE // times.shape[1])
    for at, first in enumerate(names):
        seconds = []
        for begin in range(at + 1, len(names), some):
            part = slice(begin, begin + some)
            both = known[part] & known[at]
            sizes = both.sum(axis=1)
            after = ((times[part] >= times[at]) & both).sum(axis=1)
            before = ((times[part] <= times[at]) & both).sum(axis=1)
            hits = (sizes >= MIN_TIMES) & (np.maximum(after, before) >= MOSTLY * sizes - 1e-9)
            seconds += [names[begin + place] for place in np.flatnonzero(hits).tolist()]
        yield first, seconds
