"""Delimited text: nothing is lost, nothing is changed."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from karat.collect import delimited
from karat.collect.delimited import PEEK_BYTES
from karat.collect.read import open_data
from karat.core.errors import InputError
from karat.kernels import delimited as kernel


def rows_of(path: Path, data: bytes) -> tuple[list[list[str | None]], list[dict[str, Any]], tuple[str, ...]]:
    path.write_bytes(data)
    reading = open_data(path)
    rows = [list(row.values()) for batch in reading.batches() for row in batch.to_pylist()]
    return rows, reading.quarantine, reading.names


def test_cells_are_kept_to_the_letter_and_only_the_empty_one_is_blank(tmp_path: Path) -> None:
    data = 'a,b,c\n" x ",NULL,""\n,N/A,"say ""hi"", ok"\n"two\nlines",无,-\n'.encode()
    rows, broken, _ = rows_of(tmp_path / "t.csv", data)
    assert rows == [[" x ", "NULL", None], [None, "N/A", 'say "hi", ok'], ["two\nlines", "无", "-"]]
    assert not broken


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe\n\x00"])
def test_a_byte_order_mark_alone_is_an_empty_file(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match="an empty file"):
        rows_of(tmp_path / "t.csv", data)


def test_a_broken_line_goes_to_quarantine_with_line_offset_and_bytes(tmp_path: Path) -> None:
    data = b'a,b,c\n1,\xe4\xba\x8c,3\n1,2\n"x"y,2,3\n1,2,3,4\n\n7,"8\n9",10\n1,\xff,3\n1,a\x00,3\n5,6,7\n'
    rows, broken, _ = rows_of(tmp_path / "t.csv", data)
    assert rows == [["1", "二", "3"], ["7", "8\n9", "10"], ["5", "6", "7"]]
    assert [entry["line"] for entry in broken] == [3, 4, 5, 9, 10]
    assert [entry["error"] for entry in broken] == [
        "2 of 3 fields",
        "text after a closing quote in field 1",
        "4 fields where 3 belong",
        "bytes that are not utf-8",
        "a NUL byte",
    ]
    assert all(data[entry["offset"] : entry["offset"] + entry["length"]] == entry["raw"] for entry in broken)


def test_a_quote_that_never_closes_costs_one_line(tmp_path: Path) -> None:
    good = b'"k","v",1\n' * 40
    rows, broken, _ = rows_of(tmp_path / "t.csv", b"a,b,c\n" + good + b'1,"open,3\n' + good)
    assert len(rows) == 80
    assert [entry["raw"] for entry in broken] == [b'1,"open,3\n']


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_with_simplified_chinese(tmp_path: Path, codec: str) -> None:
    text = "城市,评价\n" + "北京,这个产品的质量不错\n上海,没有问题\n" * 5
    rows, broken, names = rows_of(tmp_path / "t.csv", text.encode(codec))
    assert names == ("城市", "评价")
    assert rows == [["北京", "这个产品的质量不错"], ["上海", "没有问题"]] * 5
    assert not broken


@pytest.mark.parametrize(
    ("codec", "line"),
    [
        ("big5", "臺北市,這個產品的質量不錯"),
        ("latin-1", "Müller,café crème à la carte"),
        ("cp1252", "naïve,señor – garçon"),
    ],
)
def test_other_encodings(tmp_path: Path, codec: str, line: str) -> None:
    rows, broken, _ = rows_of(tmp_path / "t.csv", ("name,word\n" + (line + "\n") * 4).encode(codec))
    assert rows == [line.split(",")] * 4
    assert not broken


def test_lines_in_another_encoding_are_quarantined(tmp_path: Path) -> None:
    data = "a,b\n1,中国\n2,你好\n".encode() + "3,中国\n".encode("gbk") + "4,好\n".encode()
    rows, broken, _ = rows_of(tmp_path / "t.csv", data)
    assert rows == [["1", "中国"], ["2", "你好"], ["4", "好"]]
    assert [entry["raw"] for entry in broken] == ["3,中国\n".encode("gbk")]


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        ("x;y;z\n1,5;2,5;a\n3,25;4;b\n", ("x", "y", "z"), [["1,5", "2,5", "a"], ["3,25", "4", "b"]]),
        ("x\ty\n1,2\t3\n", ("x", "y"), [["1,2", "3"]]),
        ("x|y\r\n1|2\r\n", ("x", "y"), [["1", "2"]]),
        ("x,y\r1,2\r", ("x", "y"), [["1", "2"]]),
        ("text\nhello, world\nfoo, bar, baz\n", ("text",), [["hello, world"], ["foo, bar, baz"]]),
        ("x\n1\n\n3\n\n", ("x",), [["1"], [None], ["3"]]),
        ("1,2\n3,4\n", ("column_0", "column_1"), [["1", "2"], ["3", "4"]]),
        ("year,2019,2020\na,1,2\nb,3,4\n", ("year", "2019", "2020"), [["a", "1", "2"], ["b", "3", "4"]]),
        (",v\n0,a\n1,b\n", ("column_0", "v"), [["0", "a"], ["1", "b"]]),
        ('"a","b"\n"1",2,3\n"2",3,4\n', ("column_0", "a", "b"), [["1", "2", "3"], ["2", "3", "4"]]),
        ("x;y;\n1;2;\n;;\n", ("x", "y", "column_2"), [["1", "2", None], [None, None, None]]),
        ("'a','b'\n'1','x,y'\n'2','z'\n", ("a", "b"), [["1", "x,y"], ["2", "z"]]),
        ('a,b\n1,"x \\"q\\", y"\n2,"z \\"k\\""\n', ("a", "b"), [["1", 'x "q", y'], ["2", 'z "k"']]),
        ('size,n\n5" pipe,1\n7" pipe,2\n', ("size", "n"), [['5" pipe', "1"], ['7" pipe', "2"]]),
    ],
)
def test_dialects(tmp_path: Path, text: str, names: tuple[str, ...], rows: list[list[str | None]]) -> None:
    found, broken, found_names = rows_of(tmp_path / "t.csv", text.encode())
    assert found_names == names
    assert found == rows
    assert not broken


def test_what_stands_before_the_header_is_kept_apart(tmp_path: Path) -> None:
    rows, broken, names = rows_of(tmp_path / "t.csv", b"My report\n\na,b,c\n1,2,3\n4,5,6\n")
    assert names == ("a", "b", "c")
    assert len(rows) == 2
    assert [(entry["line"], entry["raw"]) for entry in broken] == [(1, b"My report\n")]


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("t.csv", b"", "empty"),
        ("t.csv", b" \n\n", "empty"),
        ("t.csv", b"a,b\n", "no record"),
        ("t.csv", b"a,b", "no record"),
        ("t.csv", b"a,b,a\n1,2,3\n", "two columns named 'a': columns 1 and 3"),
        ("t.csv", b"PAR1xxxx", "a Parquet file"),
        ("t.csv", bytes(range(256)) * 9, "binary data"),
        ("t.csv", b"\0" * 999, "binary data"),
        ("t.csv.gz", gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:50], "ends early"),
        ("t.csv", b"a,b,c\n1,2\n3,4\n", "2 of 3 fields"),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path: Path, name: str, data: bytes, word: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as caught:
        list(open_data(tmp_path / name).batches())
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_long_records_and_many_columns(tmp_path: Path) -> None:
    wide = ",".join(f"c{i}" for i in range(3000)) + "\n" + ",".join(map(str, range(3000))) + "\n"
    rows, _, names = rows_of(tmp_path / "wide.csv", wide.encode())
    assert len(names) == 3000
    assert rows[0][2999] == "2999"
    big = "x" * 20_000_000
    rows, broken, _ = rows_of(tmp_path / "big.csv", f'a,b\n1,{big}\n2,"{big}\n"\n3,4\n'.encode())
    assert [len(row[1] or "") for row in rows] == [20_000_000, 20_000_001, 1]
    assert not broken


def test_machine_code_and_plain_python_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a,b\n" + 'x,"y ""z"""\n1\n"q"r,2\n\n,"m\nn"\n' * 50 + '9,"open\n'
    plain = rows_of(tmp_path / "t.csv", text.encode())
    monkeypatch.setattr(kernel, "SMALL_BYTES", 0)
    assert rows_of(tmp_path / "t.csv", text.encode()) == plain
    assert len(plain[0]) == 100


