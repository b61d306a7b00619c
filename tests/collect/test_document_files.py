"""Folders of texts and pages, long texts, Parquet and CSV."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.collect.file_pieces import pieces
from karat.collect.piece_reader import read
from karat.core.errors import InputError


def test_a_folder_gives_a_record_per_file(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.txt").write_text("plain", encoding="utf-8")
    (tmp_path / "deep" / "a.txt").write_bytes("今天的天气很好，我们都去公园玩。".encode("gb18030"))
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"packed"))
    (tmp_path / "d.txt").write_bytes(b"nul\x00inside")
    (tmp_path / "e.txt").write_bytes(b"\x89PNG" + bytes(range(256)) * 4)
    (tmp_path / "skip.bin").write_bytes(b"x")
    (piece,) = pieces(tmp_path)
    part = read(piece)
    assert part.table.to_pydict() == {
        "path": ["b.txt", "c.txt.gz", "deep/a.txt"],
        "text": ["plain", "packed", "今天的天气很好，我们都去公园玩。"],
    }
    assert len(part.quarantine) == 2


def test_pages_give_their_main_text(tmp_path):
    pytest.importorskip("trafilatura")
    story = "Mayors of four towns met on Monday to speak about the bridge that was closed in spring. " * 5
    menu = "".join(f"<li><a href='/{at}'>Section {at}</a></li>" for at in range(30))
    (tmp_path / "a.html").write_text(
        f"<html><body><nav><ul>{menu}</ul></nav><article><p>{story}</p></article>"
        "<footer>Copyright, all rights reserved</footer></body></html>",
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text("", encoding="utf-8")
    (text, none) = read(pieces(tmp_path)[0]).table["text"].to_pylist()
    assert text.count("Mayors of four towns") == 5
    assert "Section 7" not in text
    assert none is None


def test_files_are_put_together_up_to_a_size(tmp_path):
    for at in range(20):
        (tmp_path / f"{at:02}.txt").write_text("x" * 100)
    found = pieces(tmp_path, target_bytes=500)
    assert [len(piece.paths) for piece in found] == [5, 5, 5, 5]
    assert [name for piece in found for name in piece.names] == [f"{at:02}.txt" for at in range(20)]


def test_a_long_text_is_a_document_a_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"first line\n\nzweite\xff\n" + "第三行\n".encode() * 900_000)
    found = pieces(path, target_bytes=1 << 20)
    assert len(found) > 5
    parts = [read(piece) for piece in found]
    rows = [text for part in parts for text in part.table["text"].to_pylist()]
    assert rows == ["first line", *["第三行"] * 900_000]
    assert [entry["line"] for part in parts for entry in part.quarantine.to_pylist()] == [3]


def test_parquet_is_cut_at_row_groups(tmp_path):
    path = tmp_path / "a.parquet"
    table = pa.table({"id": range(1000), "body": [f"document {at} " * 5 for at in range(1000)], "w": [0.5] * 1000})
    pq.write_table(table, path, row_group_size=100)
    found = pieces(path, target_bytes=1)
    assert len(found) == 10
    whole = pa.concat_tables([read(piece).table for piece in found])
    assert whole["body"].to_pylist() == table["body"].to_pylist()
    assert whole["id"].to_pylist()[:2] == ["0", "1"]
    assert found[0].text == "body"


def test_csv_keeps_line_feeds_in_cells(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id,review\n1,"good\nand long enough"\n2,"bad, but fine"\n', encoding="utf-8")
    (piece,) = pieces(path)
    assert (piece.columns, piece.text) == (("id", "review"), "review")
    assert read(piece).table["review"].to_pylist() == ["good\nand long enough", "bad, but fine"]


@pytest.mark.parametrize("name", ["nothing.jsonl", "no*.jsonl"])
def test_nothing_to_read_is_told(tmp_path, name):
    with pytest.raises(InputError):
        pieces(tmp_path / name)
    with pytest.raises(InputError):
        pieces(tmp_path)
