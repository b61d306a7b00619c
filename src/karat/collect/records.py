"""JSON Lines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.limits import MAX_LINE_BYTES, MAX_RATIO, LimitError
from karat.collect.reading import Reading, named, quarantined
from karat.collect.stored import foreign, opened
from karat.collect.typed import to_text
from karat.core.errors import InputError
from karat.core.unit import Source

HALF_PAIR = "half a surrogate pair"
BATCH = 8192  # cost: records of a batch in memory
BATCH_BYTES = 16 << 20  # cost: of a batch in memory
SOURCE_ENTRY: dict[str, Any] = {"bytes": 0, "sha256": "", "records": 0}


class Kinds:
    """Keys in order of first appearance, and what type their values have."""

    def __init__(self) -> None:
        self.seen: dict[str, set[type]] = {}

    def add(self, record: dict[str, Any]) -> None:
        """Take in one record."""
        for key, value in record.items():
            types = self.seen.setdefault(key, set())
            if value is not None:
                types.add(type(value))

    def types(self) -> dict[str, str]:
        """Columns all of whose values are whole numbers, numbers or truth values."""
        ways = ((frozenset({bool}), "bool"), (frozenset({int}), "int64"), (frozenset({int, float}), "float64"))
        return {
            key: next(kind for fitting, kind in ways if seen <= fitting)
            for key, seen in self.seen.items()
            if seen and any(seen <= fitting for fitting, _ in ways)
        }


@dataclass(frozen=True)
class JsonLines(Source):
    """Reads one JSON object per line; lines that hold none go to quarantine.

    The file is read twice, first for the keys, so that a key met late is a column too. Lists and objects inside a
    record stay JSON text. Source: RFC 8259.

    Parameters
    ----------
    max_ratio : float
        Of the unpacked to the packed size.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")
    max_ratio: float = MAX_RATIO

    def read(self, path: Path) -> Reading:
        """The records of one file.

        Raises
        ------
        InputError
            There is no record in it.
        """
        kinds = Kinds()
        with opened(path, max_ratio=self.max_ratio) as file:
            head = file.read(16)
        if foreign(head):
            raise InputError(
                f"{path} is not JSON lines: it is {foreign(head) or 'something else'}", "Give the file its right ending"
            )
        for _, _, _, record in _lines(path, {}, self.max_ratio):
            if isinstance(record, dict):
                kinds.add(record)
        if not kinds.seen:
            raise InputError(
                f"{path} " + ("holds no JSON objects" if head.strip() else "is an empty file"),
                "Give a file with a JSON object per line",
            )
        entry = {"path": str(path), **SOURCE_ENTRY}
        broken: list[dict[str, Any]] = []
        names = named(list(kinds.seen), str(path))

        def records() -> Iterator[dict[str, Any]]:
            for line, offset, raw, record in _lines(path, entry, self.max_ratio):
                if isinstance(record, dict):
                    yield record
                else:
                    broken.append(quarantined(str(path), record, raw, line, offset))

        return Reading(
            names, lambda: to_batches(records(), tuple(kinds.seen), names, entry), kinds.types(), [entry], broken
        )


def _lines(
    path: Path, entry: dict[str, Any], max_ratio: float = MAX_RATIO
) -> Iterator[tuple[int, int, bytes, dict[str, Any] | str]]:
    """Line number, offset, raw bytes, and the record or what is wrong with it; blank lines left out."""
    offset = 0
    with opened(path, entry, max_ratio) as file:
        for line, raw in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES + 1), b""), 1):
            if len(raw) > MAX_LINE_BYTES:
                raise LimitError(
                    f"{path}, line {line}, is longer than {MAX_LINE_BYTES >> 20} MB", "Give a file of lines"
                )
            begin, offset = offset, offset + len(raw)
            body = raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw
            if body.strip():
                yield line, begin, raw, parse_line(body)


def parse_line(line: bytes) -> dict[str, Any] | str:
    """The object on a line, or what is wrong with it."""
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "bytes that are not utf-8"
    except json.JSONDecodeError as error:
        return f"no JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return "no JSON that can be read: nested too deep"
    except ValueError:
        return "no JSON that can be read: a number of thousands of digits"
    if not isinstance(record, dict):
        return f"a {type(record).__name__} where an object belongs"
    return HALF_PAIR if b"\\ud" in line.lower() and not is_text(record) else record


def is_text(record: Any) -> bool:
    """Can a value be written as text? Half a surrogate pair is valid JSON and no text."""
    try:
        json.dumps(record, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def to_batches(
    records: Iterator[dict[str, Any]], keys: tuple[str, ...], names: tuple[str, ...], entry: dict[str, Any]
) -> Iterator[pa.RecordBatch]:
    """Records as batches of text, cut by number and by size."""
    schema = pa.schema([(name, pa.string()) for name in names])
    rows: list[list[str | None]] = []
    size = 0
    entry["records"] = 0
    for record in records:
        row = [to_text(record.get(key)) for key in keys]
        rows.append(row)
        size += sum(len(cell) for cell in row if cell)
        if len(rows) >= BATCH or size > BATCH_BYTES:
            yield _batch(rows, schema)
            entry["records"] += len(rows)
            rows, size = [], 0
    if rows:
        entry["records"] += len(rows)
        yield _batch(rows, schema)


def _batch(rows: list[list[str | None]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