def test_agrees_with_the_csv_module_on_well_formed_text(tmp_path: Path) -> None:
    cells = ["", "a", 'q"q', "x,y", "l1\nl2", " pad ", "中文", "5'"]
    table = [[cells[(i * 7 + j * 3 + i * j) % len(cells)] or "z" for j in range(5)] for i in range(300)]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["c1", "c2", "c3", "c4", "c5"], *table])
    rows, broken, _ = rows_of(tmp_path / "t.csv", buffer.getvalue().encode())
    assert rows == table
    assert not broken


@pytest.mark.parametrize("lead", [0, 1 << 20])
def test_the_first_letter_beyond_ascii_tells_the_encoding_wherever_it_stands(tmp_path: Path, lead: int) -> None:
    plain = "".join(f"{at},plain text of a line\n" for at in range(60_000))
    late = "60000,重庆的一个老城区里住着很多人\n" * 40
    rows, broken, _ = rows_of(
        tmp_path / "late.csv",
        ("n,city\n" + plain[: plain.find("\n", lead) + 1 if lead else 0] + plain + late).encode("gb18030"),
    )
    assert rows[-1] == ["60000", "重庆的一个老城区里住着很多人"]
    assert not broken


def test_a_header_longer_than_what_is_looked_at_is_read_whole(tmp_path: Path) -> None:
    names = [f"column_{at:08d}" for at in range(90_000)]
    rows = [",".join(f"{at}" for _ in names) for at in range(3)]
    (tmp_path / "t.csv").write_text("\n".join([",".join(names), *rows]) + "\n", encoding="utf-8")
    assert (tmp_path / "t.csv").stat().st_size > 3 * PEEK_BYTES / 2
    reading = open_data(tmp_path / "t.csv")
    assert list(reading.names) == names
    assert [batch.num_rows for batch in reading.batches()] == [3]
    assert reading.quarantine == []


