"""Delimited text: CSV, TSV and their kin, in any usual encoding."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, ClassVar

from karat.collect.assumed import DELIMITER_NAMES, Assumption, ReadingOptions
from karat.collect.chunks import CHUNK_BYTES, Pass
from karat.collect.dialect import SAMPLE_BYTES, Dialect, first_rows, sniff, spaced, spaced_as_tabs
from karat.collect.encoding import Encoding, detect, line_ends, ordered, to_utf8
from karat.collect.header import find_header, header_assumption, set_header
from karat.collect.limits import MAX_LINE_BYTES, MAX_RATIO, LimitError
from karat.collect.reading import Reading, named
from karat.collect.stored import foreign, opened
from karat.core.errors import InputError
from karat.core.unit import Source

PEEK_BYTES = 1 << 20  # cost: of the beginning, where encoding and dialect are told
LONGEST_HEADER_BYTES = 16 << 20  # cost: of a first line without end
SEP_LINE = re.compile(rb'"?sep=(\W)"?\r?\n')  # the line by which Excel is told the delimiter


@dataclass(frozen=True)
class DelimitedText(Source):
    """Reads CSV, TSV and other delimited text as it stands; what breaks the rules of quoting goes to quarantine.

    Delimiter, quoting, encoding and header are found out from the text. Cells are kept to the letter, white space and
    NULL words included; only an empty cell, quoted or not, is blank. Source: RFC 4180.

    Parameters
    ----------
    delimiter : str
        "" finds out.
    encoding : str
        Codec; "" finds out.
    header_row : str
        Line or lines of the column names, from 1; "0" for none; "" finds out.
    max_ratio : float
        Of the unpacked to the packed size.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".tab", ".psv", ".txt", ".data")
    delimiter: str = ""
    encoding: str = ""
    header_row: str = ""
    max_ratio: float = MAX_RATIO

    def read(self, path: Path) -> Reading:
        """The records of one file.

        Raises
        ------
        InputError
            Empty, header only, binary, or two columns with one name.
        """
        with opened(path, max_ratio=self.max_ratio) as file:
            head, whole = _beginning(file)
        other = foreign(head)
        if other:
            raise InputError(f"{path} is not delimited text: it is {other}", "Give the file its right ending")
        if not head.strip():
            raise InputError(f"{path} is an empty file", "Give a file with a header and records")
        options = ReadingOptions(self.encoding, self.delimiter, header_row=self.header_row).checked()
        encoding = (
            ordered(head, options.encoding)
            if options.encoding
            else detect(_telling(path, head, whole, self.max_ratio), whole, str(path))
        )
        sample, complete = _sample(head, encoding, whole)
        dialect = dialect_of(sample, complete, options.delimiter)
        rows = first_rows(spaced_as_tabs(sample) if dialect.spaced else sample, dialect)
        if not rows:  # a byte order mark, or blank lines in UTF-16
            raise InputError(f"{path} is an empty file", "Give a file with a header and records")
        header = (
            set_header(rows, dialect.width, options.header_lines, str(path))
            if options.header_lines
            else find_header(rows, dialect.width, str(path))
        )
        dialect = replace(dialect, header_lines=header.lines, data_line=header.data_line)
        names = named(list(header.names) if header.names is not None else [None] * dialect.width, str(path))
        entry: dict[str, Any] = {"path": str(path), "bytes": 0, "sha256": "", "records": 0}
        broken: list[dict[str, Any]] = []
        task = Pass(path, encoding, dialect, names, entry, broken, max_ratio=self.max_ratio)
        if whole and not any(row.line >= header.data_line for row in rows):
            next(Pass(path, encoding, dialect, names, {}, []).batches(), None)  # a header alone is refused at once
        assumed = [
            _encoding_assumed(encoding, self.encoding),
            _delimiter_assumed(dialect, options.delimiter),
            header_assumption(header, options.header_lines is not None),
        ]
        return Reading(names, task.batches, sources=[entry], quarantine=broken, assumed=assumed)


