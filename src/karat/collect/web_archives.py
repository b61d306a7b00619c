"""Web archives: WARC, WET and ARC, whole or broken."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.collect.arc_records import arc_records
from karat.collect.main_text import main_text, missing_extra, page_text
from karat.collect.piece import Part, Piece, quarantine_table, strings
from karat.collect.reading import quarantined
from karat.collect.unpacked import MOST_RAW_BYTES, Unpacked

PAGE_TYPES = ("text/html", "application/xhtml+xml")
MOST_HEAD_BYTES = 1 << 16  # cost: of a record's header lines
MOST_BODY_BYTES = 64 << 20  # cost: a page beyond is a recording of something else
HTTP_OK = 200  # RFC 9110, 15.3.1
SEARCH_BYTES = 8 << 20  # cost: read at a time, in search of the next record
STARTS = (b"\x1f\x8b\x08", b"\x04\x22\x4d\x18", b"WARC/1.", b"WARC/0.")


@dataclass
class _Pending:
    """Records on their way into a part."""

    columns: tuple[str, ...]
    rows: list[tuple[str | None, ...]] = field(default_factory=list)
    broken: list[dict[str, Any]] = field(default_factory=list)
    passed: dict[str, int] = field(default_factory=dict)
    size: int = 0

    def add(self, url: str, date: str, text: str | None, offset: int) -> None:
        self.rows.append((url or None, date or None, text or None, str(offset)))
        self.size += len(text or "")

    def pass_over(self, kind: str) -> None:
        self.passed[kind] = self.passed.get(kind, 0) + 1

    def part(self) -> Part:
        columns = [pa.array(column, pa.string()) for column in zip(*self.rows, strict=True)] if self.rows else None
        schema = strings(self.columns)
        table = pa.table(columns, schema=schema) if columns else schema.empty_table()
        return Part(table, quarantine_table(self.broken), dict(self.passed))


def archive_parts(piece: Piece, part_bytes: int) -> Iterator[Part]:
    """A record per page or text of an archive: ``url``, ``date``, ``text`` and ``_offset``.

    Of HTML the main text stands in ``text``, null where there is none. Requests, revisits, pictures and answers that
    brought no page are counted in ``passed``. A record that is cut or broken goes to quarantine, and reading goes on
    with the next one that can be found behind it.

    Source: ISO 28500 (WARC 1.1); Internet Archive, ARC file format.

    Raises
    ------
    InputError
        The extra ``text`` is not installed.
    """
    with Unpacked(Path(piece.path)) as file:
        is_arc = file.read(11) == b"filedesc://"
    pending = _Pending(piece.columns)
    for _ in _from_arc(piece, pending) if is_arc else _from_warc(piece, pending):
        if pending.size >= part_bytes or len(pending.rows) >= 65_536:
            yield pending.part()
            pending.rows, pending.broken, pending.passed, pending.size = [], [], {}, 0
    if pending.rows or pending.broken or pending.passed:
        yield pending.part()


def _from_arc(piece: Piece, pending: _Pending) -> Iterator[None]:
    with Unpacked(Path(piece.path)) as file:
        for record in arc_records(file):
            if record.error:
                pending.broken.append(quarantined(piece.path, record.error, record.body, None, record.offset))
            elif record.url.startswith("filedesc:"):
                pending.pass_over("filedesc")
            else:
                _take(pending, record.url, record.date, record.mime, None, record.body, record.offset)
            yield
        pending.broken += file.remainder()


def _take(pending: _Pending, url: str, date: str, mime: str, charset: str | None, body: bytes, offset: int) -> None:
    """A record's body as a document, if it is one."""
    kind = mime.split(";", maxsplit=1)[0].strip().lower()
    if kind in PAGE_TYPES or (not kind and body[:512].lstrip()[:1] == b"<"):
        pending.add(url, date, main_text(page_text(body, charset)), offset)
    elif kind == "text/plain":
        pending.add(url, date, page_text(body, charset).replace("\x00", " ").strip(), offset)
    else:
        pending.pass_over(kind or "unknown")