def test_a_first_line_without_end_is_read_up_to_the_longest_header(monkeypatch):
    monkeypatch.setattr(delimited, "PEEK_BYTES", 8)
    monkeypatch.setattr(delimited, "LONGEST_HEADER_BYTES", 24)
    assert delimited._beginning(io.BytesIO(b"a" * 100)) == (b"a" * 24, False)
    assert delimited._beginning(io.BytesIO(b"a" * 20)) == (b"a" * 20, True)
    assert delimited._beginning(io.BytesIO(b"a" * 12 + b"\n" + b"b" * 87)) == (b"a" * 12 + b"\n" + b"b" * 11, False)


def test_the_lines_that_tell_the_encoding_begin_where_a_line_begins(tmp_path):
    path = tmp_path / "late.csv"
    path.write_bytes(b"a,b\n" * 3000 + "Zürich,1\n".encode() * 3)
    telling = delimited._telling(path, b"a,b\n", whole=False)
    assert telling.endswith("Zürich,1\n".encode() * 3)
    assert telling.replace(b"a,b\n", b"") == "Zürich,1\n".encode() * 3


@pytest.mark.parametrize(("more", "whole"), [(0, True), (1, False)])
def test_a_sample_is_whole_up_to_its_size(tmp_path, more, whole):
    text = b"a\n" * (delimited.SAMPLE_BYTES // 2) + b"b" * more
    assert delimited.as_utf8(tmp_path / "t.csv", text, whole=True)[1] is whole
