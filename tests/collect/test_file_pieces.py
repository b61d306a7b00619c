"""What there is to read, told apart by endings and first bytes; large files cut at line ends and row groups."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.collect import file_pieces
from karat.collect.file_pieces import ARCHIVE_COLUMNS, _form, cuttable, pieces
from karat.collect.limits import LimitError
from karat.core.errors import InputError


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.jsonl", "json lines"),
        ("a.JSONL.GZ", "json lines"),
        ("a.csv.zst", "table"),
        ("a.warc.gz.bad", "archive"),
        ("a.warc.paths.txt", "archive"),
        ("a.html", "files"),
        ("a.parquet", "parquet"),
        ("a.bin", None),
        ("a.gz", None),
        ("a", None),
    ],
)
def test_forms_by_their_endings(name: str, form: str | None) -> None:
    assert _form(Path(name)) == form


def lines(path: Path, count: int) -> Path:
    path.write_text("".join(json.dumps({"id": k, "text": f"the text {k:03d}"}) + "\n" for k in range(count)), "utf-8")
    return path


@pytest.mark.parametrize("target", [1, 50, 333, 1 << 20])
def test_ranges_end_behind_line_feeds_and_hold_every_byte_once(tmp_path: Path, target: int) -> None:
    path = lines(tmp_path / "a.jsonl", 40)
    data = path.read_bytes()
    cut = pieces(path, target)
    assert b"".join(data[piece.begin : piece.end] for piece in cut) == data
    assert all(data[: piece.begin].endswith(b"\n") for piece in cut[1:])
    assert [piece.line for piece in cut] == [data[: piece.begin].count(b"\n") + 1 for piece in cut]
    assert all(piece.columns == ("id", "text") and piece.text == "text" for piece in cut)
    assert sum(piece.size_bytes for piece in cut) == len(data)
    assert len(cut) == 1 if target > len(data) else len(cut) >= 1


def test_a_packed_file_and_a_document_are_one_piece(tmp_path: Path) -> None:
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(lines(tmp_path / "x.jsonl", 40).read_bytes()))
    (piece,) = pieces(packed, 1)
    assert (piece.form, piece.end) == ("json lines", -1)
    document = tmp_path / "b.json"
    document.write_text(json.dumps([{"id": 1, "text": "a long enough text"}]), encoding="utf-8")
    (piece,) = pieces(document)
    assert (piece.form, piece.columns, piece.text) == ("table", ("id", "text"), "text")


def test_small_files_are_put_together_between_the_others(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "d.txt"):
        (tmp_path / name).write_text("x" * 10, encoding="utf-8")
    lines(tmp_path / "c.jsonl", 2)
    (tmp_path / "skip.bin").touch()
    assert [piece.names for piece in pieces(tmp_path)] == [("a.txt", "b.txt"), ("c.jsonl",), ("d.txt",)]
    assert [piece.names for piece in pieces(tmp_path, 10)][:2] == [("a.txt",), ("b.txt",)]
    assert [piece.names for piece in pieces([tmp_path / "d.txt", tmp_path / "a.txt"])] == [("a.txt", "d.txt")]
    assert [piece.names for piece in pieces(str(tmp_path / "*.txt"))] == [("a.txt", "b.txt", "d.txt")]


def test_a_long_text_is_a_document_a_line_a_short_one_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one line\n" * 10, encoding="utf-8")
    monkeypatch.setattr(file_pieces, "LONG_FILE_BYTES", 90)
    assert [piece.form for piece in pieces(path)] == ["files"]
    monkeypatch.setattr(file_pieces, "LONG_FILE_BYTES", 89)
    assert [(piece.form, piece.columns) for piece in pieces(path)] == [("lines", ("text",))]


def test_parquet_is_cut_at_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"n": list(range(9)), "text": [f"a text that is long {k}" for k in range(9)]})
    pq.write_table(table, path, row_group_size=3)
    assert [(piece.begin, piece.end) for piece in pieces(path, 1)] == [(0, 1), (1, 2), (2, 3)]
    (whole,) = pieces(path)
    assert (whole.begin, whole.end, whole.text) == (0, 3, "text")
    pq.write_table(table.select(["n"]), path)
    with pytest.raises(InputError, match="has no column of texts, only n"):
        pieces(path)


def test_wide_encodings_are_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes("".join(json.dumps({"text": f"t{k}"}) + "\n" for k in range(40)).encode("utf-16"))
    (piece,) = pieces(path, 1)
    assert piece.codec.startswith("utf-16")


def test_archives_have_columns_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").touch()
    (piece,) = pieces(tmp_path)
    assert (piece.form, piece.columns) == ("archive", ARCHIVE_COLUMNS)


def test_what_is_not_there_or_not_a_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.bin").touch()
    (tmp_path / "p.jsonl").write_bytes(b"PAR1" + bytes(100))
    for data, problem in (
        (tmp_path / "gone.txt", "not found"),
        (str(tmp_path / "*.md"), "no file matches the pattern"),
        (tmp_path / "x.bin", "is not a supported text format"),
        (tmp_path / "p.jsonl", "it is a Parquet file"),
    ):
        with pytest.raises(InputError, match=problem):
            pieces(data)
    (tmp_path / "p.jsonl").unlink()
    with pytest.raises(InputError, match="holds no files with texts"):
        pieces(tmp_path)


def test_files_of_other_forms_cannot_be_cut(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").touch()
    assert not cuttable(tmp_path / "x.xlsx")
    assert cuttable(tmp_path)
    assert cuttable([tmp_path / "x.xlsx"])
    assert cuttable(lines(tmp_path / "a.jsonl", 1))


def test_equal_texts_that_take_no_room_in_the_file_are_refused_beyond_the_ratio(tmp_path, monkeypatch):
    pq.write_table(pa.table({"text": ["a text of a hundred letters" * 4] * 200_000}), tmp_path / "t.parquet")
    assert len(pieces(tmp_path / "t.parquet")) == 1
    monkeypatch.setattr(file_pieces, "COLUMNS_RATIO_FROM", 1 << 20)
    with pytest.raises(LimitError, match="unpacks to more than 100 times its size"):
        pieces(tmp_path / "t.parquet")
