"""Days and times of day as people write them, taken apart and written again in a column's own style."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from karat.core.degrees import NEARLY_ALL, SELDOM
from karat.core.short_texts import remembered

MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTHS = {  # definition: names of months, whole and short
    name[:size]: at for at, name in enumerate(MONTH_NAMES, 1) for size in (3, 4, 9) if size != 4 or name == "september"
}
MOST = 0.6  # flat from 0.429 to 0.75 (benchmarks/constants.md): of the cells
SEEN = 0.05  # of the cells, that make a style more than a slip; unproven
DECISIVE = 20  # a fifth of the days the other way would show among so many with 99 % (0.8^20 = .01); definition
FULL = 4  # definition: digits of a year
SERIAL = re.compile(r"[1-7]\d{4}")
SERIAL_ZERO = date(1899, 12, 30)  # definition: day 0 of spreadsheets, which believe in a 29 February 1900
DIGIT = re.compile("[0-9]")
CLOCK = re.compile(
    r"(?P<zh>上午|下午|晚上|中午|凌晨)?\s*(?<![\d.])(?P<h>\d{1,2})(?P<s1>[:：.hH时])(?P<m>[0-5]\d)"
    r"(?:(?P<s2>[:：.分])(?P<s>[0-5]\d)秒?|分)?"
    r"(?P<gap>\s*)(?P<ap>(?:[ap]\.\s?m\.|[AP]\.\s?M\.|[ap]m|[AP]M|[apAP]))?(?![\da-z:])"
)
YMD = re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s1>[-/.年])(?P<m>\d{1,2})(?P<s2>[-/.月])(?P<d>\d{1,2})(?P<end>日?)(?!\d)")
ABY = re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<s1>[-/.])(?P<b>\d{1,2})(?P<s2>[-/.])(?P<y>\d{4}|\d{2})(?!\d)")
COMPACT = re.compile(r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})$")
NAMED = re.compile(
    r"(?<![A-Za-z])(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?[ \-]?)?(?P<mon>[A-Za-z]{3,9})\.?"
    r"(?:[ \-]?(?P<d2>\d{1,2})(?:st|nd|rd|th)?(?!\d))?"
    r"(?:,?[ \-](?P<y>\d{4}|\d{2})(?!\d|:))?"
)


@dataclass(frozen=True)
class Style:
    """How a day and a time of day are written: order and marks of the day, marks of the clock, what lies between.

    ``day`` is "", "ymd", "ab" (order of day and month not known), "dmy", "mdy", "named" or "compact".
    """

    day: str = ""
    day_marks: tuple[str, str, str] = ("", "", "")
    year_digits: int = 4
    between: str = ""
    clock: str = ""
    seconds: bool = False
    meridiem: str = ""


@dataclass(frozen=True)
class Written:
    """One text taken apart: year, month, day (a and b, order not known), seconds since midnight, what is left over."""

    style: Style
    numbers: tuple[int, int, int] | None
    seconds: int | None
    sure_clock: bool
    padded: bool | None
    rest: str


@remembered(65_536)
def take_apart(text: str) -> Written | None:
    """A text as day and time of day; None when it holds neither."""
    if len(text) > 60 or not any(ch.isdigit() for ch in text):
        return None
    style, numbers, spent, padded = _day(text)
    rest = text[: spent[0]] + "\0" + text[spent[1] :] if numbers else text
    clock = CLOCK.search(rest)
    seconds, sure = None, False
    if clock and int(clock["h"]) < 25:
        seconds, sure = _seconds(clock)
        mark = (clock["gap"] + clock["ap"].lower().replace("p", "a")) if clock["ap"] else ""
        upper = mark.upper() if clock["ap"] and clock["ap"].isupper() else mark
        style = replace(style, clock=clock["s1"], seconds=bool(clock["s"]), meridiem=upper)
        padded = clock["h"][0] == "0" if int(clock["h"]) < 10 and not numbers else padded
        rest = rest[: clock.start()] + "\1" + rest[clock.end() :]
        style = replace(style, between=rest[1:-1]) if rest[:1] == "\0" and rest[-1:] == "\1" else style
    if numbers is None and seconds is None:
        return None
    whole = re.fullmatch("\0?[T ]?\1?", rest) is not None
    return Written(
        style, numbers, seconds, sure, padded, "" if whole else rest.replace("\0", "").replace("\1", "").strip()
    )


def _day(text: str) -> tuple[Style, tuple[int, int, int] | None, tuple[int, int], bool | None]:
    if match := COMPACT.match(text.strip()):
        year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
        if 1 <= month <= 12 and 1 <= day <= 31:
            return Style("compact"), (year, month, day), (0, len(text)), True
    if match := YMD.search(text):
        year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
        if 1 <= month <= 12 and 1 <= day <= 31:
            marks = (match["s1"], match["s2"], match["end"])
            return Style("ymd", marks), (year, month, day), match.span(), _pad(match["m"], match["d"])
    if match := ABY.search(text):
        a, b = int(match["a"]), int(match["b"])
        if max(a, b) <= 31 and 1 <= min(a, b) <= 12:
            style = Style("ab", (match["s1"], match["s2"], ""), len(match["y"]))
            return style, (_year(match["y"]), a, b), match.span(), _pad(match["a"], match["b"])
    for match in NAMED.finditer(text):
        month, named = MONTHS.get(match["mon"].lower(), 0), match["d1"] or match["d2"]
        if month and named:
            style = Style("named" if match["y"] else "", ("d", " ", "") if match["d1"] else ("m", " ", ""))
            year = _year(match["y"]) if match["y"] else 0
            return style, (year, month, int(named)), match.span(), None
    return Style(), None, (0, 0), None


def _year(text: str) -> int:
    """Two digits are read as POSIX does: 69 to 99 are of the last century."""
    return int(text) if len(text) != 2 else int(text) + (1900 if int(text) >= 69 else 2000)


def _pad(*parts: str) -> bool | None:
    short = [part for part in parts if int(part) < 10]
    return None if not short else all(len(part) == 2 for part in short)


def _seconds(clock: re.Match[str]) -> tuple[int, bool]:
    hour, minute, second = int(clock["h"]), int(clock["m"]), int(clock["s"] or 0)
    half = (clock["ap"] or "")[:1].lower() or {"上午": "a", "凌晨": "a", "下午": "p", "晚上": "p", "中午": "n"}.get(
        clock["zh"] or "", ""
    )
    if half == "a" and hour == 12:
        hour = 0
    elif half == "p" and hour < 12:
        hour += 12
    return (hour % 24) * 3600 + minute * 60 + second, bool(half) or hour > 12 or hour == 0


@dataclass(frozen=True)
class Wanted:
    """A column's style, the order of day and month for each pair of marks where known, whether numbers are padded.

    ``shapes`` are texts of the column in this style with every digit as 9, ``years`` the first and the last year of
    its cells.
    """

    style: Style
    order: dict[tuple[str, str, str], str]
    padded: bool
    cells: int
    total: int
    shapes: frozenset[str]
    years: tuple[int, int] = (0, 0)

    def fits(self, written: Written) -> bool:
        """Is the text written in this style, with nothing beside it?"""
        return written.style == self.style and not written.rest

    def rewrite(self, written: Written) -> str | None:
        """The same day and time in this style; None where that is not certain."""
        day = self._day(written) if self.style.day else ""
        clock = self._clock(written) if self.style.clock else ""
        return None if day is None or clock is None else day + (self.style.between if day and clock else "") + clock

    def of_serial(self, text: str) -> str | None:
        """A spreadsheet's number of a day in this style; None where it lies outside the column's years."""
        if not SERIAL.fullmatch(text) or not self.style.day or self.style.clock:
            return None
        day = SERIAL_ZERO + timedelta(days=int(text))
        numbers = (day.year, day.month, day.day)
        written = Written(Style("ymd"), numbers, None, False, True, "")
        return self.rewrite(written) if self.years[0] <= day.year <= self.years[1] else None

    def _day(self, written: Written) -> str | None:
        if written.numbers is None or not written.numbers[0]:
            return None
        year, month, day = written.numbers
        year = self._full_year(written, year)
        if written.style.day == "ab":
            month, day = (day, month) if self._order(written) == "dmy" else (month, day)
            if not self._order(written):
                return None
        if not (year and 1 <= month <= 12 and 1 <= day <= 31):
            return None
        y = str(year) if self.style.year_digits == 4 else f"{year % 100:02d}"
        m, d = (f"{month:02d}", f"{day:02d}") if self.padded else (str(month), str(day))
        first, second, end = self.style.day_marks
        if self.style.day == "compact":
            return f"{year}{month:02d}{day:02d}"
        if self.style.day == "ymd":
            return f"{y}{first}{m}{second}{d}{end}"
        order = self.order.get(self.style.day_marks) if self.style.day == "ab" else None
        return {"dmy": f"{d}{first}{m}{second}{y}", "mdy": f"{m}{first}{d}{second}{y}"}.get(order or "")

    def _full_year(self, written: Written, year: int) -> int:
        """The year of a day, 0 where its century is not certain: only one may lie within the column's years."""
        if written.style.year_digits != 2 or self.style.year_digits == 2:
            return year
        known = [
            candidate for candidate in (year - 100, year, year + 100) if self.years[0] <= candidate <= self.years[1]
        ]
        return known[0] if len(known) == 1 else 0

    def loses_nothing(self, written: Written) -> bool:
        """Does the text hold just the parts that the style has?"""
        parts = (written.numbers is not None, written.seconds is not None)
        return not written.rest and parts == (bool(self.style.day), bool(self.style.clock))

    def _order(self, written: Written) -> str:
        _, a, b = written.numbers or (0, 0, 0)
        if max(a, b) > 12:
            return "dmy" if a > 12 else "mdy"
        return self.order.get(written.style.day_marks, "")

    def _clock(self, written: Written) -> str | None:
        if written.seconds is None or (self.style.meridiem and not written.sure_clock):
            return None
        hour, minute, second = written.seconds // 3600, written.seconds // 60 % 60, written.seconds % 60
        if second and not self.style.seconds:
            return None
        half = self.style.meridiem
        if half:
            half = half if hour < 12 else half.replace("a", "p").replace("A", "P")
            hour = (hour - 1) % 12 + 1
        text = (f"{hour:02d}" if self.padded else str(hour)) + self.style.clock + f"{minute:02d}"
        return (
            text
            + (f"{':' if self.style.clock in '时hH' else self.style.clock}{second:02d}" if self.style.seconds else "")
            + half
        )


