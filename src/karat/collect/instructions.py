"""Chat and instruction files: lists of turns become columns, and go back into the form they came in."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.collect import records
from karat.collect.document import rows_inside
from karat.collect.reading import Reading
from karat.collect.stored import opened
from karat.collect.typed import to_text
from karat.core.schema import Column, Role, Schema
from karat.quality.turns import CELL, is_chat, layout

LISTS = (
    *("messages", "conversations", "conversation", "dialogue", "dialog", "turns", "chat"),
    *("prompt", "chosen", "rejected", "instances"),
)
PLAIN_NAME = {"conversations": "messages", "conversation": "messages", "dialogue": "messages", "dialog": "messages"}
ROLES = ("role", "from", "speaker")
CONTENTS = ("content", "value", "text")
MAX_TURNS = 64  # cost: a longer conversation stays one cell of JSON
LOOKED_AT = 50  # cost: cells that tell whether a column holds turns


@dataclass
class _List:
    """One column of lists: the longest, and the keys of its entries in order of first appearance."""

    length: int = 0
    keys: dict[str, None] = field(default_factory=dict)
    odd: bool = False


def flattened(read: Callable[[], Reading]) -> Reading:
    """A reading in which each turn has columns of its own, ``messages[k].role`` and ``messages[k].content``.

    OpenAI messages, ShareGPT conversations (``from`` and ``value``), preference pairs whose ``chosen`` and ``rejected``
    are lists of turns, and self-instruct ``instances``. A record whose list is none stays a cell of JSON in a column of
    the list's own name. Whatever holds no such list is handed on as it is.

    Parameters
    ----------
    read : callable
        Opens the input; called twice where there are lists, first for their lengths and keys.
    """
    first = read()
    names = [name for name in first.names if name in LISTS]
    if not names:
        return first
    lists = _measured(first, names)
    if not lists:
        return read()
    again = read()
    columns = _columns(again.names, lists)

    def pull() -> Iterator[pa.RecordBatch]:
        for batch in again.batches():
            yield _flat(batch, lists, columns)

    types = {name: known for name, known in again.types.items() if name in columns}
    return replace(again, names=tuple(columns), pull=pull, types=types)


def _entries(text: str | None) -> list[dict[str, Any]] | None:
    """The list of objects that a cell holds, None where it holds none."""
    if not text or not text.startswith("["):
        return None
    try:
        entries = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    fits = isinstance(entries, list) and len(entries) <= MAX_TURNS and all(isinstance(entry, dict) for entry in entries)
    return entries if fits else None


def _measured(reading: Reading, names: list[str]) -> dict[str, _List]:
    """The columns that hold lists of turns or of instances, told by their first cells and measured by all."""
    lists = {name: _List() for name in names}
    looked = False
    for batch in reading.batches():
        for name in list(lists):
            cells = batch.column(batch.schema.get_field_index(name))
            if not looked and not _lists_of_turns(cells.slice(0, LOOKED_AT).to_pylist()):
                del lists[name]
                continue
            for text in cells.to_pylist():
                entries = _entries(text)
                lists[name].odd |= entries is None and text is not None
                lists[name].length = max(lists[name].length, len(entries or ()))
                for entry in entries or ():
                    lists[name].keys.update(dict.fromkeys(_plain_keys(entry)))
        looked = True
    return lists


def _lists_of_turns(cells: list[str | None]) -> bool:
    lists = [entries for text in cells if (entries := _entries(text))]
    filled = [text for text in cells if text]
    turns = sum(is_chat([f"x[0].{key}" for key in _plain_keys(entries[0])]) for entries in lists)
    return len(filled) > 0 and 2 * turns > len(filled)


def _plain_keys(entry: Mapping[str, Any]) -> list[str]:
    """An entry's keys, those for the speaker and the words under one name."""
    plain: dict[str, str] = {}
    for wanted, known in (("role", ROLES), ("content", CONTENTS)):
        if wanted not in entry:
            plain.update({key: wanted for key in known if key in entry and wanted not in plain.values()})
    if "role" not in entry and "role" not in plain.values():
        plain = {}  # instances, not turns
    return [plain.get(key, key) for key in entry]


