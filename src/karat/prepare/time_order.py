"""Is the data a time series, and in what order do its records stand?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.degrees import A_TENTH, SHAPE_SAMPLE
from karat.core.schema import Role, Schema
from karat.prepare.columns import codes, seconds
from karat.prepare.relation_change import relation_change
from karat.prepare.target import Target

MIN_CORRELATION = 0.3  # a medium correlation (Cohen, 1988): less splits plain tables by time, more leaks a neighbour
# Several series in one file: each moment stands there twice or more, hardly ever twice for one series, and at least
# half of all moments have a record of each series, of which there are ten or more (chosen by what the words mean);
# definition: twice or more, one in a thousand repeated, half, ten
SHARED, ALONE, FULL, LEAST_OF_A_SERIES = 2, 0.999, 0.5, 10
DAY = 86_400.0  # definition: seconds
# Parts of a date spread over columns of their own.
# definition: each at its longest
CALENDAR = (
    (("year", "yr", "年", "年份"), 372 * DAY),
    (("month", "mon", "mnth", "月", "月份"), 31 * DAY),
    (("day", "dom", "日", "日期"), DAY),
    (("hour", "hr", "时", "小时"), 3600.0),
    (("minute", "min", "分", "分钟"), 60.0),
)
MOST_YEAR = 100_000  # definition: of the calendar of NumPy


# A number of such a name that hardly ever falls from record to record: the records stand in order of time.
CLOCKS = ("date", "time", "datetime", "timestamp", "step", "tick", "日期", "时间", "时间戳", "时刻")
MAX_STEPS_BACK = 0.001  # unproven: more takes a number that merely rises for a clock


@dataclass(frozen=True, eq=False)
class TimeOrder:
    """When each record happened.

    Parameters
    ----------
    when : ndarray of float64, shape (n,)
        Seconds; a record without a time takes that of the record before it.
    correlation : float
        How far a record's target tells the next one's: lag-1 correlation, for classes Cohen's kappa.
    is_series : bool
        Strong enough that a random split would let a model read the answer off a neighbour.
    words : str
        How it was decided.
    change : str
        How what a feature says of the target changes over time; empty where it does not.
    """

    when: np.ndarray
    correlation: float
    is_series: bool
    words: str
    change: str = ""

    @property
    def forward(self) -> bool:
        """Whether records dealt at random would promise what later ones do not keep."""
        return self.is_series or bool(self.change)


def time_order(block: Block, target: Target) -> TimeOrder | None:
    """The order in time, or None without a usable time column."""
    columns, when = _moments(block)
    if not columns or np.isnan(when).mean() > A_TENTH:
        return None
    when = _filled(when)
    at = np.flatnonzero(~target.missing)
    at = at[np.argsort(when[at], kind="stable")]
    own = None if block.schema.with_role(Role.GROUP) else series_column(block)
    series_at = parts_of(codes(block, own)[0][at]) if own else [np.arange(len(at))]
    each = [(_kappa if target.classes else _lag)(target.values[at[part]]) for part in series_at]
    correlation = float(np.average(each, weights=[len(part) for part in series_at])) if len(at) else 0.0
    limit = max(MIN_CORRELATION, 4 / np.sqrt(max(len(at), 1)))
    series = len(at) >= SHAPE_SAMPLE and correlation >= limit
    words = (
        f"successive values of {block.schema.target.name if block.schema.target else 'the target'} are "
        f"{'correlated' if series else 'almost uncorrelated'} in order of {' + '.join(columns)} "
        f"(lag-1 correlation {correlation:.2f}, limit {limit:.2f})"
    )
    words += f"; {len(each):,} series, one for each {own}" if own else ""
    change = "" if series else relation_change(block, target, when)
    return TimeOrder(when, correlation, bool(series), f"{change}; {words}" if change else words, change)


def series_column(block: Block) -> str | None:
    """The column that says which series a record belongs to, where one file holds several; None for a single one.

    The first group column; else a category or identifier beside which the moments, each of which several records
    share, are one record's own.
    """
    groups = block.schema.with_role(Role.GROUP)
    return groups[0].name if groups else block.memo(("series",), lambda: _told_apart_by(block))


def _told_apart_by(block: Block) -> str | None:
    columns, when = _moments(block)
    if not columns or np.isnan(when).any():
        return None
    stamps, at = np.unique(when, return_inverse=True)
    size, count = len(when), len(stamps)
    if SHARED * count > size:
        return None
    for column in block.schema.with_role(Role.CATEGORY, Role.ID):
        coded, values = codes(block, column.name)
        if not 2 <= len(values) <= size / LEAST_OF_A_SERIES or size < FULL * len(values) * count:
            continue
        if len(np.unique(coded.astype(np.int64) * count + at)) >= ALONE * size:
            return column.name
    return None


def parts_of(key: np.ndarray) -> list[np.ndarray]:
    """Positions of each value of a key, in their order."""
    order = np.argsort(key, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(key[order])) + 1)


def _moments(block: Block) -> tuple[list[str], np.ndarray]:
    """The columns that tell the time, and the seconds they add up to (n,)."""
    columns = [column.name for column in block.schema.with_role(Role.TIME)]
    if columns:  # a date column and a clock column add up to a moment
        return columns, np.sum([seconds(block, column) for column in columns], axis=0)
    named = {column.name.strip().lower(): column.name for column in block.schema.with_role(Role.NUMBER)}
    units = [(next((named[name] for name in names if name in named), None), size) for names, size in CALENDAR]
    if units[0][0] is None or units[1][0] is None:  # without a year or a month there is no order
        return _clock(block, [named[name] for name in CLOCKS if name in named])
    parts = [block.numbers(name) if name else None for name, _ in units]
    return [name for name, _ in units if name], _from_parts(parts)


def _from_parts(parts: Sequence[np.ndarray | None]) -> np.ndarray:
    """(n,) seconds since 1970 of year, month and, where there are any, day, hour and minute; NaN where not a date."""
    year, month, *rest = parts
    assert year is not None
    assert month is not None
    day, hour, minute = (
        np.full(len(year), first) if part is None else part for part, first in zip(rest, (1.0, 0.0, 0.0), strict=True)
    )
    fits = np.isfinite(year + month + day + hour + minute) & (month >= 1) & (month <= 12) & (np.abs(year) < MOST_YEAR)
    months = np.where(fits, (year - 1970) * 12 + month - 1, 0).astype(np.int64)
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.float64)
    return np.where(fits, (days + day - 1) * DAY + hour * 3600 + minute * 60, np.nan)


def _clock(block: Block, columns: list[str]) -> tuple[list[str], np.ndarray]:
    """The records' own order, where a number named like a time says that it is one."""
    for name in columns:
        steps = np.diff(block.numbers(name))
        if len(steps) and np.isfinite(steps).all() and (steps < 0).mean() <= MAX_STEPS_BACK and (steps > 0).any():
            return [name], np.arange(len(block), dtype=np.float64)
    return [], np.zeros(0)


