"""What a version is made of: chunks of records, each with a hash; the hash over them names the content.

A chunk holds the records whose numbers share ``row // 65,536``, so dropping or changing a record touches one chunk,
and appending touches the last. The hash is a two-level Merkle tree over canonical bytes (names, kinds, lengths,
values): it does not depend on Arrow's offsets, on how the table is cut, or on the machine.
"""

import hashlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import BLOCK_RECORDS, ROW
from karat.core.errors import InputError


@dataclass(frozen=True)
class Chunk:
    """Consecutive records that are hashed and stored together.

    Parameters
    ----------
    digest : str
        SHA-256 of the canonical bytes, in hex.
    table : pyarrow.Table
        ``_row`` and the columns.
    """

    digest: str
    table: pa.Table


def chunked(table: pa.Table, rows: np.ndarray) -> list[Chunk]:
    """Cut a table at the multiples of 65,536 of its record numbers.

    Parameters
    ----------
    table : pyarrow.Table
        Text and binary columns, n records, without ``_row``.
    rows : ndarray of int64, shape (n,)
        Record numbers; they rise strictly.

    Raises
    ------
    InputError
        A column is neither text nor binary, is named ``_row``, or the numbers do not rise.
    """
    _accepted(table, rows)
    kinds = [_kind(field.type) for field in table.schema]
    numbered = table.add_column(0, ROW, pa.array(rows, pa.int64()))
    edges = np.flatnonzero(np.diff(rows // BLOCK_RECORDS)) + 1
    cuts = [0, *edges.tolist(), len(rows)] if len(rows) else []
    parts = [numbered.slice(start, stop - start) for start, stop in pairwise(cuts)]
    return [Chunk(_digest(part, kinds), part) for part in parts]


def chunk_of(numbered: pa.Table) -> Chunk:
    """One chunk: ``_row`` first, then text and binary columns."""
    table, rows = numbered.drop_columns([ROW]), numbered.column(ROW).to_numpy()
    _accepted(table, rows)
    return Chunk(_digest(numbered, [_kind(field.type) for field in table.schema]), numbered)


def content_hash(table: pa.Table, chunks: list[str]) -> str:
    """The hash of a whole state: its columns, then its chunks in order."""
    root = hashlib.sha256(b"karat content 1\0")
    for field in table.schema:
        root.update(f"{_kind(field.type)}\0{field.name}\0".encode())
    for digest in chunks:
        root.update(bytes.fromhex(digest))
    return root.hexdigest()


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text"
    return "binary" if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) else ""


def _accepted(table: pa.Table, rows: np.ndarray) -> None:
    for field in table.schema:
        if not _kind(field.type):
            raise InputError(f"column {field.name!r} is of type {field.type}", "Cast it to text or binary")
        if field.name == ROW:
            raise InputError(f"column {ROW!r} is where Karat writes the record numbers", "Rename the column")
    if len(rows) != table.num_rows or (len(rows) > 1 and not bool((np.diff(rows) > 0).all())):
        raise InputError(
            f"there are {len(rows)} record numbers for {table.num_rows} records", "Give one per record, in rising order"
        )


def _digest(part: pa.Table, kinds: list[str]) -> str:
    leaf = hashlib.sha256(b"karat chunk 1\0")
    leaf.update(np.ascontiguousarray(part.column(ROW).to_numpy(), "<i8").tobytes())
    for name, kind in zip(part.column_names[1:], kinds, strict=True):
        wide = pa.large_string() if kind == "text" else pa.large_binary()
        # casting first: 65,536 long texts can pass the 2 GiB that 32-bit offsets reach
        values = part.column(name).cast(wide).combine_chunks()
        known = np.asarray(pc.is_valid(values))
        dense = pc.fill_null(values, "" if kind == "text" else b"")
        lengths = np.asarray(pc.binary_length(dense)).astype("<i8")
        leaf.update(np.packbits(known).tobytes())
        leaf.update(lengths.tobytes())
        leaf.update(_bytes(dense, int(lengths.sum())))
    return leaf.hexdigest()


def _bytes(dense: pa.Array, size: int) -> memoryview:
    if not size:
        return memoryview(b"")
    offsets = np.frombuffer(dense.buffers()[1], "<i8")
    start = int(offsets[dense.offset])
    return memoryview(dense.buffers()[2])[start : start + size]