@dataclass
class _Ways:
    """How the texts of a column are written: cells and examples by style, votes on the order of day and month."""

    cells: Counter[Style] = field(default_factory=Counter)
    shapes: dict[Style, set[str]] = field(default_factory=dict)
    examples: dict[Style, str] = field(default_factory=dict)
    order: dict[tuple[str, str, str], Counter[str]] = field(default_factory=dict)
    pads: Counter[tuple[Style, bool]] = field(default_factory=Counter)
    years: dict[Style, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Sequence[str], counts: Sequence[int]) -> "_Ways":
        ways = cls()
        for text, n in zip(texts, counts, strict=True):
            written = take_apart(text)
            if written is not None and not written.rest:
                ways._add(text, written, n)
        return ways

    def _add(self, text: str, written: Written, n: int) -> None:
        style = written.style
        self.cells[style] += n
        self.years.setdefault(style, set()).add(written.numbers[0] if written.numbers else 0)
        self.shapes.setdefault(style, set()).add(DIGIT.sub("9", text))
        self.examples.setdefault(style, text)
        if written.padded is not None:
            self.pads[style, written.padded] += n
        if style.day == "ab" and written.numbers and max(written.numbers[1:]) > 12:
            self.order.setdefault(style.day_marks, Counter())["dmy" if written.numbers[1] > 12 else "mdy"] += n

    def wanted(self, style: Style, total: int, years: set[int], least: float) -> Wanted:
        """The style as the column's own, day and month in the order that so large a share of the votes has."""
        settled = {
            marks: min(votes, key=lambda name: (-votes[name], name))
            for marks, votes in self.order.items()
            if max(votes.values()) >= least * sum(votes.values())
        }
        padded = self.pads[style, True] >= self.pads[style, False] and self.pads[style, True] > 0
        span = min(years), max(years)
        return Wanted(style, settled, padded, self.cells[style], total, frozenset(self.shapes[style]), span)


