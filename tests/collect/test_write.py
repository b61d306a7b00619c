"""Blocks on disk do not depend on how the batches came."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from karat.collect import write
from karat.collect.reading import Reading
from karat.core.block import BLOCK_RECORDS

TABLE = pa.table(
    {
        "a": [None if i % 7 == 0 else f"v{i}" for i in range(BLOCK_RECORDS + 1000)],
        "b": pa.array(["x"] * (BLOCK_RECORDS + 1000)),
    }
)


def reading(sizes: tuple[int, ...], table: pa.Table = TABLE) -> Reading:
    def pull() -> Iterator[pa.RecordBatch]:
        at, turn = 0, 0
        while at < len(table):
            size = sizes[turn % len(sizes)]
            yield from table.slice(at, size).combine_chunks().to_batches()
            at, turn = at + size, turn + 1

    return Reading(tuple(table.column_names), pull)


def test_same_bytes_for_any_batches(tmp_path: Path) -> None:
    written = []
    for sizes in ((BLOCK_RECORDS * 2,), (999, 1), (40_000,)):
        assert write.write_blocks(reading(sizes), tmp_path / "t.arrow") == len(TABLE)
        written.append((tmp_path / "t.arrow").read_bytes())
    assert written[0] == written[1] == written[2]
    with pa.ipc.open_file(str(tmp_path / "t.arrow")) as file:
        assert [file.get_batch(i).num_rows for i in range(file.num_record_batches)] == [BLOCK_RECORDS, 1000]
        back = file.read_all()
    assert back["_row"].to_pylist() == list(range(len(TABLE)))
    assert back.drop_columns("_row").equals(TABLE)


def test_a_block_closes_before_a_column_grows_too_big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "MAX_COLUMN_BYTES", 100)
    table = pa.table({"a": ["x" * 40] * 5 + ["y" * 500, "z"]})
    seen = []
    for sizes in ((7,), (1,), (3, 2)):
        write.write_blocks(reading(sizes, table), tmp_path / "t.arrow")
        with pa.ipc.open_file(str(tmp_path / "t.arrow")) as file:
            seen.append([file.get_batch(i).num_rows for i in range(file.num_record_batches)])
            assert file.read_all()["a"].to_pylist() == table["a"].to_pylist()
    assert seen[0] == seen[1] == seen[2] == [2, 2, 1, 1, 1]
