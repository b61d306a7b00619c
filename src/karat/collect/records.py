"""JSON Lines and JSON documents."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.reading import Reading, named, quarantined
from karat.collect.stored import foreign, opened
from karat.collect.typed import to_text
from karat.core.errors import InputError
from karat.core.unit import Source

BATCH = 8192
BATCH_BYTES = 16 << 20
SOURCE_ENTRY: dict[str, Any] = {"bytes": 0, "sha256": "", "records": 0}


class Kinds:
    """Keys in order of first appearance, and what type their values have."""

    def __init__(self) -> None:
        self.seen: dict[str, set[type]] = {}

    def add(self, record: dict[str, Any]) -> None:
        """Take in one record."""
        for key, value in record.items():
            held = self.seen.setdefault(key, set())
            if value is not None:
                held.add(type(value))

    def types(self) -> dict[str, str]:
        """Columns all of whose values are whole numbers, numbers or truth values."""
        ways = ((frozenset({bool}), "bool"), (frozenset({int}), "int64"), (frozenset({int, float}), "float64"))
        return {key: next(kind for held, kind in ways if found <= held)
                for key, found in self.seen.items() if found and any(found <= held for held, _ in ways)}


@dataclass(frozen=True)
class JsonLines(Source):
    """Reads one JSON object per line; lines that hold none go to quarantine.

    The file is read twice, first for the keys, so that a key met late is a column all the same. Lists and objects inside
    a record stay JSON text. Source: RFC 8259.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")

    def read(self, path: Path) -> Reading:
        """The records of one file.

        Raises
        ------
        InputError
            There is no record in it.
        """
        kinds = Kinds()
        with opened(path) as file:
            head = file.read(16)
        if foreign(head):
            raise InputError("JSON lines wanted", foreign(head) or "", str(path), "give the file its right ending")
        for _, _, _, found in _lines(path, {}):
            if isinstance(found, dict):
                kinds.add(found)
        if not kinds.seen:
            raise InputError("a JSON object per line wanted", "none" if head.strip() else "an empty file", str(path),
                             "give a file with records")
        entry = {"path": str(path), **SOURCE_ENTRY}
        broken: list[dict[str, Any]] = []
        names = named(list(kinds.seen), str(path))

        def records() -> Iterator[dict[str, Any]]:
            for line, offset, raw, found in _lines(path, entry):
                if isinstance(found, dict):
                    yield found
                else:
                    broken.append(quarantined(str(path), found, raw, line, offset))

        return Reading(names, lambda: to_batches(records(), tuple(kinds.seen), names, entry), kinds.types(), [entry], broken)


def _lines(path: Path, entry: dict[str, Any]) -> Iterator[tuple[int, int, bytes, dict[str, Any] | str]]:
    """Line number, offset, raw bytes, and the record or what is wrong with it; blank lines left out."""
    offset = 0
    with opened(path, entry) as file:
        for line, raw in enumerate(iter(file.readline, b""), 1):
            begin, offset = offset, offset + len(raw)
            body = raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw
            if body.strip():
                yield line, begin, raw, _parse(body)


def _parse(line: bytes) -> dict[str, Any] | str:
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "bytes that are not utf-8"
    except json.JSONDecodeError as error:
        return f"no JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return "no JSON that can be read: nested too deep"
    if not isinstance(found, dict):
        return f"a {type(found).__name__} where an object belongs"
    if b"\\ud" in line.lower():  # half a surrogate pair is valid JSON and no text
        try:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            return "half a surrogate pair"
    return found


def to_batches(records: Iterator[dict[str, Any]], keys: tuple[str, ...], names: tuple[str, ...],
               entry: dict[str, Any]) -> Iterator[pa.RecordBatch]:
    """Records as batches of text, cut by number and by size."""
    schema = pa.schema([(name, pa.string()) for name in names])
    held: list[list[str | None]] = []
    size = 0
    entry["records"] = 0
    for record in records:
        row = [to_text(record.get(key)) for key in keys]
        held.append(row)
        size += sum(len(cell) for cell in row if cell)
        if len(held) >= BATCH or size > BATCH_BYTES:
            yield _batch(held, schema)
            entry["records"] += len(held)
            held, size = [], 0
    if held:
        entry["records"] += len(held)
        yield _batch(held, schema)


def _batch(rows: list[list[str | None]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


@dataclass(frozen=True)
class JsonDocument(Source):
    """Reads a JSON document: an array of objects, an object of objects (its keys become column ``key``), an object that
    holds one such array, or columns as arrays of one length. It is held in memory. A file of JSON lines is read as such.
    Source: RFC 8259.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".json",)

    def read(self, path: Path) -> Reading:
        """The records of one file.

        Raises
        ------
        InputError
            The text is no JSON, or holds no records.
        """
        entry = {"path": str(path), **SOURCE_ENTRY}
        with opened(path, entry) as file:
            data = file.read()
        if not data.strip():
            raise InputError("a JSON document wanted", "an empty file", str(path), "give a file with records")
        try:
            document = json.loads(data)
        except UnicodeDecodeError as error:
            raise InputError("JSON in UTF-8 wanted", "other bytes", str(path), "convert the file to UTF-8") from error
        except json.JSONDecodeError as error:
            if isinstance(_parse(data.split(b"\n", 1)[0].removeprefix(b"\xef\xbb\xbf")), dict):
                return JsonLines().read(path)
            found = f"{error.msg} in line {error.lineno}, column {error.colno}"
            raise InputError("a whole JSON document wanted", found, str(path), "fetch or write the file again") from error
        broken: list[dict[str, Any]] = []
        rows = _rows(document)
        kinds = Kinds()
        records = []
        for row in rows:
            if isinstance(row, dict):
                kinds.add(row)
                records.append(row)
            else:
                raw = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")
                broken.append(quarantined(str(path), f"a {type(row).__name__} where an object belongs", raw))
        if not kinds.seen:
            raise InputError("an array of JSON objects wanted", f"a {type(document).__name__} without any", str(path),
                             "give a file with records")
        names = named(list(kinds.seen), str(path))
        return Reading(names, lambda: to_batches(iter(records), tuple(kinds.seen), names, entry), kinds.types(), [entry], broken)


def _rows(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return []
    values = list(document.values())
    lists = [v for v in values if isinstance(v, list)]
    tables = [v for v in lists if v and all(isinstance(row, dict) for row in v)]
    if len(tables) == 1:
        return list(tables[0])
    if values and len(lists) == len(values) and len({len(v) for v in lists}) == 1:
        return [dict(zip(document, row, strict=True)) for row in zip(*lists, strict=True)]
    if len(values) > 1 and all(isinstance(v, dict) for v in values):
        key = "key" if not any("key" in v for v in values) else "_key"
        return [{key: name, **value} for name, value in document.items()]
    return [document] if values else []
