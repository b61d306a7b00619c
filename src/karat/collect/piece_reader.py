"""Reads a piece of a corpus."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from karat.collect.document_files import file_parts, line_parts
from karat.collect.json_lines import json_parts
from karat.collect.parquet import group_survives
from karat.collect.piece import Part, Piece, joined, quarantine_table, strings
from karat.collect.reading import quarantined
from karat.collect.web_archives import archive_parts
from karat.core.errors import InputError

PART_BYTES = 32 << 20  # cost: read at a time


def read(piece: Piece) -> Part:
    """All of a piece at once. A packed file or an archive is one piece however large: ``stream`` bounds the memory."""
    return joined(stream(piece), piece.columns)


def stream(piece: Piece, part_bytes: int = PART_BYTES) -> Iterator[Part]:
    """A piece in parts of about ``part_bytes`` of text as read; what cannot be read is in their quarantine.

    Parameters
    ----------
    part_bytes : int
        Bounds the memory: about three times as much is held.
    """
    if piece.form == "json lines":
        yield from json_parts(piece, part_bytes)
    elif piece.form == "lines":
        yield from line_parts(piece, part_bytes)
    elif piece.form == "files":
        yield from file_parts(piece, part_bytes)
    elif piece.form == "archive":
        yield from archive_parts(piece, part_bytes)
    elif piece.form == "parquet":
        yield from _parquet_parts(piece, part_bytes)
    else:
        yield from _table_parts(piece, part_bytes)


def _parquet_parts(piece: Piece, part_bytes: int) -> Iterator[Part]:
    import pyarrow.parquet as pq

    from karat.collect.typed import text_batch

    for group in range(piece.begin, piece.end):
        try:
            group_survives(Path(piece.path), group)
            with pq.ParquetFile(piece.path) as file:
                about = max(1, file.metadata.row_group(group).total_byte_size)
                rows = max(1, file.metadata.row_group(group).num_rows * part_bytes // about)
                for batch in file.iter_batches(min(65_536, rows), row_groups=[group]):
                    table = pa.Table.from_batches([text_batch(batch, piece.columns)])
                    columns = [column.cast(pa.string()) for column in table.columns]
                    yield Part(pa.table(columns, schema=strings(piece.columns)))
        except (pa.ArrowException, OSError, InputError) as error:
            what = f"a row group that cannot be read: {str(error)[:120]}"
            yield Part(strings(piece.columns).empty_table(), quarantine_table([quarantined(piece.path, what, b"")]))


def _table_parts(piece: Piece, part_bytes: int) -> Iterator[Part]:
    from karat.collect.read import open_data

    reading = open_data(piece.path)
    batches: list[pa.RecordBatch] = []
    size = reported = 0
    try:
        for batch in reading.batches():
            batches.append(batch)
            size += batch.nbytes
            if size >= part_bytes:
                yield _batches(piece, batches, reading.quarantine[reported:])
                batches, size, reported = [], 0, len(reading.quarantine)
    except InputError as error:
        raw = Path(piece.path).read_bytes() if piece.size_bytes <= PART_BYTES else b""
        entry = quarantined(piece.path, error.problem, raw, None, 0)
        reading.quarantine.append(entry | {"length": piece.size_bytes})
    if batches or len(reading.quarantine) > reported:
        yield _batches(piece, batches, reading.quarantine[reported:])


def _batches(piece: Piece, batches: list[pa.RecordBatch], broken: list[dict[str, object]]) -> Part:
    table = (
        pa.Table.from_batches(batches, schema=batches[0].schema) if batches else strings(piece.columns).empty_table()
    )
    return Part(table.cast(strings(piece.columns)), quarantine_table(broken))