def wanted_style(texts: Sequence[str], counts: Sequence[int], total: int) -> Wanted | None:
    """The style of at least 60 % of a column's cells; None when there is none.

    Parameters
    ----------
    texts, counts : sequences, length k
        Distinct texts and how often each occurs.
    total : int
        Cells that hold a value, those not listed included.
    """
    ways = _Ways.of(texts, counts)
    if not ways.cells:
        return None
    style, cells = min(ways.cells.items(), key=lambda item: (-item[1], repr(item[0])))
    return None if cells < MOST * total else ways.wanted(style, total, ways.years[style], NEARLY_ALL)


@dataclass(frozen=True)
class Mixed:
    """A column of whole days in several styles, none of which most cells have.

    Parameters
    ----------
    examples : tuple of (str, int)
        A text in each style and the cells that have it, the commonest first.
    wanted : Wanted or None
        The style with the year first, in which every day can be written for certain.
    """

    examples: tuple[tuple[str, int], ...]
    wanted: Wanted | None


def mixed_styles(texts: Sequence[str], counts: Sequence[int], total: int) -> Mixed | None:
    """The styles of a column that holds nothing but days, in several of them; None for any other.

    Days are certain where each pair of marks shows one order of day and month, and often enough that another would
    have shown.
    """
    ways = _Ways.of(texts, counts)
    days = sum(n for style, n in ways.cells.items() if style.day and not style.clock and style.year_digits == FULL)
    ranked = sorted(ways.cells.items(), key=lambda item: (-item[1], repr(item[0])))
    often = [(ways.examples[style], n) for style, n in ranked if n >= SELDOM * total]
    if days < NEARLY_ALL * total or len(often) < 2 or max(ways.cells.values()) >= MOST * total:
        return None
    first = [style for style, _ in ranked if style.day == "ymd"]
    marks = {style.day_marks for style in ways.cells if style.day == "ab"}
    votes = [ways.order.get(pair, Counter()) for pair in marks]
    certain = all(len(vote) == 1 and sum(vote.values()) >= DECISIVE for vote in votes)
    wanted = ways.wanted(first[0], total, set().union(*ways.years.values()), 1.0) if first and certain else None
    return Mixed(tuple(often), wanted)