def _columns(names: tuple[str, ...], lists: dict[str, _List]) -> dict[str, tuple[str, int, str] | None]:
    """The new columns in order, each with its list, place and key; None for those that stay."""
    out: dict[str, tuple[str, int, str] | None] = {}
    for name in names:
        if name not in lists or lists[name].odd:
            out[name] = None
        if name in lists:
            plain = PLAIN_NAME.get(name, name)
            for at in range(lists[name].length):
                out.update({f"{plain}[{at}].{key}": (name, at, key) for key in lists[name].keys})
    return out


def _flat(
    batch: pa.RecordBatch, lists: dict[str, _List], columns: dict[str, tuple[str, int, str] | None]
) -> pa.RecordBatch:
    cells: dict[str, list[str | None]] = {name: [None] * len(batch) for name, where in columns.items() if where}
    arrays_by_name: dict[str, pa.Array] = {}
    for name in lists:
        plain = PLAIN_NAME.get(name, name)
        texts = batch.column(batch.schema.get_field_index(name)).to_pylist()
        rest: list[str | None] = [None] * len(batch)
        for row, text in enumerate(texts):
            entries = _entries(text)
            if entries is None:
                rest[row] = text
                continue
            for at, entry in enumerate(entries):
                for key, value in zip(_plain_keys(entry), entry.values(), strict=True):
                    cells[f"{plain}[{at}].{key}"][row] = to_text(value)
        arrays_by_name[name] = pa.array(rest, pa.string())
    arrays_by_name |= {name: pa.array(column, pa.string()) for name, column in cells.items()}
    arrays = [
        arrays_by_name[n] if n in arrays_by_name else batch.column(batch.schema.get_field_index(n)) for n in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def chat_schema(schema: Schema) -> Schema:
    """The schema of a chat file: what is said is text, and no word in it means missing."""
    said = set(layout(schema.names).columns)
    columns = []
    for column in schema:
        turn = CELL.match(column.name)
        if column.name in said or (turn and turn[3] != "role"):
            columns.append(Column(column.name, Role.TEXT))
        else:
            columns.append(Column(column.name, Role.CATEGORY) if turn else column)
    return replace(schema, columns=tuple(columns))


def originals(path: Path) -> Iterator[tuple[dict[str, Any], bytes | None]]:
    """The records of a JSON file as they stand there, in the order in which they were read, each with its line."""
    suffix = next((s.lower() for s in reversed(path.suffixes) if s.lower() not in (".gz", ".zst")), "")
    if suffix == ".json":
        with opened(path) as file:
            data = file.read()
        try:
            rows = rows_inside(json.loads(data))
        except json.JSONDecodeError:
            suffix = ".jsonl"
        else:
            yield from ((row, None) for row in rows if isinstance(row, dict))
    if suffix != ".json":
        yield from records.originals(path)


def written_back(record: dict[str, Any], changes: Mapping[str, str | None]) -> dict[str, Any]:
    """The record in its own shape, with cells changed.

    Parameters
    ----------
    record : dict
        As it stood in the file; not changed.
    changes : mapping of str to str or None
        New texts by column, ``messages[1].content`` among them.
    """
    changed = json.loads(json.dumps(record))
    for column, after in changes.items():
        where = CELL.match(column)
        if where is None:
            changed[column] = _typed(changed.get(column), after)
            continue
        name = next((n for n in LISTS if PLAIN_NAME.get(n, n) == where[1] and n in changed), where[1])
        entry = changed[name][int(where[2])]
        key = dict(zip(_plain_keys(entry), entry, strict=True)).get(where[3], where[3])
        entry[key] = _typed(entry.get(key), after)
    return changed


def _typed(before: Any, after: str | None) -> Any:
    """A text as a value of the kind that stood there."""
    if before is None or isinstance(before, str):
        return after if after is not None or before is None else ""
    try:
        return json.loads(after or "null")
    except json.JSONDecodeError:
        return after


def rebuilt(cells: Mapping[str, str | None]) -> dict[str, Any]:
    """A record from its columns: ``messages[k].role`` and its like as a list again, blank cells left out of it."""
    record: dict[str, Any] = {}
    for column, text in cells.items():
        where = CELL.match(column)
        if where is None:
            record[column] = text
            continue
        if record.get(where[1]) is None:
            record[where[1]] = []
        turns = record[where[1]]
        if not isinstance(turns, list):
            continue
        turns += [{} for _ in range(int(where[2]) + 1 - len(turns))]
        if text is not None:
            turns[int(where[2])][where[3]] = text
    for turns in record.values():
        while isinstance(turns, list) and turns and not turns[-1]:
            turns.pop()
    return record
