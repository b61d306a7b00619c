"""The data's own clock: what the time columns of a table say about when, and in what order, it was written."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.degrees import A_FEW
from karat.core.finding import DoesNotApply
from karat.core.parsing import EPOCH_FORMAT
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived

MAX_TIMES = 262_144  # cost: beyond, a sample of the records
MIN_TIMES = 20  # flat from 10 to 40 (benchmarks/constants.md): fewer stand in order by chance
TAIL = 0.05  # at most this share at either end may be implausible; flat from 0.0256 to 0.0952 (benchmarks/constants.md)
# a gap this many times the widest in the middle cuts off what lies beyond it; flat from 5
# to 20 (benchmarks/constants.md)
WIDE = 10
# and TAPER times wider than what the INNER values inside of it span; INNER flat from 5 to 20; TAPER flat from 1
# to 6 (benchmarks/constants.md)
INNER, TAPER = 10, 3
NAT = np.iinfo(np.int64).min
DAY_US = 86_400_000_000  # definition: a day in µs
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # definition: POSIX


def dated(schema: Schema) -> tuple[Column, ...]:
    """The time columns that hold a date; a time of day alone has no age."""
    return tuple(
        c
        for c in schema
        if (c.type == "timestamp" or c.role is Role.TIME)
        and c.role is not Role.IGNORE
        and (not c.format or any(mark in c.format for mark in ("%Y", "%y", "%F", "%D", "%s")))
    )


def needs_dates(schema: Schema) -> DoesNotApply | None:
    """Why a check of times cannot run, or None."""
    return None if dated(schema) else DoesNotApply("no column holds dates")


@dataclass(frozen=True)
class TimeColumn:
    """One time column, thought through.

    Parameters
    ----------
    rows, times : ndarray of int64, shape (m,)
        Record numbers and microseconds since 1970 of the cells that hold a time.
    low, high : int
        First and last plausible time.
    margin : int
        A new record may lie this many microseconds beyond them.
    ordered : bool
        Do the plausible times rise (or fall) with the record number, but for a few?
    steady : ndarray of bool, shape (m,)
        The longest run of records in order; all True where the column is in no order.
    falling : bool
        The newest record comes first.
    """

    rows: np.ndarray
    times: np.ndarray
    low: int
    high: int
    margin: int
    ordered: bool
    steady: np.ndarray
    falling: bool

    @property
    def plausible(self) -> np.ndarray:
        """(m,) bool: within the body of the column."""
        return self.inside(self.times)

    def inside(self, times: np.ndarray) -> np.ndarray:
        """Which of some times (µs) lie within the body of the column."""
        return (times >= self.low) & (times <= self.high)


@dataclass(frozen=True)
class TimeLine:
    """The times of up to ``MAX_TIMES`` records (those with the smallest keys), in record order.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
    keys : ndarray of uint64, shape (s,)
        As in ``Block.keys``.
    times : dict of str to ndarray of int64, shape (s,)
        Microseconds since 1970 by column; ``NAT`` where missing.
    records : int
        Records seen in all.
    """

    rows: np.ndarray
    keys: np.ndarray
    times: dict[str, np.ndarray]
    records: int

    @classmethod
    def of(cls, block: Block) -> "TimeLine":
        """The times of one block; computed once per block."""

        def make() -> TimeLine:
            times = {c.name: block.times(c.name).astype("datetime64[us]").view(np.int64) for c in dated(block.schema)}
            return cls(block.rows, block.keys, times, len(block))._bounded()

        return block.memo(TimeLine, make)

    def merge(self, other: Self) -> "TimeLine":
        rows, keys = np.concatenate([self.rows, other.rows]), np.concatenate([self.keys, other.keys])
        times = {name: np.concatenate([stamps, other.times[name]]) for name, stamps in self.times.items()}
        return TimeLine(rows, keys, times, self.records + other.records)._bounded()

    def _bounded(self) -> "TimeLine":
        if len(self.rows) <= MAX_TIMES:
            return self
        keep = np.sort(np.argpartition(self.keys, MAX_TIMES)[:MAX_TIMES])
        return TimeLine(self.rows[keep], self.keys[keep], {n: t[keep] for n, t in self.times.items()}, self.records)

    @property
    def whole(self) -> bool:
        """Does it hold every record?"""
        return len(self.rows) == self.records

    def series(self, name: str) -> TimeColumn:
        """One column, thought through; computed once."""
        return derived(self, f"series {name}", lambda: _series(self.rows, self.times[name]))

    def cells(self, ordered: bool = False) -> int:
        """How many cells hold a time, in all columns or in those that stand in order."""
        share = self.records / max(1, len(self.rows))
        filled = [len(s.times) for s in map(self.series, self.times) if s.ordered or not ordered]
        return round(sum(filled) * share)


def _series(rows: np.ndarray, times: np.ndarray) -> TimeColumn:
    filled = times != NAT
    rows, times = rows[filled], times[filled]
    low, high, margin = body(times)
    plausible = (times >= low) & (times <= high)
    steps = np.diff(times[plausible])
    falling = bool((steps < 0).sum() > (steps > 0).sum())
    steady = np.ones(len(times), bool)
    ordered = len(times) >= MIN_TIMES and high > low and min((steps < 0).mean(), (steps > 0).mean()) <= A_FEW
    if ordered:
        sign = -1 if falling else 1
        rising = longest_rising(sign * times[plausible])
        ordered = bool(rising.mean() >= 1 - A_FEW)
        if ordered:
            steady = plausible.copy()
            steady[plausible] = rising
    return TimeColumn(rows, times, low, high, margin, ordered, steady, falling)


def body(times: np.ndarray) -> tuple[int, int, int]:
    """First and last plausible time, and how far beyond them a new record may lie.

    From the middle outwards, the first gap that is ``WIDE`` times wider than any in the middle 90 % cuts off what
    lies beyond, when it is also wide beside the values just inside of it: a tail that thins out (dates of birth) has
    no such gap, so nothing is cut there.

    Parameters
    ----------
    times : ndarray of int64, shape (m,)
    """
    times = np.sort(times)
    size = len(times)
    if size < MIN_TIMES:
        return (int(times[0]), int(times[-1]), DAY_US) if size else (0, 0, DAY_US)
    first, last = int(size * TAIL), size - 1 - int(size * TAIL)
    gaps = np.diff(times)
    limit = max(WIDE * int(gaps[first:last].max(initial=0)), int(times[last] - times[first]) // 20, DAY_US)
    near = TAPER * (times[INNER:] - times[:-INNER])  # how a tail thins out just inside of a gap
    below = np.flatnonzero(gaps[:first] > np.maximum(limit, near[1 : first + 1]))
    above = last + np.flatnonzero(gaps[last:] > np.maximum(limit, near[last - INNER : size - 1 - INNER]))
    low = int(times[below[-1] + 1]) if len(below) else int(times[0])
    high = int(times[above[0]]) if len(above) else int(times[-1])
    return low, high, limit


def longest_rising(values: np.ndarray) -> np.ndarray:
    """(m,) bool: the longest subsequence that never falls (patience sorting, Fredman 1975)."""
    if (np.diff(values) >= 0).all():
        return np.ones(len(values), bool)
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values.tolist()):
        pile = bisect_right(ends, value)
        before.append(at[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(value)
            at.append(place)
        else:
            ends[pile], at[pile] = value, place
    out = np.zeros(len(values), bool)
    place = at[-1]
    while place >= 0:
        out[place] = True
        place = before[place]
    return out


def spoken(time_us: int) -> str:
    """A time as people write it."""
    when = np.datetime64(time_us, "us")  # a year may have five digits
    return str(when.astype("datetime64[D]" if time_us % DAY_US == 0 else "datetime64[s]")).replace("T", " ")


def spoken_span(span_us: int) -> str:
    """A span of time in its natural unit."""
    for unit, size in (("years", 365.25 * DAY_US), ("days", DAY_US), ("hours", 3_600_000_000), ("minutes", 60_000_000)):
        if abs(span_us) >= 2 * size:
            return f"{span_us / size:.1f} {unit}".replace(".0 ", " ")
    return f"{span_us / 1_000_000:g} seconds"


def expected(series: TimeColumn, rows: np.ndarray) -> np.ndarray:
    """(k,) int64: the time a record should have by its neighbours in a regular series; ``NAT`` where unknown.

    Parameters
    ----------
    rows : ndarray of int64, shape (k,)
        Records whose time is in doubt.
    """
    out = np.full(len(rows), NAT)
    at = np.flatnonzero(series.steady)
    if not series.ordered or len(at) < MIN_TIMES:
        return out
    anchors, times = series.rows[at], series.times[at]
    steps, counts = np.unique(np.diff(times), return_counts=True)
    step = steps[counts.argmax()]
    if counts.max() < len(times) / 2 or step == 0:
        return out
    after = np.searchsorted(anchors, rows)
    known = (after > 0) & (after < len(anchors))
    after = np.clip(after, 1, len(anchors) - 1)
    fits = times[after] - times[after - 1] == step * (anchors[after] - anchors[after - 1])
    value = times[after - 1] + step * (rows - anchors[after - 1])
    return np.where(known & fits & (anchors[after] != rows), value, out)


def written(time_us: int, column: Column, like: str) -> str | None:
    """A time as text in the style of another cell of the column, None where that style is not understood."""
    when = EPOCH + timedelta(microseconds=time_us)
    style = column.format
    if style == EPOCH_FORMAT:
        seconds = str(time_us // 1_000_000)
        return seconds if len(seconds) == len(like) else None
    if not style:
        mark = "T" if "T" in like else " "
        style = {10: "%Y-%m-%d", 16: f"%Y-%m-%d{mark}%H:%M", 19: f"%Y-%m-%d{mark}%H:%M:%S"}.get(len(like), "")
    return when.strftime(style) if style and len(when.strftime(style)) == len(like) else None


def suggested(series: TimeColumn, block: Block, column: Column, at: np.ndarray) -> list[str | None]:
    """What should stand in doubtful cells of a regular series, None where unknown.

    Parameters
    ----------
    at : ndarray of int64, shape (k,)
        Positions in the block.
    """
    texts = [str(value) for value in block.text(column.name).take(pa.array(at)).to_pylist()]
    times = expected(series, block.rows[at])
    return [None if time == NAT else written(int(time), column, text) for time, text in zip(times, texts, strict=True)]
