"""The records that have not happened yet: one a step behind the last one of each series, with nothing but its time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role
from karat.prepare.history import Past, series_of
from karat.prepare.time_order import CALENDAR, CLOCKS, calendar_columns, moments

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # POSIX
Nothing = tuple[Block, np.ndarray, np.ndarray]


def with_future(block: Block, horizon: int) -> Nothing:
    """The block with ``horizon`` records behind each series, and where they stand.

    Parameters
    ----------
    block : Block
        A series, or several, one a group.
    horizon : int
        Steps.

    Returns
    -------
    (longer, positions, steps) : without positions where the clock is not regular or is not told by columns that can
        be written for another time.
    """
    table: dict[str, list[str | None]] = {name: [] for name in block.table.column_names}
    steps: list[int] = []
    when = moments(block)
    groups = block.schema.with_role(Role.GROUP)
    for part in series_of(block):
        at = part[np.argsort(when[part], kind="stable")]
        pace = Past(when[at], when[at]).step
        if not pace:
            continue
        last = int(at[-1])
        for step in range(1, horizon + 1):
            dates = _dates(block, last, float(when[last]) + step * pace, step)
            if dates is None:
                return block, np.zeros(0, np.int64), np.zeros(0, np.int64)
            texts = dates | {group.name: block.text(group.name)[last].as_py() for group in groups}
            for name, cells in table.items():
                cells.append(texts.get(name))
            steps.append(step)
    if not steps:
        return block, np.zeros(0, np.int64), np.zeros(0, np.int64)
    more = pa.table({name: pa.array(cells, block.table.schema.field(name).type) for name, cells in table.items()})
    whole = pa.concat_tables([block.table, more]).combine_chunks()
    rows = np.append(block.rows, block.rows.max() + 1 + np.arange(len(steps)))
    return Block(rows, whole, block.schema), np.arange(len(block), len(rows)), np.array(steps, np.int64)


def _dates(block: Block, last: int, moment: float, step: int) -> dict[str, str | None] | None:
    """The columns that tell when, written for a moment; None where they cannot be."""
    times = block.schema.with_role(Role.TIME)
    if len(times) == 1:
        return {times[0].name: _written(block, last, moment, times[0])}
    if len(times) == 2:
        return _date_and_clock(block, last, moment, times)
    names = calendar_columns(block.schema)
    named = {name.strip().lower(): name for name in names}
    if not any(name in named for name in CALENDAR[0][0]):
        return _ticks(block, last, step, [name for name in names if name.strip().lower() in CLOCKS])
    return _parts(block, last, step, named)


def _written(block: Block, last: int, seconds: float, column: Column) -> str:
    """A moment as the column writes its own."""
    time = EPOCH + timedelta(microseconds=round(seconds * 1e6))
    like = block.text(column.name)[last].as_py() or ""
    return time.strftime(column.format) if column.format else time.isoformat(sep="T" if "T" in like else " ")[:-6]


def _date_and_clock(block: Block, last: int, moment: float, times: tuple[Column, ...]) -> dict[str, str | None] | None:
    """A date column and a clock column: their moments add up, whatever day the clock's reading is counted from."""
    known = [block.times(column.name)[last].astype("datetime64[us]").astype(np.int64) / 1e6 for column in times]
    clock = int(np.argmin(known))
    if np.isnan(known).any() or known[clock] > 0:
        return None
    day = float(np.floor(known[clock] / 86_400) * 86_400)
    date = float(np.floor((moment - day) / 86_400) * 86_400)
    both = {1 - clock: date, clock: moment - date}
    return {times[at].name: _written(block, last, value, times[at]) for at, value in both.items()}


def _ticks(block: Block, last: int, step: int, names: list[str]) -> dict[str, str | None] | None:
    """A counter goes on as it went."""
    if not names:
        return None
    counts = block.numbers(names[0])
    pace = float(np.nanmedian(np.diff(counts)))
    return {names[0]: f"{counts[last] + step * pace:g}"}


def _parts(block: Block, last: int, step: int, named: dict[str, str]) -> dict[str, str | None] | None:
    """A date spread over year, month, day, hour and minute: counted on by its finest part."""
    columns = [next((named[name] for name in names if name in named), None) for names, _ in CALENDAR]
    present = [
        int(block.numbers(name)[last]) if name else at for name, at in zip(columns, (0, 1, 1, 0, 0), strict=True)
    ]
    finest = max(at for at, name in enumerate(columns) if name)
    paces: dict[int, Any] = {2: timedelta(days=1), 3: timedelta(hours=1), 4: timedelta(minutes=1)}
    if finest not in paces:
        return None
    year, month, day, hour, minute = present
    then = datetime(year, month, day, hour, minute, tzinfo=UTC) + step * paces[finest]
    future = (then.year, then.month, then.day, then.hour, then.minute)
    return {name: str(value) for name, value in zip(columns, future, strict=True) if name}