def _from_warc(piece: Piece, pending: _Pending) -> Iterator[None]:
    """Iterate over records; behind a break begin anew at the next thing that looks like a record."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as missing:
        raise missing_extra("web archives") from missing
    size = Path(piece.path).stat().st_size
    begin = 0
    while begin < size:
        last, error, count, behind = begin, "", 0, begin
        with Path(piece.path).open("rb") as file:
            file.seek(begin)
            records = iter(
                ArchiveIterator(file, parse_http=False, quirks_mode=True, record_types=WarcRecordType.any_type)
            )
            while not error:
                try:
                    record = next(records)
                except StopIteration:
                    break
                except (OSError, ValueError, EOFError, RuntimeError) as trouble:
                    error = _reason(trouble)
                    break
                _between(piece.path, pending, behind, record.stream_pos)
                last, count = record.stream_pos, count + 1
                behind = _behind(piece.path, last, record.content_length)
                error = _tried(piece, pending, record, last)
                yield
        if not error and count:
            _between(piece.path, pending, behind, size)
            return
        following = _next_start(piece.path, last + 1)
        _quarantine(piece.path, pending, error or "no record of a web archive", last, following)
        yield
        begin = following


def _behind(path: str, begin: int, content: int) -> int:
    """Where a record that is not packed ends; -1 for a packed one, whose decoder sees every byte."""
    with Path(path).open("rb") as file:
        file.seek(begin)
        head = file.read(MOST_HEAD_BYTES)
    if not head.startswith(b"WARC/"):
        return -1
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := head.find(mark)) >= 0]
    return begin + min(ends) + content if ends else -1


def _between(path: str, pending: _Pending, begin: int, end: int) -> None:
    """Bytes between two records, which the reader passes over, go to quarantine."""
    if not 0 <= begin < end:
        return
    with Path(path).open("rb") as file:
        file.seek(begin)
        blank = not file.read(min(end - begin, MOST_RAW_BYTES)).strip()
    if not blank:
        _quarantine(path, pending, "no record of a web archive", begin, end)


def _reason(trouble: Exception) -> str:
    return str(trouble)[:120] or type(trouble).__name__


def _tried(piece: Piece, pending: _Pending, record: Any, offset: int) -> str:
    """Take a record; what was wrong with it, "" when nothing."""
    try:
        _warc_record(piece, pending, record, offset)
    except (OSError, ValueError, EOFError, RuntimeError) as trouble:
        return _reason(trouble)
    return ""


def _warc_record(piece: Piece, pending: _Pending, record: Any, offset: int) -> None:
    from fastwarc.warc import WarcRecordType as Kind

    said = record.content_length
    if said > MOST_BODY_BYTES:
        _quarantine(piece.path, pending, f"a record of {said} bytes", offset, _next_start(piece.path, offset + 1))
        return
    kind = record.record_type
    if kind not in (Kind.response, Kind.resource, Kind.conversion):
        pending.pass_over(str(kind).rsplit(".", 1)[-1])
        return
    record.freeze()
    if record.content_length < said:
        what = f"a record that ends after {record.content_length} of {said} bytes"
        _quarantine(piece.path, pending, what, offset, _next_start(piece.path, offset + 1))
        return
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    date = record.headers.get("WARC-Date") or ""
    mime, charset = record.headers.get("Content-Type") or "", None
    body = b""
    if record.is_http:
        record, body = _answer(record)
        status = record.http_headers.status_code if record.http_headers else None
        if status != HTTP_OK:
            pending.pass_over(f"response with status {status}")
            return
        mime, charset = record.http_content_type or "", record.http_charset
    else:
        body = record.reader.read()
    if kind == Kind.conversion:
        mime = "text/plain"
    _take(pending, url, date, mime, charset, body, offset)


def _answer(record: Any) -> tuple[Any, bytes]:
    """A record with its HTTP headers read, and the body.

    Crawlers that undo the chunks or the packing and leave the header as it was are forgiven.
    """
    from fastwarc.warc import WarcRecord

    whole = record.reader.read()
    for decode in ("all", "content", "none"):
        fresh = WarcRecord()
        fresh.set_bytes_content(whole)
        fresh.is_http = True
        try:
            fresh.parse_http(auto_decode=decode)
            return fresh, fresh.reader.read()
        except OSError:
            if decode == "none":
                raise
    raise AssertionError


def _quarantine(path: str, pending: _Pending, error: str, begin: int, end: int) -> None:
    with Path(path).open("rb") as file:
        file.seek(begin)
        raw = file.read(min(end - begin, MOST_RAW_BYTES))
    pending.broken.append(quarantined(path, error, raw, None, begin) | {"length": end - begin})


def _next_start(path: str, begin: int) -> int:
    """The next byte that looks like the beginning of a record, the size of the file where there is none."""
    size = Path(path).stat().st_size
    with Path(path).open("rb") as file:
        while begin < size:
            file.seek(begin)
            data = file.read(SEARCH_BYTES)
            for at in sorted(start for magic in STARTS for start in _places(data, magic)):
                if _is_start(data[at : at + 4096]):
                    return begin + at
            begin += max(1, len(data) - 16) if len(data) == SEARCH_BYTES else len(data)
    return size


def _places(data: bytes, magic: bytes) -> Iterator[int]:
    at = data.find(magic)
    while at >= 0:
        yield at
        at = data.find(magic, at + 1)


def _is_start(data: bytes) -> bool:
    if data.startswith(b"\x1f\x8b\x08"):
        with suppress(zlib.error):
            return zlib.decompressobj(31).decompress(data, 64).startswith(b"WARC/")
        return False
    return True
