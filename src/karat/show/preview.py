"""What ``karat look`` prints: how a source is read, what was assumed, and what stands in its columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len

from karat.collect.assumed import DELIMITER_NAMES, ORDERS, Assumption
from karat.core.schema import Role
from karat.core.words import many
from karat.flow.looking import Look, SeenColumn
from karat.show.lines import fitted, joined, shortened, wrapped
from karat.show.masking import masked
from karat.show.terminal import name_of, terminal

MOST_COLUMNS = 40  # display: columns of a table that are listed; --json has all
NAME_CELLS, LONGEST_NAME = 15, 24  # display: of names of things assumed, and of columns
CLOSE = 0.2  # display: how far ahead a choice must be, else it is called unclear
NAMES = {
    "encoding": "encoding",
    "delimiter": "delimiter",
    "header_row": "header",
    "sheet": "sheet",
    "decimal": "decimal mark",
    "thousands": "thousands mark",
    "date_order": "dates",
    "two-digit years": "two-digit years",
    "kind": "kind",
}
TYPES = {
    "int64": "integer",
    "float64": "number",
    "timestamp": "time",
    "bool": "yes/no",
    "string": "text",
    "binary": "picture",
}
# A wrong one shows in the columns; a decimal comma makes a second delimiter that cuts as evenly
SEEN_AT_ONCE = ("delimiter",)
# What a person can set, with the flag that sets it
SETTABLE = ("encoding", "delimiter", "header_row", "sheet", "decimal", "date_order", "kind")


@dataclass(frozen=True)
class ReadingChoice:
    """A line of what was assumed, which a person can change.

    Parameters
    ----------
    what : str
        The setting.
    value, runner_up : str
        As the settings write them; "" where there is none.
    words : str
        The value and the runner-up, as a person reads them.
    unclear : bool
        Was the choice close, or left open?
    """

    what: str
    value: str
    runner_up: str
    words: str
    unclear: bool

    @property
    def settable(self) -> bool:
        """Is there a setting of that name?"""
        return self.what in SETTABLE


def choices(seen: Look) -> list[ReadingChoice]:
    """What was assumed, the kind of data last."""
    out: dict[str, ReadingChoice] = {}
    for entry in seen.assumed:
        if entry.what not in NAMES:
            continue
        if entry.what in out:
            known = out[entry.what]
            if known.value != entry.value and "differs" not in known.words:
                out[entry.what] = ReadingChoice(entry.what, "", "", f"{known.words}; differs between files", False)
            continue
        out[entry.what] = _choice(entry)
    return [*out.values(), ReadingChoice("kind", seen.kind, "", f"{seen.kind}: {seen.kind_reason}", False)]


def _choice(entry: Assumption) -> ReadingChoice:
    value = in_words(entry.what, entry.value)
    other = f" (or {in_words(entry.what, entry.runner_up)})" if entry.runner_up else ""
    unclear = entry.clear < CLOSE and entry.what not in SEEN_AT_ONCE
    return ReadingChoice(
        entry.what, entry.value, entry.runner_up, value + other + (" ← unclear" if unclear else ""), unclear
    )


def in_words(what: str, value: str) -> str:
    """A value of a setting as a person reads it."""
    if what == "delimiter":
        return next((name for name, mark in DELIMITER_NAMES.items() if mark == value), repr(value)) if value else "none"
    if what == "header_row":
        return "no header" if value == "0" else f"line{'s' if '-' in value else ''} {value}"
    if what == "date_order":
        return ORDERS.get(value, "not decided, left as text")
    if what in ("decimal", "thousands"):
        return {" ": "space", "'": "apostrophe"}.get(value, f"'{value}'")
    return "UTF-8" if value == "utf-8" else value


def preview(seen: Look, size: int, *, numbered: bool = False) -> list[str]:
    """The whole preview in lines of ``size`` cells; ``numbered`` puts a key before what can be changed."""
    return [
        *_title(seen, size),
        "",
        *assumed_lines(seen, size, numbered=numbered),
        "",
        *_column_lines(seen, size),
        *(["", *_note_lines(seen.notes, size)] if seen.notes else []),
    ]


def _title(seen: Look, size: int) -> list[str]:
    files = f"{many(seen.files, 'file')}, " if seen.files > 1 else ""
    count = many(seen.records, "record") if seen.whole else f"the first {seen.records:,} records"
    line = f"{Path(seen.source).name or seen.source}: {files}{count}, {many(len(seen.columns), 'column')}"
    return wrapped(terminal(line), size)


def assumed_lines(seen: Look, size: int, *, numbered: bool = False) -> list[str]:
    """What was assumed, a line each; then what the kind of data says."""
    lines, key = [], 0
    for choice in choices(seen):
        key += choice.settable
        mark = f"{key} " if numbered and choice.settable else "  "
        lead = f"  {mark}{fitted(name_of(NAMES[choice.what]), NAME_CELLS)} "
        lines += wrapped(terminal(choice.words), size, " " * cell_len(lead), lead)
    for name, words in seen.facts:
        lead = f"    {name:<{NAME_CELLS}} "
        lines += wrapped(terminal(words), size, " " * len(lead), lead)
    return lines


def _column_lines(seen: Look, size: int) -> list[str]:
    shown = seen.columns[:MOST_COLUMNS]
    names = min(LONGEST_NAME, max(6, *(cell_len(column.column.name) for column in shown)))
    room = size - names - 30
    head = [fitted(name_of(word), size_) for word, size_ in (("column", names), ("type", 7), ("meaning", 13))]
    lines = [f"  {'  '.join(head)}  {name_of('values')}"]
    for column in shown:
        lines += _column(column, names, room, size)
    more = len(seen.columns) - len(shown)
    return [*lines, *([f"  and {many(more, 'more column')}; --json lists all"] if more else [])]


def _column(seen: SeenColumn, names: int, room: int, size: int) -> list[str]:
    own = seen.column
    meaning = str(own.meanings[0]) if own.meanings else _of_role(own.role)
    cells = [fitted(own.name, names), fitted(name_of(TYPES[own.type]), 7), fitted(name_of(meaning), 13)]
    line = f"  {'  '.join(cells)}  {_values(seen, room)}"
    indent = " " * (names + 4)
    extra = list(seen.notes)
    if own.nulls:
        extra.append(terminal(f"read as missing: {', '.join(map(repr, own.nulls))}"))
    if own.unit:
        extra.append(terminal(f"unit: {own.unit}"))
    notes = [part for note in extra for part in wrapped(masked(note) or "", size, f"{indent}  ", f"{indent}! ")]
    return [line.rstrip(), *notes]


def _of_role(role: Role) -> str:
    return "" if role is Role.IGNORE else str(role)


def _values(seen: SeenColumn, room: int) -> str:
    """As many of the values as fit, the first at least in part."""
    texts = [masked(text) or "" for text in seen.values]
    if not texts:
        return "(blank)"
    if cell_len(texts[0]) >= room:
        return shortened(texts[0], room)
    lines = joined(texts, room, "")
    return lines[0]


def _note_lines(notes: Sequence[str], size: int) -> list[str]:
    return [line for note in notes for line in wrapped(terminal(masked(note) or ""), size, "    ", "  ! ")]
