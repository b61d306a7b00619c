"""What was assumed in order to read a source, and what the user set instead."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from karat.collect.candidates import CANDIDATES
from karat.collect.limits import LIMITS
from karat.core.errors import OptionError
from karat.core.schema import Column, Schema

DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " ", "colon": ":"}
NAMED_DELIMITERS = tuple(name for name in DELIMITER_NAMES if name.isalpha())
SET_BY_USER = "set"
MOST_MIXED = 2  # display: columns with two decimal marks that the line names
ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


@dataclass(frozen=True)
class ReadingOptions:
    """What the user says about a source; "" leaves it to be found out.

    Parameters
    ----------
    encoding : str
        Name of a codec that Python knows.
    delimiter : str
        One character, or comma, semicolon, tab, pipe, space, colon.
    decimal : str
        The decimal mark of all numbers: "." or ",".
    date_order : str
        "dmy", "mdy" or "ymd", for dates that can be read in several ways.
    header_row : str
        Line that names the columns, counted from 1, or a range such as "3-4" for several; "0" when none does.
    sheet : str
        Name of a workbook's sheet.
    limits : mapping of str to float
        Limits that the user sets, by the names in ``karat.collect.limits``.
    """

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    date_order: str = ""
    header_row: str = ""
    sheet: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Any) -> "ReadingOptions":
        """The options among ``[collect]``, checked. Raises OptionError."""
        words = {name.name: str(getattr(settings, name.name)) for name in fields(cls) if name.name != "limits"}
        return cls(**words, limits={name: getattr(settings, name) for name in LIMITS}).checked()

    def checked(self) -> "ReadingOptions":
        """The options with names resolved. Raises OptionError for one that means nothing."""
        delimiter = DELIMITER_NAMES.get(self.delimiter.lower(), self.delimiter)
        if delimiter and (
            len(delimiter) != 1 or not delimiter.isascii() or delimiter.isalnum() or delimiter in '"\r\n'
        ):
            raise OptionError(
                f"--delimiter {self.delimiter!r} is not a single character",
                f"Use one character, or one of {', '.join(NAMED_DELIMITERS)}",
            )
        if self.header_row and not re.fullmatch(r"\d{1,6}|[1-9]\d{0,5}-[1-9]\d{0,5}", self.header_row):
            written = repr(self.header_row)
            raise OptionError(
                f"--header-row {written} is not a line number",
                "Write it like 3, or 3-4 for two lines, or 0 for no header",
            )
        return replace(self, encoding=codec_name(self.encoding), delimiter=delimiter)

    @property
    def header_lines(self) -> tuple[int, int] | None:
        """First and last line of the header, counted from 1; (0, 0) for none; None when nothing is set."""
        if not self.header_row:
            return None
        first, _, last = self.header_row.partition("-")
        return int(first), int(last or first)


def codec_name(encoding: str) -> str:
    """The name Python has for a text encoding. Raises OptionError for one it does not know."""
    if not encoding:
        return ""
    try:
        "a".encode(encoding)  # some codecs turn bytes into bytes: those are no encodings of text
        return codecs.lookup(encoding).name
    except (LookupError, UnicodeError):
        known = ("utf_8", "utf_16", "utf_32", *CANDIDATES)  # what is detected; others of Python's are read as well
        raise OptionError.unknown("encoding", encoding, known, "--encoding", len(known)) from None


@dataclass(frozen=True)
class Assumption:
    """One thing that was taken to be so in order to read a source.

    Parameters
    ----------
    what : str
        encoding, delimiter, decimal, thousands, date_order, header_row or sheet.
    value : str
        What it was taken for.
    runner_up : str
        What came next, "" when nothing else was possible.
    clear : float
        How far ahead the choice was, in [0, 1]: 0 is a coin toss, 1 leaves nothing else.
    words : str
        As the line on the terminal says it; "" leaves it out there.
    """

    what: str
    value: str
    runner_up: str = ""
    clear: float = 1.0
    words: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``run.json``."""
        return {"value": self.value, "runner_up": self.runner_up or None, "clear": round(self.clear, 3)}


