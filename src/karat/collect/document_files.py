"""Documents that are files, and documents that are lines."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from karat.collect.encoding import MIN_LEAD_OF_DOCUMENT, detect, to_utf8
from karat.collect.json_lines import NUL, lines_of, mark_of, runs
from karat.collect.main_text import main_text, page_text
from karat.collect.piece import Part, Piece, quarantine_table, strings
from karat.collect.reading import quarantined
from karat.collect.unpacked import Unpacked
from karat.core.errors import InputError, MissingExtraError

PAGES = (".html", ".htm", ".xhtml")


def file_parts(piece: Piece, part_bytes: int) -> Iterator[Part]:
    """A record per file: ``path`` and ``text``; of pages the main text."""
    names: list[str] = []
    texts: list[str | None] = []
    broken: list[dict[str, Any]] = []
    size = 0
    for path, name in zip(piece.paths, piece.names, strict=True):
        with Unpacked(Path(path)) as file:
            data = file.read()
            document = file.remainder() or _document(path, data)
        if isinstance(document, list):
            broken += document
        else:
            names.append(name)
            texts.append(document or None)
        size += len(data)
        if size >= part_bytes:
            yield _part(names, texts, broken)
            names, texts, broken, size = [], [], [], 0
    if names or broken:
        yield _part(names, texts, broken)


def _part(names: list[str], texts: list[str | None], broken: list[dict[str, Any]]) -> Part:
    columns = [pa.array(names, pa.string()), pa.array(texts, pa.string())]
    return Part(pa.table(columns, schema=strings(("path", "text"))), quarantine_table(broken))


def _document(path: str, data: bytes) -> str | list[dict[str, Any]]:
    """The text of a file, or its entry for the quarantine."""
    endings = PurePosixPath(path.lower()).suffixes
    try:
        if any(ending in PAGES for ending in endings[-2:]):
            return main_text(page_text(data)) or ""
        encoding = detect(data, True, path, MIN_LEAD_OF_DOCUMENT)
        text = data[encoding.mark :].decode(encoding.codec)
        text.encode("utf-8")
    except UnicodeError:
        return [quarantined(path, "bytes that are no text in any encoding tried", data, 1, 0)]
    except MissingExtraError:
        raise  # that is no matter of this file
    except InputError as error:
        return [quarantined(path, f"no text: {error.problem}", data, 1, 0)]
    return [quarantined(path, NUL, data, 1, 0)] if "\x00" in text else text


def line_parts(piece: Piece, part_bytes: int) -> Iterator[Part]:
    """A record per line that is not blank."""
    records: list[str] = []
    broken: list[dict[str, Any]] = []
    size = 0
    with Unpacked(Path(piece.path), piece.begin) as file:
        for raw, offset, line in runs(file, piece):
            texts, bad = _lines(piece, raw, offset, line)
            records += texts
            broken += bad
            size += len(raw)
            if size >= part_bytes:
                yield _line_part(records, broken)
                records, broken, size = [], [], 0
        broken += file.remainder()
    if records or broken:
        yield _line_part(records, broken)


def _line_part(texts: list[str], broken: list[dict[str, Any]]) -> Part:
    return Part(pa.table([pa.array(texts, pa.string())], schema=strings(("text",))), quarantine_table(broken))


def _lines(piece: Piece, raw: bytes, offset: int, line: int) -> tuple[list[str], list[dict[str, Any]]]:
    texts: list[str] = []
    broken: list[dict[str, Any]] = []
    for at, stretch in enumerate(lines_of(raw, piece.codec)):
        body = stretch[mark_of(stretch) :] if offset == 0 else stretch
        data, bad = to_utf8(body, piece.codec)
        if bad or b"\x00" in data:
            error = f"bytes that are not {piece.codec}" if bad else NUL
            broken.append(quarantined(piece.path, error, stretch, line + at, offset))
        elif data.strip():
            texts.append(data.decode("utf-8").rstrip("\r\n"))
        offset += len(stretch)
    return texts, broken
