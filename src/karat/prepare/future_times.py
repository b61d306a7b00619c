"""Times to come, written as a table writes its own, and clocks as they hang on the wall."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from karat.core.block import Block
from karat.core.schema import Column, Role
from karat.prepare.time_order import CALENDAR, CLOCKS, calendar_columns, moments

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # POSIX
ZONE = re.compile(r"(?:Z|([+-])(\d{2}):?(\d{2}))$")  # ISO 8601
DAY = 86_400.0  # definition: seconds


def wall_times(block: Block) -> np.ndarray:
    """(n,) seconds since 1970 at which each record happened, by the clock of its own place.

    A day's rhythm follows the clock on the wall: with daylight saving an hour is missing in spring, and one comes twice
    in autumn. Where the times name their distance from UTC it is added; without one they are wall times already.
    """
    when, times = moments(block), block.schema.with_role(Role.TIME)
    if len(times) != 1 or times[0].format:
        return when
    texts = block.text(times[0].name).to_pylist()
    apart = {text: offset_of(text) for text in {text[10:] for text in texts if text and len(text) > 10}}
    if not any(apart.values()):
        return when
    return np.asarray(when + [apart.get(text[10:], 0.0) if text else 0.0 for text in texts])


def offset_of(text: str) -> float:
    """Seconds that a time's clock is ahead of UTC; 0 where it does not say."""
    zone = ZONE.search(text)
    if zone is None or zone[1] is None:
        return 0.0
    return (1 if zone[1] == "+" else -1) * (int(zone[2]) * 3_600.0 + int(zone[3]) * 60.0)


def written_times(block: Block, like: int, when: Sequence[float], steps: Sequence[int]) -> list[str]:
    """Wall times in the writing of the record at position ``like``; of several columns one behind the other.

    Parameters
    ----------
    like : int
        Position of the record.
    when : sequence of float
        Seconds since 1970 by the clock of the place.
    steps : sequence of int
        Steps behind the record, for a table that only counts.
    """
    times = block.schema.with_role(Role.TIME)
    if len(times) == 1:
        return [_written(block, like, moment, times[0]) for moment in when]
    if len(times) == 2:
        return [_date_and_clock(block, like, moment, times) for moment in when]
    names = calendar_columns(block.schema)
    named = {name.strip().lower(): name for name in names}
    if any(name in named for name in CALENDAR[0][0]):
        return [_parts(moment, named) for moment in when]
    counters = [name for name in names if name.strip().lower() in CLOCKS]
    return _ticks(block, like, steps, counters[0] if counters else "")


def _written(block: Block, like: int, seconds: float, column: Column) -> str:
    time, text = EPOCH + timedelta(microseconds=round(seconds * 1e6)), block.text(column.name)[like].as_py() or ""
    if column.format == "%s":
        return f"{seconds:.0f}"
    if column.format:
        return time.strftime(column.format)
    if len(text.strip()) == 10:
        return time.date().isoformat()
    zone = ZONE.search(text)
    return time.isoformat(sep="T" if "T" in text else " ")[:-6] + (zone[0] if zone else "")


def _date_and_clock(block: Block, like: int, moment: float, times: tuple[Column, ...]) -> str:
    """A date column and a clock column: their moments add up, whatever day the clock's reading is counted from."""
    known = [block.times(column.name)[like].astype("datetime64[us]").astype(np.int64) / 1e6 for column in times]
    clock = int(np.argmin(known))
    day = float(np.floor(known[clock] / DAY) * DAY)
    date = float(np.floor((moment - day) / DAY) * DAY)
    both = {1 - clock: date, clock: moment - date}
    return " ".join(_written(block, like, both[at], times[at]) for at in (0, 1))


def _parts(moment: float, named: dict[str, str]) -> str:
    """Year, month and what else has a column of its own."""
    time = EPOCH + timedelta(seconds=round(moment))
    values = (time.year, time.month, time.day, time.hour, time.minute)
    shown = [str(value) for (names, _), value in zip(CALENDAR, values, strict=True) if any(n in named for n in names)]
    return "-".join(part.zfill(2) for part in shown)


def _ticks(block: Block, like: int, steps: Sequence[int], name: str) -> list[str]:
    """A counter goes on as it went; without one the steps themselves."""
    if not name:
        return [f"+{step}" for step in steps]
    counts = block.numbers(name)
    pace = float(np.nanmedian(np.diff(np.unique(counts))))
    return [f"{counts[like] + step * pace:g}" for step in steps]
