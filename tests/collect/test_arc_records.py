"""Records of an ARC file, with lengths right, absent and wrong."""

from pathlib import Path

import pytest

from karat.collect import arc_records as module
from karat.collect.arc_records import ArcRecord, arc_records
from karat.collect.unpacked import Unpacked


def record(body: bytes, length: str | None = None, url: str = "http://a.org/") -> bytes:
    size = str(len(body)) if length is None else length
    return f"{url} 1.2.3.4 20010102030405 text/html {size}\n".encode() + body + b"\n"


def records(path: Path, data: bytes) -> list[ArcRecord]:
    path.write_bytes(data)
    with Unpacked(path) as file:
        return list(arc_records(file))


def test_each_record_with_its_place(tmp_path: Path) -> None:
    first = record(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain; x\r\n\r\none\n\ntwo")
    result = records(tmp_path / "x", first + b"\n" + record(b"plain body"))
    assert result == [
        ArcRecord("http://a.org/", "20010102030405", "text/plain;", b"one\n\ntwo", 0),
        ArcRecord("http://a.org/", "20010102030405", "text/html", b"plain body", len(first) + 1),
    ]


def test_an_answer_without_a_blank_line_has_no_body(tmp_path: Path) -> None:
    (result,) = records(tmp_path / "x", record(b"HTTP/1.0 200 OK"))
    assert (result.body, result.mime, result.error) == (b"", "text/html", "")


def test_without_a_length_a_record_reaches_to_the_next_header(tmp_path: Path) -> None:
    result = records(tmp_path / "x", record(b"a\nb", "-1") + record(b"next"))
    assert [entry.body for entry in result] == [b"a\nb\n", b"next"]
    assert [entry.error for entry in result] == ["", ""]


@pytest.mark.parametrize("length", ["x12", "1234567890123"])
def test_a_length_that_is_none_costs_the_record_alone(tmp_path: Path, length: str) -> None:
    broken, fine = records(tmp_path / "x", record(b"a", length) + record(b"next"))
    assert broken.error == f"the length {length!r} in an ARC record"
    assert broken.body == record(b"a", length)
    assert (fine.body, fine.offset) == (b"next", len(broken.body))


def test_the_longest_body_is_read_and_a_longer_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BODY_BYTES", 4)
    assert records(tmp_path / "x", record(b"abcd"))[0].error == ""
    assert records(tmp_path / "x", record(b"abcde"))[0].error == "the length '5' in an ARC record"


def test_what_is_no_header_and_what_is_cut_off(tmp_path: Path) -> None:
    noise, cut = records(tmp_path / "x", b"garbage here\n" + record(b"abc", "9"))
    assert (noise.error, noise.body) == ("a header that is none in an ARC record", b"garbage here\n")
    assert cut.error == "a record that ends after 4 of 9 bytes"
    assert cut.body.endswith(b"\nabc\n")
    assert records(tmp_path / "y", b"\n\n") == []
