"""Every form of a piece gives the same documents, in parts of any size."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from karat.collect.file_pieces import pieces
from karat.collect.piece import joined
from karat.collect.piece_reader import read, stream
from karat.core.errors import InputError

TEXTS = [f"the text of document number {k}" for k in range(30)]
TABLE = pa.table({"id": [str(k) for k in range(30)], "text": TEXTS})


@pytest.fixture(params=["a.jsonl", "a.csv", "a.parquet"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in TABLE.to_pylist()), encoding="utf-8")
    elif path.suffix == ".csv":
        pyarrow.csv.write_csv(TABLE, path)
    else:
        pq.write_table(TABLE, path, row_group_size=10)
    return path


def test_a_piece_at_once_and_in_parts_is_the_same(path: Path) -> None:
    whole = [read(piece) for piece in pieces(path)]
    assert pa.concat_tables([part.table for part in whole]).to_pydict() == TABLE.to_pydict()
    for size in (1, 500, 1 << 20):
        parts = [joined(stream(piece, size), piece.columns) for piece in pieces(path)]
        assert pa.concat_tables([part.table for part in parts]).to_pydict() == TABLE.to_pydict()
    assert all(part.quarantine.num_rows == 0 for part in whole)


def test_numbers_of_parquet_come_as_text(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1, None], "text": ["a text", "another"]}), tmp_path / "b.parquet")
    (piece,) = pieces(tmp_path / "b.parquet")
    assert read(piece).table.to_pydict() == {"n": ["1", None], "text": ["a text", "another"]}


def test_a_row_group_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path, row_group_size=10, compression="none", use_dictionary=False)
    cut = pieces(path, 1)
    data = bytearray(path.read_bytes())
    at = data.index(b"document number 12")
    data[at - 200 : at + 200] = b"\xff" * 400
    path.write_bytes(data)
    parts = [read(piece) for piece in cut]
    assert sum(part.quarantine.num_rows for part in parts) >= 1
    assert parts[0].table.num_rows + parts[2].table.num_rows >= 10
    assert all("row group" in error for part in parts for error in part.quarantine["error"].to_pylist())


def test_broken_lines_of_a_table_stand_beside_its_records(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,the first text\n2\n3,the third text\n", encoding="utf-8")
    (piece,) = pieces(path)
    part = read(piece)
    assert part.table["id"].to_pylist() == ["1", "3"]
    assert part.quarantine["error"].to_pylist() == ["1 of 2 fields"]


def test_a_row_group_that_brings_the_reader_down_goes_to_quarantine(tmp_path, monkeypatch):
    def survives(path, group):
        if group == 1:
            raise InputError(
                f"{path.name} is broken: its reader ends with SIGSEGV", "Write the file anew, or remove it"
            )

    pq.write_table(TABLE, tmp_path / "a.parquet", row_group_size=10)
    monkeypatch.setattr("karat.collect.piece_reader.group_survives", survives)
    (piece,) = pieces(tmp_path / "a.parquet")
    part = read(piece)
    assert part.table["text"].to_pylist() == [*TEXTS[:10], *TEXTS[20:]]
    assert "ends with SIGSEGV" in part.quarantine["error"][0].as_py()
