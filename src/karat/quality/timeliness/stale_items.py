"""Items that nobody meets any more."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.degrees import FULL_CELL
from karat.core.finding import Dimension, no_findings
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.events import NO_TIME, OfEvents, SampledEvents
from karat.quality.interaction_columns import InteractionColumns
from karat.quality.timeliness.timeline import body, spoken, spoken_span


@dataclass(frozen=True)
class StaleItems(OfEvents, Check):
    """Items whose last event is long past, by the data's own clock.

    What has left the shop still takes places in lists, and its events tell of a taste that may be gone.

    Parameters
    ----------
    silent_share : float
        An item is stale when its last event is older than this share of the whole span.
    many : float
        Share of stale items from which the finding counts; below it is only told.

    Source: ISO/IEC 5259-2, record currentness.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    measure_name: ClassVar[str] = "record currentness"
    unit: ClassVar[str] = "items"
    timed: ClassVar[bool] = True

    silent_share: float = 0.25
    many: float = 0.2

    def conclude(self, state: SampledEvents, schema: Schema) -> pa.Table:
        named = InteractionColumns.of(schema)
        stale, known, clock, limit = self._stale(state)
        if named is None or not len(stale):
            return no_findings()
        some = ", ".join(repr(state.item.texts[at].as_py()) for at in stale[:3].tolist())
        return self.found(
            1,
            column=named.item,
            confidence=0.6 if len(stale) >= self.many * known else 0.3,
            message=f"{len(stale):,} of {known:,} items with {FULL_CELL} events or more have had none for "
            f"{spoken_span(limit)} before {spoken(clock)}, the data's own clock: {some}",
        )

    def measures(self, state: SampledEvents, schema: Schema, findings: pa.Table) -> list[Measure]:
        stale, known, *_ = self._stale(state)
        return [Measure(self.measure_name, self.standard, len(stale), known, self.unit)] if known else []

    def _stale(self, events: SampledEvents) -> tuple[np.ndarray, int, int, int]:
        """Codes of stale items, how many could be, the clock, and the age in µs from which they are."""
        return derived(events, f"stale {self.silent_share}", lambda: _stale(events, self.silent_share))


def _stale(events: SampledEvents, silent_share: float) -> tuple[np.ndarray, int, int, int]:
    sequence = events.sequence
    at = np.flatnonzero(sequence.time != NO_TIME)
    if not len(at):
        return np.zeros(0, np.int64), 0, 0, 0
    low, high, _ = body(sequence.time[at])
    at = at[(sequence.time[at] >= low) & (sequence.time[at] <= high)]
    last = np.full(len(events.item), NO_TIME)
    np.maximum.at(last, sequence.item[at], sequence.time[at])
    often = np.bincount(sequence.item[at], minlength=len(last)) >= FULL_CELL
    limit = int(silent_share * (high - low))
    stale = np.flatnonzero(often & (last < high - limit)) if limit else np.zeros(0, np.int64)
    return stale, int(often.sum()), high, limit