def reading_of(assumed: Iterable[Assumption]) -> dict[str, Any]:
    """``reading`` of ``run.json``: by what was assumed; the further values where files differ."""
    out: dict[str, Any] = {}
    for entry in assumed:
        first = out.setdefault(entry.what, entry.to_json())
        if entry.value != first["value"] and entry.value not in first.setdefault("also", []):
            first["also"].append(entry.value)
    return out


def in_words(assumed: Iterable[Assumption]) -> str:
    """One line that says what was assumed."""
    return " · ".join(dict.fromkeys(entry.words for entry in assumed if entry.words))


def value_assumptions(
    schema: Schema, options: ReadingOptions, mixed: Mapping[str, tuple[str, str]] | None = None
) -> list[Assumption]:
    """What the inferred columns say about marks and dates in the whole source.

    Parameters
    ----------
    mixed : mapping of str to (str, str)
        The commoner and the rarer decimal mark of columns that hold both.
    """
    numbers = [column for column in schema if column.numeric]
    both = {name: marks for name, marks in (mixed or {}).items() if name in schema and schema[name].numeric}
    marks = {c.name: both[c.name][0] if c.name in both else c.decimal for c in numbers if c.type == "float64"}
    rarer = {name: rare for name, (_, rare) in both.items()}
    out = []
    for what, values in (
        ("decimal", marks),
        ("thousands", {c.name: c.thousands for c in numbers if c.thousands}),
        ("two-digit years", {c.name: f"{c.century}–{c.century + 99}" for c in schema if c.century}),
        ("date_order", {c.name: order for c in schema if (order := date_order(c))}),
    ):
        out += _of_columns(what, values, getattr(options, what, ""), rarer if what == "decimal" else {})
    return out


def _of_columns(what: str, values: Mapping[str, str], wanted: str, some: Mapping[str, str]) -> list[Assumption]:
    """The commonest value of some columns, and the next as the runner-up; ``some`` of a column's cells have another."""
    if not values:
        return []
    counts = Counter(values.values())
    first, *rest = sorted(counts, key=lambda value: (-counts[value], value))
    if wanted:
        return [Assumption(what, wanted, "", 1.0, f"{_NAMES.get(what, what)} {_shown(what, wanted)} ({SET_BY_USER})")]
    clear = 1.0 - (counts[rest[0]] / counts[first] if rest else 0.0)
    usual = (what == "decimal" and first == ".") or (what == "date_order" and first == "ymd")
    said = [_shown(what, first)] if not rest else [_shown(what, v) + _where(v, values) for v in (first, *rest)]
    said += [f"{_shown(what, own)} in some cells of {name}" for name, own in list(some.items())[:MOST_MIXED]]
    rest += [own for own in some.values() if own != first and not rest]
    words = "" if usual and not rest else f"{_NAMES.get(what, what)} {', '.join(said)}"
    return [Assumption(what, first, rest[0] if rest else "", clear, words)]


def _where(value: str, values: Mapping[str, str]) -> str:
    """The columns that have a value: the first by name, the others by number."""
    first, *more = [name for name, own in values.items() if own == value]
    return f" in {first}" + (f" and {len(more)} more" if more else "")


_NAMES = {
    "decimal": "decimal mark",
    "thousands": "thousands mark",
    "date_order": "dates",
    "two-digit years": "two-digit years",
}


def _shown(what: str, value: str) -> str:
    return (
        ORDERS.get(value, value) if what == "date_order" else {" ": "space", "'": "apostrophe"}.get(value, f"'{value}'")
    )


def date_order(column: Column) -> str:
    """The order of a column's dates ("dmy", "mdy" or "ymd"); "" where it holds none or names its months."""
    parts = "".join(
        {"d": "d", "e": "d", "m": "m", "Y": "y", "y": "y"}.get(c, "") for c in re.findall(r"%-?(\w)", column.format)
    )
    if not parts:
        return "ymd" if column.type == "timestamp" and not column.format else ""
    return parts[:3] if parts[:3] in ORDERS else ""
