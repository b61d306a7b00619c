"""Chunks of records and the hash that names their content."""

import hashlib
import struct

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import BLOCK_RECORDS, ROW
from karat.core.errors import InputError
from karat.store.content import chunk_of, chunked, content_hash

TABLE = pa.table({"a": ["1", None, "3"], "p": [b"\xff", b"", None]})
ROWS = np.array([0, BLOCK_RECORDS - 1, BLOCK_RECORDS])


def test_hash_knows_nothing_of_slices_and_chunks_but_everything_of_values() -> None:
    def named(data: pa.Table, rows: np.ndarray) -> str:
        return content_hash(data, [chunk.digest for chunk in chunked(data, rows)])

    def table(**columns: list[str | None]) -> pa.Table:
        return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})

    plain = table(a=["1", None, "", "4"])
    cut = pa.concat_tables([table(a=["0", "1", None]).slice(1), table(a=["", "4"])])
    rows = np.arange(4)
    assert named(plain, rows) == named(cut, rows)
    assert named(plain, rows) == named(plain.cast(pa.schema([("a", pa.large_string())])), rows)
    leaf = hashlib.sha256(
        b"karat chunk 1\0"
        + struct.pack("<4q", 0, 1, 2, 3)
        + bytes([0b1011_0000])
        + struct.pack("<4q", 1, 0, 0, 1)
        + b"14"
    ).digest()
    assert named(plain, rows) == hashlib.sha256(b"karat content 1\0" + b"text\0a\0" + leaf).hexdigest()
    others = [
        table(a=["1", "", None, "4"]),
        table(a=["1", None, "4", ""]),
        table(b=["1", None, "", "4"]),
        table(a=["1", None, "", "5"]),
    ]
    assert len({named(other, rows) for other in others} | {named(plain, rows), named(plain, rows + 1)}) == 6


def test_chunks_end_at_the_multiples_of_the_record_numbers() -> None:
    chunks = chunked(TABLE, ROWS)
    assert [chunk.table[ROW].to_pylist() for chunk in chunks] == [[0, BLOCK_RECORDS - 1], [BLOCK_RECORDS]]
    assert [chunk_of(chunk.table) for chunk in chunks] == chunks
    assert len(chunked(TABLE, ROWS + 1)) == 2
    assert len(chunked(TABLE, np.arange(3))) == 1
    assert chunked(TABLE.slice(0, 0), ROWS[:0]) == []


def test_a_change_in_one_chunk_leaves_the_other() -> None:
    first, second = chunked(TABLE, ROWS)
    changed = chunked(TABLE.set_column(0, "a", pa.array(["1", None, "4"])), ROWS)
    assert changed[0].digest == first.digest
    assert changed[1].digest != second.digest


def test_the_hash_tells_blank_from_empty_kinds_names_and_order_apart() -> None:
    tables = [
        pa.table({"a": ["x", ""]}),
        pa.table({"a": ["x", None]}),
        pa.table({"a": ["", "x"]}),
        pa.table({"b": ["x", ""]}),
        pa.table({"a": [b"x", b""]}),
        pa.table({"a": ["x", ""], "b": ["", ""]}),
    ]
    hashes = [content_hash(table, [chunk.digest for chunk in chunked(table, np.arange(2))]) for table in tables]
    assert len(set(hashes)) == len(hashes)
    left, right = chunked(TABLE, ROWS)
    assert content_hash(TABLE, [left.digest, right.digest]) != content_hash(TABLE, [right.digest, left.digest])


@pytest.mark.parametrize(
    ("table", "rows", "problem"),
    [
        (pa.table({"n": [1]}), [0], "column 'n' is of type int64"),
        (pa.table({ROW: ["1"]}), [0], "is where Karat writes the record numbers"),
        (TABLE, [0, 1], "there are 2 record numbers for 3 records"),
        (TABLE, [0, 1, 1], "there are 3 record numbers for 3 records"),
        (TABLE, [0, 2, 1], "there are 3 record numbers for 3 records"),
    ],
)
def test_tables_that_are_refused(table: pa.Table, rows: list[int], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        chunked(table, np.array(rows))