def _encoding_assumed(encoding: Encoding, wanted: str) -> Assumption:
    if wanted:
        return Assumption("encoding", encoding.codec, words=f"{encoding.codec} (set)")
    next_one = f" (next: {encoding.runner_up})" if encoding.runner_up else ""
    name = "UTF-8" if encoding.codec == "utf-8" else encoding.codec
    return Assumption("encoding", encoding.codec, encoding.runner_up, encoding.clear, f"{name}{next_one}")


def as_utf8(path: Path, head: bytes, whole: bool) -> tuple[bytes, bool]:
    """The first lines of a file as UTF-8, and whether they are all. Raises InputError where they are no text."""
    return _sample(head, detect(_telling(path, head, whole), whole, str(path)), whole)


def _beginning(file: IO[bytes]) -> tuple[bytes, bool]:
    """The beginning of a file with its first line whole, and whether it is all of it."""
    parts = [part := file.read(PEEK_BYTES)]
    lines = b"\n" in part or b"\r" in part
    while len(part) == PEEK_BYTES and not lines and len(parts) * PEEK_BYTES < LONGEST_HEADER_BYTES:
        parts.append(part := file.read(PEEK_BYTES))
        lines = b"\n" in part or b"\r" in part
    if len(parts) > 1 and lines and len(part) == PEEK_BYTES:  # a line end alone says nothing of records
        parts.append(part := file.read(PEEK_BYTES))
    return b"".join(parts), len(part) < PEEK_BYTES


def _telling(path: Path, head: bytes, whole: bool, max_ratio: float = MAX_RATIO) -> bytes:
    """A sample that holds the first bytes beyond ASCII, wherever they stand."""
    if whole or not head.isascii():
        return head
    with opened(path, max_ratio=max_ratio) as file:
        line = 0
        while data := file.read(CHUNK_BYTES):
            line = line + len(data) if b"\n" not in data and b"\r" not in data else 0
            if line > MAX_LINE_BYTES:
                raise LimitError(f"{path} has a line longer than {MAX_LINE_BYTES >> 20} MB", "Give a file of lines")
            if not data.isascii():
                at = next(i for i in range(0, len(data), 4096) if not data[i : i + 4096].isascii())
                at = max(0, data.rfind(b"\n", 0, at) + 1)
                return data[at : at + PEEK_BYTES]
    return head


def _sample(head: bytes, encoding: Encoding, whole: bool) -> tuple[bytes, bool]:
    """The first lines as UTF-8, and whether they are all there are."""
    body = head[encoding.mark :]
    if not whole:
        newline = encoding.newline(10)
        ends = line_ends(body, newline if newline in body else encoding.newline(13))
        body = body[: ends[-2]] if len(ends) > 1 else body
    text, _ = to_utf8(body, encoding.codec)
    cut = text.rfind(b"\n", 0, SAMPLE_BYTES) + 1
    return (text, whole) if len(text) <= SAMPLE_BYTES else (text[: cut or len(text)], False)


def dialect_of(sample: bytes, whole: bool, delimiter: str) -> Dialect:
    """How the text is written; by blanks alone where no other delimiter cuts it."""
    if not delimiter:
        note = SEP_LINE.match(sample)
        delimiter = note[1].decode() if note else ""
    if delimiter != " ":
        dialect = sniff(sample, whole, delimiter)
        if delimiter or dialect.width > 1 or not spaced(sample):
            return dialect
    return replace(sniff(spaced_as_tabs(sample), whole, "\t"), spaced=True)


def _delimiter_assumed(dialect: Dialect, wanted: str) -> Assumption:
    mark = " " if dialect.spaced else chr(dialect.delimiter) if dialect.delimiter >= 0 else ""
    words = f"{_mark_name(mark)}" if mark else "one column"
    if wanted:
        return Assumption("delimiter", wanted, words=f"{_mark_name(wanted)} (set)")
    if dialect.runner_up:
        words += f" (next: {_mark_name(dialect.runner_up)})"
    return Assumption("delimiter", mark, dialect.runner_up, dialect.clear, words)


def _mark_name(mark: str) -> str:
    return next((name for name, char in DELIMITER_NAMES.items() if char == mark), repr(mark))
