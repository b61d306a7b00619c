"""Writes what a source gives into blocks on disk, the same bytes however the batches came."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from karat.collect.reading import Reading
from karat.core.block import BLOCK_RECORDS, ROW

MAX_COLUMN_BYTES = 1 << 30  # cost: of one column in one batch; Arrow strings end at 2 GiB


def write_blocks(reading: Reading, path: Path) -> int:
    """Write an Arrow IPC file whose batches are blocks; returns the number of records.

    Parameters
    ----------
    path : Path
        Each batch holds ``BLOCK_RECORDS`` records, the last the rest. Only where a column of so many records would pass
        1 GiB are there fewer in a batch. ``_row`` stands first, int64, from 0.
    """
    schema = pa.schema([(ROW, pa.int64()), *reading.schema])
    records = 0
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for table in _blocks(reading):
            rows = pa.array(np.arange(records, records + len(table), dtype=np.int64))
            columns = [column.combine_chunks() for column in table.columns]
            arrays = [c.chunk(0) if isinstance(c, pa.ChunkedArray) else c for c in columns]
            writer.write_batch(pa.RecordBatch.from_arrays([rows, *(_plain(a) for a in arrays)], schema=schema))
            records += len(table)
    return records


def _blocks(reading: Reading) -> Iterator[pa.Table]:
    """The records cut into blocks, whatever the batches."""
    parts: list[pa.RecordBatch] = []
    sizes = np.zeros(len(reading.names), np.int64)
    count = 0
    for batch in reading.batches():
        rest = batch
        while rest.num_rows:
            take = min(BLOCK_RECORDS - count, rest.num_rows, _fitting(rest, sizes))
            if take:
                part = rest.slice(0, take)
                parts.append(part)
                sizes += _bytes(part)
                count += take
                rest = rest.slice(take)
            if count == BLOCK_RECORDS or (rest.num_rows and not take):
                yield pa.Table.from_batches(parts)
                parts, count = [], 0
                sizes[:] = 0
    if parts:
        yield pa.Table.from_batches(parts)


def _lengths(column: pa.Array) -> np.ndarray:
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    return np.diff(offsets).astype(np.int64)


def _bytes(batch: pa.RecordBatch) -> np.ndarray:
    ends = ((c.buffers()[1], c.offset, len(c)) for c in batch.columns)
    spans = ((np.frombuffer(buf, np.int32), at, size) for buf, at, size in ends)
    return np.array([int(o[at + size]) - int(o[at]) for o, at, size in spans], np.int64)


def _fitting(batch: pa.RecordBatch, sizes: np.ndarray) -> int:
    """How many records fit before a column passes its bound; at least one into an empty block."""
    if (sizes + _bytes(batch)).max(initial=0) <= MAX_COLUMN_BYTES:
        return int(batch.num_rows)
    fit = min(
        int(np.searchsorted(np.cumsum(_lengths(column)) + size, MAX_COLUMN_BYTES, side="right"))
        for column, size in zip(batch.columns, sizes, strict=True)
    )
    return max(fit, 0 if sizes.any() else 1)


def _plain(array: pa.Array) -> pa.Array:
    """Rebuilt from values alone, so that hidden bits and unused bytes of the batches leave no trace."""
    lengths = _lengths(array)
    valid = np.asarray(array.is_valid())
    offsets = np.zeros(len(array) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    data = array.buffers()[2]
    begin = int(np.frombuffer(array.buffers()[1], np.int32)[array.offset]) if len(array) else 0
    body = data.slice(begin, int(offsets[-1])) if data is not None else pa.py_buffer(b"")
    bitmap = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(array.type, len(array), [bitmap, pa.py_buffer(offsets), body])
