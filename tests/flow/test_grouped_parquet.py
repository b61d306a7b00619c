"""Row groups do not depend on how the records come; a file is whole or not there."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.flow import grouped_parquet
from karat.flow.grouped_parquet import Cutter, GroupedParquet

TEXTS = ["aaaa", "", None, "bb", "cccc", "d", "eeee", "f"]
TABLE = pa.table({"n": list(range(8)), "t": pa.array(TEXTS, pa.string())})


def groups(step: int) -> list[list[int]]:
    cutter = Cutter("t")
    out = [table for at in range(0, 8, step) for table in cutter.add(TABLE.slice(at, step))]
    return [table["n"].to_pylist() for table in (*out, *cutter.rest())]


@pytest.mark.parametrize("step", [1, 2, 3, 8])
def test_groups_are_cut_by_bytes_whatever_the_tables(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    monkeypatch.setattr(grouped_parquet, "GROUP_BYTES", 6)
    assert groups(step) == [[0, 1, 2, 3], [4, 5, 6], [7]]


@pytest.mark.parametrize("step", [1, 2, 3, 8])
def test_groups_are_cut_by_records_too(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    monkeypatch.setattr(grouped_parquet, "GROUP_RECORDS", 3)
    assert groups(step) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    monkeypatch.setattr(grouped_parquet, "GROUP_RECORDS", 4)
    assert groups(step) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_nothing_makes_no_group() -> None:
    cutter = Cutter("t")
    assert list(cutter.add(TABLE.slice(0, 0))) == []
    assert list(cutter.rest()) == []


def test_a_file_takes_its_place_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouped_parquet, "GROUP_RECORDS", 3)
    path = tmp_path / "x.parquet"
    with GroupedParquet(path, TABLE.schema, "t") as out:
        out.write(TABLE.slice(0, 5))
        out.write(TABLE.slice(5))
        assert not path.exists()
    assert out.records == 8
    file = pq.ParquetFile(path)
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [3, 3, 2]
    assert file.read().equals(TABLE)
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_error_leaves_the_old_file_and_no_half_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(b"old")
    monkeypatch.setattr(grouped_parquet, "GROUP_RECORDS", 2)
    with pytest.raises(ValueError, match="not matching"), GroupedParquet(path, TABLE.schema, "n") as out:
        out.write(TABLE.rename_columns(["m", "n"]))
    assert path.read_bytes() == b"old"
    assert [inner.name for inner in tmp_path.iterdir()] == ["x.parquet"]


def test_an_error_at_the_end_leaves_no_half_file_either(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    with pytest.raises(ValueError, match="not matching"), GroupedParquet(path, TABLE.schema, "n") as out:
        out.write(TABLE.rename_columns(["m", "n"]))  # less than a group: written when all records are in
    assert list(tmp_path.iterdir()) == []
