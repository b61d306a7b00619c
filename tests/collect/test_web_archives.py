"""Web archives: whole, cut, and in the form of before 2009."""

import csv
import gzip
import os
from pathlib import Path

import pytest

from karat.collect.file_pieces import pieces
from karat.collect.piece_reader import read

pytest.importorskip("fastwarc")
PARAGRAPH = "The river rises in the northern hills and runs for eighty miles through farms and small towns. " * 4
PAGE = f"<html><head><title>t</title></head><body><article><h1>River</h1><p>{PARAGRAPH}</p></article>"


def record(kind, body, uri="http://a.example/", mime="application/http; msgtype=response"):
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n"
    head += f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\nContent-Type: {mime}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def answer(body, head="Content-Type: text/html; charset=utf-8", status="200 OK"):
    return f"HTTP/1.1 {status}\r\n{head}\r\n\r\n".encode() + body


RECORDS = [
    record("warcinfo", b"software: x\r\n", mime="application/warc-fields"),
    record("request", b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", mime="application/http; msgtype=request"),
    record("response", answer(PAGE.encode())),
    record(
        "response", answer("<html><body><p>今天天气很好。</p>".encode("gbk"), "Content-Type: text/html; charset=gb2312")
    ),
    record("response", answer(b"gone", status="404 Not Found")),
    record("response", answer(PAGE.encode(), "Content-Type: text/html\r\nTransfer-Encoding: chunked")),
    record("conversion", "纯文本。\nplain".encode(), mime="text/plain"),
    record("response", answer(b"\x89PNG", "Content-Type: image/png")),
]
PASSED = {"warcinfo": 1, "request": 1, "response with status 404": 1, "image/png": 1}


@pytest.mark.parametrize("packed", [False, True])
def test_documents_are_read_and_the_others_counted(tmp_path, packed):
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(b"".join(gzip.compress(one) if packed else one for one in RECORDS))
    part = read(pieces(path)[0])
    got = part.table["text"].to_pylist()
    assert got[0].count("The river rises") == 4
    assert "<" not in got[0]
    assert "今天天气很好" in got[1]
    assert got[2].count("The river rises") == 4  # its header says chunked and its body is not
    assert got[3] == "纯文本。\nplain"
    assert part.passed == PASSED
    assert part.quarantine.num_rows == 0
    assert part.table["date"].to_pylist()[0] == "2024-01-02T03:04:05Z"
    raw = path.read_bytes()
    for offset in part.table["_offset"].to_pylist():
        assert raw[int(offset) :].startswith(b"\x1f\x8b" if packed else b"WARC/1.0")


def test_damage_costs_one_record(tmp_path):
    packed = [gzip.compress(one) for one in RECORDS]
    packed[2] = packed[2][:40] + b"\xff" * 30 + packed[2][70:]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(packed))
    part = read(pieces(path)[0])
    assert part.table.num_rows + part.quarantine.num_rows + sum(part.passed.values()) >= len(RECORDS)
    assert "纯文本。\nplain" in part.table["text"].to_pylist()
    entry = part.quarantine.to_pylist()[0]
    assert path.read_bytes()[entry["offset"] :][: entry["length"]] == entry["raw"]


def test_a_record_that_is_cut_off_is_not_taken_for_whole(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(RECORDS[:3])[:-500])
    part = read(pieces(path)[0])
    assert part.table.num_rows == 0
    assert part.quarantine.num_rows == 1
    assert sum(part.passed.values()) == 2


def test_arc_with_lengths_wrong_and_absent(tmp_path):
    page = answer(PAGE.encode())
    head = "1.1.1.1 20140102000000 text/html"
    path = tmp_path / "a.arc"
    path.write_bytes(
        b"filedesc://a.arc 0.0.0.0 20140102000000 text/plain 5\n1 0 x\n"
        + f"http://a.example/with a blank {head} {len(page)}\n".encode() + page + b"\n"
        + f"http://b.example/ {head} abc\nrubbish\n\n".encode()
        + f"http://c.example/ {head} -1\n".encode() + page + b"\n"
        + f"http://d.example/ {head} 99999\ncut".encode()
    )  # fmt: skip
    part = read(pieces(path)[0])
    assert part.table["url"].to_pylist() == ["http://a.example/with a blank", "http://c.example/"]
    assert all(text.count("The river rises") == 4 for text in part.table["text"].to_pylist())
    assert ["'abc'" in error or "ends after" in error for error in part.quarantine["error"].to_pylist()] == [True, True]
    assert part.passed == {"filedesc": 1}


@pytest.mark.skipif("KARAT_DATA" not in os.environ, reason="no development data")
def test_every_archive_balances():
    home = Path(os.environ["KARAT_DATA"]) / "web-warc"
    for entry in csv.DictReader((home / "index.csv").read_text(encoding="utf-8").splitlines()):
        part = read(pieces(home / entry["file"])[0])
        seen = part.table.num_rows + part.quarantine.num_rows + sum(part.passed.values())
        assert seen >= int(entry["records"]), entry["file"]


@pytest.mark.parametrize("place", ["before", "between", "behind"])
def test_bytes_between_records_are_not_lost(tmp_path, place):
    parts = {
        "before": [b"rubbish\r\n", RECORDS[2], RECORDS[6]],
        "between": [RECORDS[2], RECORDS[2].replace(b"WARC/1.0", b"VARC/1.0"), RECORDS[6]],
        "behind": [RECORDS[2], RECORDS[6], b"rubbish behind\n"],
    }
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(parts[place]))
    part = read(pieces(path)[0])
    assert part.table.num_rows == 2
    held = part.quarantine.to_pylist()
    assert len(held) == 1
    lost = path.read_bytes()[held[0]["offset"] : held[0]["offset"] + held[0]["length"]]
    assert b"rubbish" in lost or b"VARC" in lost
    assert held[0]["raw"] == lost
