"""A piece of a corpus, and what was read from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

QUARANTINE = pa.schema(
    [
        ("source", pa.string()),
        ("line", pa.int64()),
        ("offset", pa.int64()),
        ("length", pa.int64()),
        ("row", pa.int64()),
        ("error", pa.string()),
        ("raw", pa.binary()),
    ]
)


@dataclass(frozen=True)
class Piece:
    """What one worker reads at a time.

    Pieces are made from the files alone: they are the same for any number of workers, and reading all of them in the
    order of the list gives every record once, in the order of sorted paths.

    Parameters
    ----------
    form : str
        ``json lines``, ``table`` (CSV), ``parquet``, ``lines`` (a document a line), ``files`` (a document a file) or
        ``archive`` (WARC, WET, ARC).
    paths : tuple of str
        One file; several for ``files``.
    names : tuple of str
        What the documents are called, a name per path: the path below the folder that was given.
    columns : tuple of str
        Columns of the tables; a record with a field that no sample showed adds that column to its part.
    text : str
        The column that holds the documents.
    begin, end : int
        Bytes of the file; for Parquet row groups. ``end`` -1 = all. Ranges are cut at record borders.
    line : int
        Physical line, counted from 1, that the range begins with.
    codec : str
        How the bytes are encoded.
    size_bytes : int
        Bytes as stored, for progress.
    """

    form: str
    paths: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[str, ...]
    text: str = "text"
    begin: int = 0
    end: int = -1
    line: int = 1
    codec: str = "utf-8"
    size_bytes: int = 0

    @property
    def path(self) -> str:
        """The file, or the first of several."""
        return self.paths[0]


@dataclass(frozen=True)
class Part:
    """Records of a piece, and the stretches that could not be read.

    Parameters
    ----------
    table : pyarrow.Table
        String columns, null = blank; ``_offset`` (archives) is where the record begins in the file as stored.
    quarantine : pyarrow.Table
        ``QUARANTINE`` rows; ``row`` is null.
    passed : mapping of str to int
        Records of an archive that hold no document (requests, revisits, pictures ...), counted by kind. They are
        neither records of the corpus nor broken.
    """

    table: pa.Table
    quarantine: pa.Table = field(default_factory=QUARANTINE.empty_table)
    passed: Mapping[str, int] = field(default_factory=dict)


def strings(columns: Iterable[str]) -> pa.Schema:
    """The schema of string columns."""
    return pa.schema([(name, pa.string()) for name in columns])


def quarantine_table(entries: list[dict[str, Any]]) -> pa.Table:
    """Entries as made by ``quarantined`` as a table."""
    return pa.Table.from_pylist(entries, schema=QUARANTINE)


def joined(parts: Iterable[Part], columns: tuple[str, ...]) -> Part:
    """Parts one after the other; a column that only some have is null in the others."""
    every = list(parts)
    tables = [strings(columns).empty_table(), *(part.table for part in every)]
    passed: dict[str, int] = {}
    for part in every:
        for kind, count in part.passed.items():
            passed[kind] = passed.get(kind, 0) + count
    return Part(
        pa.concat_tables(tables, promote_options="default").combine_chunks(),
        pa.concat_tables([QUARANTINE.empty_table(), *(part.quarantine for part in every)]),
        passed,
    )
