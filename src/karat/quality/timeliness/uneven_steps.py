"""Steps in time that are not of one length, and times that occur twice."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.timeliness.timeline import MIN_TIMES, TimeLine, dated, needs_dates, spoken, spoken_span

HOUR_US = 3_600_000_000  # definition: an hour in µs
NAMED = 3  # display: times


@dataclass(frozen=True)
class UnevenSteps(Check):
    """Series whose steps in time differ, or in which some times occur twice; one finding a column for each.

    A model of lags counts records, not hours: between uneven steps its "one record ago" means another span each time.
    A time that occurs twice is a second record of the same moment, or the hour that local time repeats when summer
    time ends; nothing in the table tells the two apart, so nothing is changed.

    Parameters
    ----------
    usual_share : float
        Steps are even where at least this share of them are of one length.
    repeated_share : float
        A column in which more of the times occur again is a panel of several series, not one series with a few doubles.

    Source: ISO/IEC 5259-2, timeliness of data items; both shares are unproven.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    measure_name: ClassVar[str] = "timeliness of data items"
    kinds: ClassVar[frozenset[str]] = frozenset({"series"})
    at_the_door: ClassVar[bool] = False

    usual_share: float = 0.5
    repeated_share: float = 0.05

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return needs_dates(schema)

    def learn(self, block: Block) -> TimeLine:
        return TimeLine.of(block)

    def conclude(self, state: TimeLine, schema: Schema) -> pa.Table:
        named_lines = [
            (column.name, line)
            for column in dated(schema)
            for line in self._lines(state, column.name)
            if state.whole and line
        ]
        parts = [self.found(1, column=name, confidence=0.9, message=line) for name, line in named_lines]
        return pa.concat_tables([self.found(0, confidence=[], message=[]), *parts])

    def _lines(self, state: TimeLine, name: str) -> tuple[str, ...]:
        series = state.series(name)
        times, counts = np.unique(series.times[series.plausible], return_counts=True)
        repeated = times[counts > 1]
        if len(times) < MIN_TIMES or len(repeated) > self.repeated_share * len(times):
            return ()
        return _of_repeated(repeated, counts[counts > 1]), self._of_steps(np.diff(times))

    def _of_steps(self, steps: np.ndarray) -> str:
        lengths, counts = np.unique(steps, return_counts=True)
        share = float(counts.max() / len(steps))
        months = lengths.min() >= 28 * 24 * HOUR_US and lengths.max() <= 31 * 24 * HOUR_US  # calendar months are even
        if share >= self.usual_share or months:
            return ""
        usual = spoken_span(int(lengths[counts.argmax()]))
        return (
            f"steps in time are uneven: from {spoken_span(int(lengths[0]))} to {spoken_span(int(lengths[-1]))}, median "
            f"{spoken_span(int(np.median(steps)))}; only {share:.0%} have the most frequent length, {usual}. A lag of "
            "one record spans a different time each time"
        )


def _of_repeated(repeated: np.ndarray, counts: np.ndarray) -> str:
    if not len(repeated):
        return ""
    named = ", ".join(spoken(int(time)) for time in repeated[:NAMED]) + (" …" if len(repeated) > NAMED else "")
    number = f"{len(repeated)} times occur" if len(repeated) > 1 else "1 time occurs"
    summer = " or the hour that local time repeats when summer time ends" if (counts == 2).all() else ""
    return (
        f"{number} more than once: {named}. Each is a second record of the same moment{summer}; store UTC times or an "
        "offset to tell which"
    )
