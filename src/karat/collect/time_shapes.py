"""Columns of times: their format, by the evidence of the column and of the whole source, and their century."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from karat.collect.shapes import DistinctTexts
from karat.core.degrees import REPEATEDLY

YEARS = r"(?:1[5-9]|20|21)\d{2}"  # definition: what a month without a day is read beside
DATES = {
    "": r"\d{4}-\d{2}-\d{2}",
    "%Y-%m-%d": r"\d{4}-\d{1,2}-\d{1,2}",
    "%Y/%m/%d": r"\d{4}/\d{1,2}/\d{1,2}",
    "%Y.%m.%d": r"\d{4}\.\d{1,2}\.\d{1,2}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%m/%d/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%d-%m-%Y": r"\d{1,2}-\d{1,2}-\d{4}",
    "%m-%d-%Y": r"\d{1,2}-\d{1,2}-\d{4}",
    "%d/%m/%y": r"\d{1,2}/\d{1,2}/\d{2}",
    "%m/%d/%y": r"\d{1,2}/\d{1,2}/\d{2}",
    "%d.%m.%y": r"\d{1,2}\.\d{1,2}\.\d{2}",
    "%d-%m-%y": r"\d{1,2}-\d{1,2}-\d{2}",
    "%m-%d-%y": r"\d{1,2}-\d{1,2}-\d{2}",
    "%Y%m%d": r"(?:19|20)\d{6}",
    "%Y年%m月%d日": r"\d{4}年\d{1,2}月\d{1,2}日",
    "%Y年%m月": r"\d{4}年\d{1,2}月",
    "%d %b %Y": r"\d{1,2} [A-Za-z]+ \d{4}",
    "%b %d, %Y": r"[A-Za-z]+ \d{1,2}, \d{4}",
    "%d-%b-%Y": r"\d{1,2}-[A-Za-z]{3}-\d{4}",
    "%d-%b-%y": r"\d{1,2}-[A-Za-z]{3}-\d{2}",
    "%b %d %Y": r"[A-Za-z]{3,9} \d{1,2} \d{4}",
    "%Y-%m": rf"{YEARS}-\d{{1,2}}",
    "%Y/%m": rf"{YEARS}/\d{{1,2}}",
    "%m/%Y": rf"\d{{1,2}}/{YEARS}",
    "%YM%m": rf"{YEARS}M\d{{1,2}}",
    "%b %Y": rf"[A-Za-z]{{3,9}} {YEARS}",
    "%Y %b": rf"{YEARS} [A-Za-z]{{3,9}}",
    "%b-%Y": rf"[A-Za-z]{{3}}-{YEARS}",
    "%b-%y": r"[A-Z][a-z]{2}-\d{2}",
}
CLOCKS = {
    "": "",
    " %H:%M": r" \d{1,2}:\d{2}",
    " %H:%M:%S": r" \d{1,2}:\d{2}:\d{2}",
    "T%H:%M:%S": r"T\d{2}:\d{2}:\d{2}",
    " %I:%M %p": r" \d{1,2}:\d{2} [AaPp][Mm]",
    " %I:%M:%S %p": r" \d{1,2}:\d{2}:\d{2} [AaPp][Mm]",
    " %H.%M.%S": r" \d{1,2}\.\d{2}\.\d{2}",
    "%H:%M:%S": r"\d{1,2}:\d{2}:\d{2}",
    "%H时%M分": r"\d{1,2}时\d{1,2}分",
}
ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:Z|[+-]\d{2}:?\d{2})?$"
ANY_DATE = "^(?:" + "|".join(DATES.values()) + ")"
SERIAL = r"^[2-5]\d{4}(?:\.\d+)?$"  # a spreadsheet's days since 1899-12-30, from 1954 to 2064
MANY_SERIALS = 0.4  # unproven: of the cells; with more of them they are numbers
AS_GOOD = 0.01  # unproven: formats that read so few cells less than the best compete with it
SHORT_SPAN = 30  # unproven: years that two-digit years may run past now: bonds and contracts do, births do not


@dataclass(frozen=True)
class Times:
    """How a column may write its times.

    Parameters
    ----------
    formats : tuple of str
        ``strptime`` formats that read it equally well, likeliest first; two that differ in the order of day and month
        where the column itself decides neither.
    values : ndarray of datetime64[us], shape (k,)
        By the first format.
    """

    formats: tuple[str, ...]
    values: np.ndarray

    @property
    def decided(self) -> bool:
        """Does one format remain?"""
        return len(self.formats) == 1

    @property
    def order(self) -> str:
        """The order of day and month that the column itself shows: "dmy", "mdy" or ""."""
        return day_order(self.formats[0]) if self.decided else ""


def day_order(fmt: str) -> str:
    """The order of day and month in a format: "dmy", "mdy", or "" where the year leads or the month is a word."""
    return "dmy" if fmt.startswith("%d") and "%b" not in fmt else "mdy" if fmt.startswith("%m") else ""


def times_of(texts: DistinctTexts) -> Times | None:
    """The formats of a column of times, None when it holds none."""
    if not texts.total or texts.some_match(ANY_DATE).mean() < 0.3:
        return None
    serial = texts.matches(SERIAL)
    dates = ~serial if texts.cells(serial) <= MANY_SERIALS else np.ones(len(serial), bool)
    readings: list[tuple[float, str, np.ndarray]] = []
    if texts.share(texts.matches(ISO), dates) >= 0.9:
        readings.append(_parsed(texts, "", dates))
    for date, shape in DATES.items():
        if not date or not texts.shows(f"^{shape}") or not texts.matches(f"^{shape}").any():
            continue
        for clock, tail in CLOCKS.items():
            if texts.share(texts.matches(f"^{shape}{tail}$"), dates) >= 0.9:
                readings.append(_parsed(texts, date + clock, dates))
    readings = [read for read in readings if read[0] >= 0.9]
    if not readings:
        return None
    top = max(readings, key=lambda read: read[0])
    rival = next((r for r in readings if {day_order(r[1]), day_order(top[1])} == {"dmy", "mdy"}), None)
    if rival is None or top[0] - rival[0] > AS_GOOD or _more(top[2], rival[2]) >= REPEATEDLY:
        return Times((top[1],), top[2])
    calm, wild = sorted((top, rival), key=lambda read: _reversals(read[2]))
    formats = (calm[1],) if _reversals(calm[2]) + 5 <= 0.5 * _reversals(wild[2]) else (calm[1], wild[1])
    return Times(formats, calm[2])


def format_of(times: Times, order: str) -> str | None:
    """The one format of a column of times, None where it stays open.

    Parameters
    ----------
    order : str
        "dmy" or "mdy": what the user or the other columns of the source say; "" when they say nothing.
    """
    if times.decided:
        return times.formats[0]
    return next((fmt for fmt in times.formats if day_order(fmt) == order), None)


def common_order(columns: Iterable[Times]) -> str:
    """The order of day and month that all columns which show one agree on, else ""."""
    shown = {times.order for times in columns if times.order}
    return shown.pop() if len(shown) == 1 else ""


def first_of_century(values: np.ndarray, now: int) -> int:
    """The first of the hundred years that two-digit years are read in: they end this year.

    Only years that fill a short span which has begun, such as 24 to 35 in 2026, may run past it.

    Parameters
    ----------
    values : ndarray of datetime64
    now : int
        This year.
    """
    years = np.unique(values[~np.isnat(values)].astype("datetime64[Y]").astype(int) + 1970) % 100
    years = np.unique(years)
    gaps = np.diff(np.append(years, years[0] + 100))
    at = int(gaps.argmax())
    start, span = int(years[(at + 1) % len(years)]), 101 - int(gaps[at])
    begin = now - (now - start) % 100
    return max(now, begin + span - 1 if span <= SHORT_SPAN else now) - 99


def _parsed(texts: DistinctTexts, fmt: str, dates: np.ndarray) -> tuple[float, str, np.ndarray]:
    values = texts.times(fmt)
    return texts.share(~np.isnat(values), dates), fmt, values


def _more(left: np.ndarray, right: np.ndarray) -> int:
    return int((~np.isnat(left)).sum()) - int((~np.isnat(right)).sum())


def _reversals(times: np.ndarray) -> int:
    """How often a series in order of first appearance turns round: a wrong day-month order jumps about."""
    steps = np.diff(times[~np.isnat(times)].astype(np.int64))
    return int((np.sign(steps[1:]) != np.sign(steps[:-1])).sum()) + int((np.abs(steps) > 20 * 86_400_000_000).sum())
