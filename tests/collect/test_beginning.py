"""The first records of any input, and what its files are; what cannot be read is empty, never an error."""

import gzip
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.collect.beginning import LOOK_BYTES, NO_RECORDS, SAMPLE, Beginning, beginning
from karat.kernels.delimited import SMALL_BYTES

NUMBERS = pa.table({"n": list(range(300)), "s": [f"s{k}" for k in range(300)]})
PNG = b"\x89PNG\r\n\x1a\n"


def csv(path: Path, rows: int) -> Path:
    path.write_text("n,s\n" + "".join(f"{k},s{k}\n" for k in range(rows)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "frame",
    [NUMBERS, NUMBERS.to_pandas(), pa.RecordBatchReader.from_batches(NUMBERS.schema, NUMBERS.to_batches())],
    ids=["arrow", "pandas", "stream"],
)
def test_a_frame_gives_its_first_records_and_its_types(frame: object) -> None:
    first = beginning(frame)
    assert first.table.num_rows == SAMPLE
    assert first.table["s"].to_pylist() == [f"s{k}" for k in range(SAMPLE)]
    assert first.types == {"n": "int64"}
    assert first.files == ""


def test_a_frame_without_records_is_empty() -> None:
    assert beginning(NUMBERS.slice(0, 0)) == Beginning()
    assert beginning(pd.DataFrame()) == Beginning()


def test_files_of_lines_and_parquet_give_the_same_records(tmp_path: Path) -> None:
    pq.write_table(NUMBERS, tmp_path / "a.parquet")
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(csv(tmp_path / "b.csv", 300).read_bytes()))
    tables = [beginning(path).table for path in (csv(tmp_path / "a.csv", 300), tmp_path / "a.parquet", packed)]
    assert all(table.num_rows == SAMPLE for table in tables)
    assert tables[0].to_pydict() == tables[1].to_pydict() == tables[2].to_pydict()


def test_of_a_long_file_only_whole_lines_are_read(tmp_path: Path) -> None:
    line = f"{'x' * 8000},1\n"
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + line * (2 * LOOK_BYTES // len(line)), encoding="utf-8")
    table = beginning(path).table
    assert table.num_rows == (LOOK_BYTES + 1 - 4) // len(line)
    assert set(table["b"].to_pylist()) == {"1"}


def test_a_folder_a_list_and_a_glob_are_looked_at_as_their_files(tmp_path: Path) -> None:
    csv(tmp_path / "a.csv", 3)
    csv(tmp_path / "b.csv", 5)
    for data in (tmp_path, str(tmp_path / "*.csv"), [tmp_path / "a.csv", tmp_path / "b.csv"]):
        assert beginning(data).table["n"].to_pylist() == ["0", "1", "2"]
    assert beginning([[tmp_path / "b.csv"]]).table.num_rows == 5


def test_files_are_named_by_what_most_of_them_are(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(PNG)
    csv(tmp_path / "z.csv", 3)
    assert beginning(tmp_path) == Beginning(files="pictures")
    csv(tmp_path / "y.csv", 4)
    half = beginning(tmp_path)  # two of four are no more than half
    assert half.files == ""


def test_pages_are_known_by_their_names_on_disk_and_on_the_net(tmp_path: Path) -> None:
    (tmp_path / "x.warc.gz").touch()
    assert beginning(tmp_path).files == "pages"
    assert beginning("https://example.org/a.html").files == "pages"
    assert beginning("https://example.org/a.csv") == Beginning()


def test_running_texts_are_texts_and_a_table_named_txt_is_none(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("It was late.\nNobody came, and so I left\nthe house alone.\n", encoding="utf-8")
    first = beginning(text)
    assert first.files == "texts"
    assert any("Nobody came" in str(cell) for column in first.table.columns for cell in column.to_pylist())
    assert beginning(csv(tmp_path / "b.txt", 9)).files == ""


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PAR1 no more"])
def test_what_cannot_be_read_is_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(content)
    assert beginning(path).table is NO_RECORDS
    assert beginning(tmp_path / "missing.csv") == Beginning()
    assert beginning(tmp_path / "*.none") == Beginning()
    assert beginning([]) == Beginning()


def test_a_long_document_of_json_is_no_file_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    record = '{"a": "' + "x" * 8000 + '"}'
    many = 2 * LOOK_BYTES // len(record)
    path.write_text("[" + ",\n".join([record] * many) + "]", encoding="utf-8")
    assert beginning(path).table.num_rows == min(SAMPLE, many)
    path.write_text((record + "\n") * many, encoding="utf-8")
    assert beginning(path).table.num_rows == (LOOK_BYTES + 1) // (len(record) + 1)


def test_the_beginning_of_a_long_file_is_split_by_machine_code():
    assert SMALL_BYTES + (1 << 15) < LOOK_BYTES  # but for a line that is cut off
