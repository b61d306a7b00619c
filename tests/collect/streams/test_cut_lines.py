"""Bytes of a file that grows are cut where its records end, however they arrive."""

import pytest

from karat.collect.streams.cut_lines import DelimitedCutter, cut_json
from karat.core.errors import InputError


def test_lines_of_json_have_places_and_an_open_one_waits():
    cut = cut_json("f", b'{"a":1}\n\r\n{"a":2}\r\n{"a":', 0, 9, last=False)
    assert [(m.offset, m.body, m.after) for m in cut.messages] == [("0", b'{"a":1}', "8"), ("10", b'{"a":2}', "19")]
    assert cut.used == 19
    assert cut_json("f", b'{"a":', 19, 9, last=True).messages == []
    assert cut_json("f", b'{"a":3}', 19, 9, last=True).messages[0].body == b'{"a":3}'
    assert len(cut_json("f", b"{}\n{}\n{}\n", 0, 2, last=False).messages) == 2


def test_a_byte_order_mark_is_no_part_of_the_first_record():
    assert cut_json("f", b"\xef\xbb\xbf{}\n", 0, 9, last=False).messages[0].body == b"{}"


TEXT = b'a;b\r\n1;x\r\n2;"y\r\nz"\r\n3\r\n"4;q""";w\r\n5;v\r\n'


def test_the_header_tells_the_delimiter_and_the_columns():
    cutter = DelimitedCutter.of("f", TEXT, ["a", "b"])
    assert cutter is not None
    assert cutter.names == ("a", "b")
    assert cutter.first == 5
    assert DelimitedCutter.of("f", b"a;b", ["a", "b"]) is None
    with pytest.raises(InputError, match="names no column of the run"):
        DelimitedCutter.of("f", b"x,y\n", ["a", "b"])
    assert DelimitedCutter.of("f", b"1,2\n", ["column_0", "column_1"]).first == 0


@pytest.mark.parametrize("step", [1, 3, 7, 100])
def test_records_are_the_same_however_the_bytes_arrive(step):
    cutter = DelimitedCutter.of("f", TEXT, ["a", "b"])
    body, rest, at, out = TEXT[5:], b"", 5, []
    for start in range(0, len(body), step):
        rest += body[start : start + step]
        cut = cutter.cut("f", rest, at, 99, last=False)
        out += cut.messages
        rest, at = rest[cut.used :], at + cut.used
    cut = cutter.cut("f", rest, at, 99, last=True)
    out += cut.messages
    assert [m.cells for m in out if not m.error] == [
        {"a": "1", "b": "x"},
        {"a": "2", "b": "y\r\nz"},
        {"a": '4;q"', "b": "w"},
        {"a": "5", "b": "v"},
    ]
    assert [(m.error, m.body) for m in out if m.error] == [("1 of 2 fields", b"3")]
    assert out[-1].after == str(len(TEXT))


def test_bytes_that_are_no_text_are_set_aside_alone():
    cutter = DelimitedCutter.of("f", b"a,b\n", ["a", "b"])
    messages = cutter.cut("f", b"1,\xff\n2,x\n3,\x00\n", 4, 9, last=False).messages
    assert [m.error for m in messages] == ["bytes that are not utf-8", "", "a NUL byte"]
    assert messages[1].cells == {"a": "2", "b": "x"}
