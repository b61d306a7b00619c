"""One pass in chunks gives what a pass over the whole file gives, wherever the chunks are cut."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from karat.collect import chunks
from karat.collect.chunks import Pass, scan, string_array
from karat.collect.dialect import Dialect
from karat.collect.encoding import Encoding, detect
from karat.core.errors import InputError
from karat.kernels import delimited as kernel

QUOTE, BACK = b'"'[0], b"\\"[0]
COMMAS = Dialect(ord(","), QUOTE, QUOTE, 10, 3, header_lines=(0, 1), data_line=1)
TEXT = 'a,b,c\n1,"two\nlines","say ""x"""\n,二,3\n1,2\n"x"y,2,3\n1,2,3,4\n\n4,5,6\n'


def whole(path: Path, text: str, codec: str = "utf-8", dialect: Dialect = COMMAS) -> tuple[list, list, dict]:
    data = text.encode(codec)
    path.write_bytes(data)
    entry: dict[str, Any] = {}
    broken: list[dict[str, Any]] = []
    encoding: Encoding = detect(data, True, str(path))
    task = Pass(path, encoding, dialect, ("a", "b", "c"), entry, broken)
    return [row for batch in task.batches() for row in batch.to_pylist()], broken, entry


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("size", [1, 7, 16, 30, 1 << 20])
def test_chunks_of_any_size_and_encoding_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, codec: str
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", size)
    text = TEXT + "中国,北京,上海\n" * 6
    rows, broken, entry = whole(tmp_path / "t.csv", text, codec)
    assert rows[:3] == [
        {"a": "1", "b": "two\nlines", "c": 'say "x"'},
        {"a": None, "b": "二", "c": "3"},
        {"a": "4", "b": "5", "c": "6"},
    ]
    assert rows[3:] == [{"a": "中国", "b": "北京", "c": "上海"}] * 6
    assert entry["records"] == 9
    assert [(part["line"], part["error"]) for part in broken] == [
        (5, "2 of 3 fields"),
        (6, "text after a closing quote in field 1"),
        (7, "4 fields where 3 belong"),
    ]
    data = text.encode(codec)
    assert all(data[part["offset"] : part["offset"] + part["length"]] == part["raw"] for part in broken)


def test_what_stands_above_the_header_is_set_aside(tmp_path: Path) -> None:
    dialect = Dialect(ord(","), QUOTE, QUOTE, 10, 3, header_lines=(1, 2), data_line=2)
    rows, broken, _ = whole(tmp_path / "t.csv", "my,own,title\na,b,c\n1,2,3\n", dialect=dialect)
    assert rows == [{"a": "1", "b": "2", "c": "3"}]
    assert [(part["line"], part["error"], part["raw"]) for part in broken] == [
        (1, "above the header", b"my,own,title\n")
    ]


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert whole(tmp_path / "t.csv", "a,b,c\n1,2,3")[0] == [{"a": "1", "b": "2", "c": "3"}]


@pytest.mark.parametrize(("text", "why"), [("a,b,c\n", "read"), ("a,b,c\n1,2\n", "read; line 2: 2 of 3 fields")])
def test_a_file_without_a_record_is_refused_with_the_first_fault(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(InputError) as error:
        whole(tmp_path / "t.csv", text)
    assert error.value.problem.endswith(f"has a header of 3 columns and no record that can be {why}")


def test_a_quote_open_for_too_long_is_a_stray_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 32)
    monkeypatch.setattr(chunks, "MAX_RECORD_BYTES", 100)
    rows, broken, _ = whole(tmp_path / "t.csv", 'a,b,c\n1,"x,3\n' + "1,2,3\n" * 100)
    assert len(rows) == 100
    assert [part["error"] for part in broken] == ["a quote that is never closed in field 2"]


def test_escaped_quotes_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    dialect = Dialect(ord(","), QUOTE, BACK, 10, 3, header_lines=(0, 1), data_line=1)
    rows, _, _ = whole(tmp_path / "t.csv", 'a,b,c\n"x\\"y",2,3\n', dialect=dialect)
    assert rows == [{"a": 'x"y', "b": "2", "c": "3"}]
    path = tmp_path / "u.csv"
    path.write_bytes(b"a,b,c\n1,2,3\n4,\xff,6\n7,\x00,9\n")
    broken: list[dict[str, Any]] = []
    task = Pass(path, Encoding("utf-8", 0), COMMAS, ("a", "b", "c"), {}, broken)
    assert sum(batch.num_rows for batch in task.batches()) == 1
    assert [(part["line"], part["error"]) for part in broken] == [(3, "bytes that are not utf-8"), (4, "a NUL byte")]


def test_a_scan_says_where_the_fields_stand() -> None:
    records = scan(b'1,"x""y",3\n4,5\n', COMMAS, kernel.LAST)
    assert records.fault.tolist() == [kernel.GOOD, kernel.FEW]
    assert records.fields.tolist() == [3, 2]
    assert records.line.tolist() == [0, 1]
    assert (records.used, records.lines_used) == (15, 2)
    assert list(zip(records.starts, records.ends, strict=True)) == [(0, 1), (3, 7), (9, 10)]
    assert records.flags.tolist() == [kernel.PLAIN, kernel.ESCAPED, kernel.PLAIN]


def test_stretches_as_strings_with_blanks_for_empty_ones() -> None:
    buf = np.frombuffer("ab二c".encode(), np.uint8)
    starts, ends = np.array([0, 2, 2, 5], np.int32), np.array([2, 2, 5, 6], np.int32)
    assert string_array(buf, starts, ends, False).equals(pa.array(["ab", None, "二", "c"]))
