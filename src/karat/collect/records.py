"""JSON Lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.json_lines import Kinds, lines_of, parse_line, run_of_lines, runs
from karat.collect.limits import MAX_RATIO
from karat.collect.piece import Piece
from karat.collect.reading import Reading, named
from karat.collect.stored import foreign, opened
from karat.collect.typed import to_text
from karat.core.errors import InputError
from karat.core.unit import Source

BATCH = 8192  # cost: records of a batch in memory
BATCH_BYTES = 16 << 20  # cost: of a batch in memory
SOURCE_ENTRY: dict[str, Any] = {"bytes": 0, "sha256": "", "records": 0}


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
        if what := foreign(head):
            raise InputError(f"{path} is not JSON lines: it is {what}", "Give the file its right ending")
        for _ in _tables(path, (), kinds, {}, [], self.max_ratio):
            pass
        if not kinds.seen:
            raise InputError(
                f"{path} " + ("holds no JSON objects" if head.strip() else "is an empty file"),
                "Give a file with a JSON object per line",
            )
        entry = {"path": str(path), **SOURCE_ENTRY}
        broken: list[dict[str, Any]] = []
        names = named(list(kinds.seen), str(path))

        def pull() -> Iterator[pa.RecordBatch]:
            entry["records"] = 0
            for table in _tables(path, tuple(kinds.seen), kinds, entry, broken, self.max_ratio):
                entry["records"] += table.num_rows
                yield from table.rename_columns(names).to_batches(BATCH)

        return Reading(names, pull, kinds.types(), [entry], broken)


def _tables(
    path: Path,
    keys: tuple[str, ...],
    kinds: Kinds,
    entry: dict[str, Any],
    broken: list[dict[str, Any]],
    max_ratio: float,
) -> Iterator[pa.Table]:
    """The records of some lines at a time; what could not be read goes into ``broken``."""
    piece = Piece("json lines", (str(path),), (path.name,), keys, text="")
    with opened(path, entry, max_ratio) as file:
        for raw, offset, line in runs(file, piece):
            table, bad = run_of_lines(piece, raw, offset, line, kinds)
            broken += bad
            yield table


def originals(path: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The records of a file of JSON lines as they stand there, each with its line."""
    piece = Piece("json lines", (str(path),), (path.name,), (), text="")
    with opened(path) as file:
        for raw, offset, _ in runs(file, piece):
            for line in lines_of(raw.removeprefix(b"\xef\xbb\xbf") if offset == 0 else raw, piece.codec):
                record = parse_line(line)
                if line.strip() and isinstance(record, dict):
                    yield record, line.rstrip(b"\r\n")


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