def moments(block: Block) -> np.ndarray:
    """(n,) seconds, or steps, at which each record happened; its place where the data do not say."""
    columns, when = _moments(block)
    usable = bool(columns) and not np.isnan(when).all()
    return _filled(when) if usable else np.arange(len(block), dtype=np.float64)


def calendar_columns(schema: Schema) -> list[str]:
    """The columns that tell when: times, and parts of a date that have columns of their own."""
    words = {word for names, _ in CALENDAR for word in names} | set(CLOCKS)
    times = [column.name for column in schema.with_role(Role.TIME)]
    return times + [c.name for c in schema.with_role(Role.NUMBER) if c.name.strip().lower() in words]


def _filled(when: np.ndarray) -> np.ndarray:
    last = np.maximum.accumulate(np.where(np.isnan(when), -1, np.arange(len(when))))
    first = when[~np.isnan(when)][0]
    return np.where(last >= 0, when[np.maximum(last, 0)], first)


def _lag(values: np.ndarray) -> float:
    if len(values) < 3 or values[:-1].std() == 0 or values[1:].std() == 0:
        return 0.0
    return float(np.corrcoef(values[:-1], values[1:])[0, 1])


def _kappa(codes: np.ndarray) -> float:
    if len(codes) < 3:
        return 0.0
    share = np.bincount(codes) / len(codes)
    chance = float((share**2).sum())
    return (float((codes[:-1] == codes[1:]).mean()) - chance) / (1 - chance) if chance < 1 else 0.0
