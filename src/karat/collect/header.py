"""Which lines of a delimited text name its columns, and what the names are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from karat.collect.assumed import Assumption
from karat.core.degrees import ALMOST_ALL
from karat.core.errors import InputError
from karat.core.short_texts import remembered

NUMERIC = re.compile(r"\s*[-+]?[$€£¥]?\s*\d[\d.,:/ \-T]*%?\s*$")
# What may stand in place of a value says nothing about whether its line is a record.
BLANKS = frozenset(["na", "n/a", "nan", "null", "none", "nil", "missing"])
MAX_TITLES = 20  # cost: lines above the header that are looked through; more may take a record for names


@dataclass(frozen=True)
class Row:
    """A record among the first ones: its lines (from 0, the end exclusive) and its cells."""

    line: int
    end: int
    cells: list[str]

    @property
    def filled(self) -> int:
        """Cells that are not blank."""
        return sum(bool(cell.strip()) for cell in self.cells)


@dataclass(frozen=True)
class Header:
    """The names of the columns and where they stand.

    Parameters
    ----------
    names : tuple of str or None
        None where the columns have no names.
    lines : tuple of int
        Lines of the header, from 0; the last entry is exclusive. Empty when there is none.
    data_line : int
        The first line that holds records, from 0.
    clear : float
        How clear it is, in [0, 1].
    """

    names: tuple[str | None, ...] | None
    lines: tuple[int, ...]
    data_line: int
    clear: float

    @property
    def value(self) -> str:
        """As ``--header-row`` says it."""
        if not self.lines:
            return "0"
        first, last = self.lines[0] + 1, self.lines[-1]
        return str(first) if first == last else f"{first}-{last}"


def find_header(rows: Sequence[Row], width: int, where: str) -> Header:
    """The header of a text whose records mostly have ``width`` fields. Raises InputError where it cannot be told."""
    at = next((place for place, row in enumerate(rows) if len(row.cells) == width), 0)
    if at == 1 and len(rows[0].cells) == width - 1:
        at = 0  # a header one cell short, as R writes it: the first column holds the names of the rows
    if rows[at : at + 1] and re.fullmatch(r"sep=\W?", rows[at].cells[0]):
        at += 1  # Excel's note of the delimiter
    at = _below_titles(rows, at, width)
    body = [row.cells for row in rows[at:] if len(row.cells) == width or row is rows[at]]
    votes = _votes(body)
    if _is_group(rows, at, width):
        names = joined(rows[at].cells, rows[at + 1].cells)
        return Header(names, (rows[at].line, rows[at + 1].end), rows[at + 1].end, votes.clear)
    if votes.header is None:
        line = rows[at].line + 1
        unclear = (
            f"line {line}, which may be names or a record ({votes.names} columns say names, {votes.records} a record)"
        )
        raise InputError(
            f"{where} may or may not have a header: {unclear}", f"Set --header-row {line}, or --header-row 0 for none"
        )
    if not votes.header:
        return Header(None, (), rows[at].line if rows else 0, votes.clear)
    short: list[str | None] = [None] * (width - len(rows[at].cells))
    # rows that all end in a delimiter have no last field; else, as R writes it, their first field is a name
    trailing = bool(short) and all(not row[-1] for row in body[1:])
    cells: list[str | None] = list(_unpadded(rows[at].cells))
    return Header(
        tuple(cells + short if trailing else short + cells), (rows[at].line, rows[at].end), rows[at].end, votes.clear
    )


def _unpadded(cells: list[str]) -> list[str]:
    """Names without the blanks that pad every delimiter (``a, b, c``)."""
    padded = all(cell[:1] == " " for cell in cells[1:]) or all(cell[-1:] == " " for cell in cells[:-1])
    trimmed = [cell.strip() for cell in cells]
    return trimmed if len(cells) > 1 and padded and len(set(trimmed)) == len(cells) else cells


def set_header(rows: Sequence[Row], width: int, lines: tuple[int, int], where: str) -> Header:
    """The header in the lines (from 1, inclusive) that the user names; (0, 0) for none. Raises InputError."""
    if lines == (0, 0):
        return Header(None, (), 0, 1.0)
    chosen = [row for row in rows if lines[0] - 1 <= row.line < lines[1]]
    if not chosen or rows[-1].line == chosen[-1].line:
        last = rows[-1].line + 1 if rows else 0
        unfit = (
            f"line {lines[0]} of a text whose last record is in line {last}"
            if chosen or last < lines[0]
            else "a blank line"
        )
        raise InputError(f"--header-row names {unfit} in {where}", "Name a line above the records")
    names = tuple(chosen[-1].cells)
    for row in reversed(chosen[:-1]):
        names = tuple(name or "" for name in joined(row.cells, names))
    fill = (None,) * max(0, width - len(names))
    return Header((*fill, *names)[:width], (chosen[0].line, chosen[-1].end), chosen[-1].end, 1.0)


def header_assumption(header: Header, wanted: bool) -> Assumption:
    """What is said about the header; ``wanted``: the user has set it."""
    if not header.lines:
        words = "no header"
    else:
        several = "-" in header.value
        words = f"header in line{'s' if several else ''} {header.value}"
    if wanted:
        return Assumption("header_row", header.value, words=f"{words} (set)")
    return Assumption("header_row", header.value, "0" if header.lines else "1", header.clear, words)


def _below_titles(rows: Sequence[Row], at: int, width: int) -> int:
    """Past blank lines, titles and comments, where what follows them clearly names columns; else ``at``."""
    below = at
    while below < min(len(rows) - 2, at + MAX_TITLES) and _is_title(rows[below], width):
        below += 1
    if below == at:
        following = _votes_at(rows, at + 1, width)
        damaged = following.names > 1 and not following.records  # the line above the names is a broken one
        return at + 1 if damaged and not _is_group(rows, at, width) and not _votes_at(rows, at, width).header else at
    if len(rows[below].cells) != width:
        return at
    votes = _votes_at(rows, below, width)
    return below if (votes.names and votes.header) or _is_group(rows, below, width) else at


def _votes_at(rows: Sequence[Row], at: int, width: int) -> "_Votes":
    return _votes([row.cells for row in rows[at:] if len(row.cells) == width])


def _is_title(row: Row, width: int) -> bool:
    comment = row.cells[0].lstrip().startswith(("#", "%", "//"))
    return len(row.cells) != width or row.filled == 0 or (width >= 3 and row.filled == 1) or comment


def _is_group(rows: Sequence[Row], at: int, width: int) -> bool:
    """Does a row head groups of columns that the next one names? It has blanks where the next has names."""
    if at + 2 >= len(rows) or len(rows[at].cells) != width or len(rows[at + 1].cells) != width:
        return False
    upper, lower = rows[at].cells, rows[at + 1].cells
    body = [row.cells for row in rows[at + 2 :] if len(row.cells) == width]
    filling = sum(not a.strip() and bool(b.strip()) for a, b in zip(upper, lower, strict=True))
    if not filling or not any(cell.strip() for cell in upper) or not body:
        return False
    below = _votes([lower, *body])
    return bool(below.names) and not below.records and not _votes([upper, *body]).records


def joined(upper: Sequence[str | None], lower: Sequence[str | None]) -> tuple[str | None, ...]:
    """Names of two header rows: those of the lower where they are whole and differ, else the group before them."""
    own = [(cell or "").strip() for cell in lower]
    if all(own) and len(set(own)) == len(own):
        return tuple(own)
    names: list[str | None] = []
    group = ""
    for at, cell in enumerate(own):
        head = (upper[at] or "").strip() if at < len(upper) else ""
        group = head or group
        names.append(f"{group} {cell}".strip() if cell else head or None)
    return tuple(names)


@dataclass(frozen=True)
class _Votes:
    names: int  # columns whose first cell is of another form than those below
    records: int  # columns whose first cell has their form
    header: bool | None  # None when it cannot be told
    clear: float


def _votes(rows: Sequence[Sequence[str]]) -> _Votes:
    """Does the first row name the columns? Yes, unless it clearly is a record."""
    if len(rows) < 2:
        return _Votes(0, 0, not rows or not any(NUMERIC.match(cell) for cell in rows[0]), 0.5)
    first, rest = rows[0], rows[1:]
    if len(first) != len(rest[0]):
        return _Votes(1, 0, True, 1.0)
    numbers, names, repeats, texts = [], 0, 0, 0
    for at, cell in enumerate(first):
        below = [row[at] for row in rest if row[at].strip()]
        if not below or not cell.strip():
            continue
        form = form_of(below)
        if form:
            names += _form(cell) != form and _is_word(cell)
            numbers += [cell] if _form(cell) == form else []
        elif len(below) > 20:
            texts += 1
            repeats += below.count(cell) * 20 >= len(below)
    blank = not all(cell.strip() for cell in first)
    records = 0 if _counting(numbers, names > 0 or blank) else len(numbers)
    if names and records:
        header = True if names >= 2 * records else False if records >= 2 * names else None
        return _Votes(names, records, header, abs(names - records) / (names + records))
    if names or numbers:
        return _Votes(names, records, not records, 1.0)
    return _Votes(0, 0, not (texts > 1 and repeats * 2 > texts), 0.5)


@remembered(65_536)
def _form(cell: str) -> str:
    """What a cell looks like: 9 for a number; else its text with its digits as one 9, long words as one a."""
    if NUMERIC.match(cell):
        return "9"
    text = re.sub(r"[^\W\d_]{4,}", "a", re.sub(r"\d+", "9", cell.strip()))
    return text if "9" in text or "@" in text else ""


def form_of(cells: Sequence[str]) -> str:
    """The form that nearly all cells of a column have, "" for none."""
    forms = [_form(cell) for cell in cells]
    common = max(set(forms), key=forms.count)
    return common if forms.count(common) >= ALMOST_ALL * len(forms) else ""


def _is_word(cell: str) -> bool:
    return any(char.isalpha() for char in cell) and cell.strip().casefold() not in BLANKS


def _counting(cells: Sequence[str], named: bool) -> bool:
    """Do whole numbers name columns: years in order, or 0, 1, 2 as pandas writes them beside other names?"""
    values = [int(cell) for cell in cells if re.fullmatch(r"\s*\d{1,4}\s*", cell)]
    if len(values) != len(cells) or len(values) < 2:
        return False
    steps = {b - a for a, b in pairwise(values)}
    if all(1800 < value < 2200 for value in values):
        return min(steps) > 0 and (len(steps) == 1 or len(values) > 2)
    return named and len(values) > 2 and steps == {1} and values[0] in (0, 1)
