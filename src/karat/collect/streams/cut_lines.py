"""Bytes of a growing file cut into records: a line of JSON each, or a record of delimited text."""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from karat.collect.chunks import Pass, scan
from karat.collect.dialect import DELIMITERS, LINE_FEED, Dialect
from karat.collect.encoding import Encoding, line_ends
from karat.collect.json_lines import parse_line
from karat.collect.reading import named
from karat.collect.streams.message import Message
from karat.core.errors import InputError
from karat.kernels import delimited as kernel

DELIMITED = (".csv", ".tsv", ".tab", ".psv")
LINES = (".jsonl", ".ndjson")
LONGEST_OPEN = 1 << 20  # cost: bytes for which an open quote is waited for; then it is taken for a stray one
QUOTE = ord('"')  # definition: RFC 4180
NUMBERED = re.compile(r"column_\d+").fullmatch  # definition: names of columns without a header (CONTRACT)
SHOWN = 80  # display: characters of a first line
UTF_8 = Encoding("utf-8")
MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Cut:
    """Records, and how many bytes they took."""

    messages: list[Message]
    used: int


def cut_json(partition: str, data: bytes, begin: int, most: int, *, last: bool) -> Cut:
    """Whole lines as messages; the last one needs no line feed where ``last`` and it holds an object."""
    out: list[Message] = []
    used = 0
    while used < len(data) and len(out) < most:
        feed = data.find(b"\n", used)
        if feed < 0:
            if not (last and isinstance(parse_line(data[used:]), dict)):
                break
            feed = len(data) - 1
        body = data[used : feed + 1]
        content = body.removeprefix(MARK) if begin + used == 0 else body
        if content.strip():
            out.append(Message(partition, str(begin + used), content.rstrip(b"\r\n"), after=str(begin + feed + 1)))
        used = feed + 1
    return Cut(out, used)


@dataclass(frozen=True)
class DelimitedCutter:
    """How one file of delimited text is cut.

    Parameters
    ----------
    names : tuple of str
        Its columns.
    first : int
        The byte at which its records begin.
    """

    dialect: Dialect
    names: tuple[str, ...]
    first: int

    @classmethod
    def of(cls, place: str, head: bytes, known: Collection[str]) -> "DelimitedCutter | None":
        """From the beginning of a file, whose first line names columns that are known; None while it has no line.

        Quotes are doubled inside quotes (RFC 4180). Where the known columns are numbered because their file had no
        header, this one has none either.

        Raises
        ------
        InputError
            The first line names none of the columns.
        """
        feed = head.find(b"\n")
        if feed < 0:
            return None
        line = head[:feed].removeprefix(MARK).rstrip(b"\r").decode("utf-8", "replace")
        mark = len(MARK) if head.startswith(MARK) else 0
        options = [next(csv.reader([line], delimiter=chr(mark)), []) for mark in DELIMITERS]
        at = max(range(len(options)), key=lambda at: (len(set(known).intersection(options[at])), len(options[at])))
        cells, delimiter = options[at], DELIMITERS[at]
        dialect = Dialect(delimiter, QUOTE, QUOTE, LINE_FEED, len(cells))
        if all(NUMBERED(name) for name in known):
            return cls(dialect, tuple(f"column_{at}" for at in range(len(cells))), mark)
        if not set(known).intersection(cells):
            raise InputError(
                f"the first line of {place} names no column of the run: {line[:SHOWN]!r}",
                "Give a file whose first line names the columns",
            )
        return cls(dialect, named(list(cells), place), feed + 1)

    def cut(self, partition: str, data: bytes, begin: int, most: int, *, last: bool) -> Cut:
        """Whole records as messages, cut by the rules of ``karat.collect.chunks``."""
        whole = data if last else data[: data.rfind(b"\n") + 1]
        if not whole:
            return Cut([], 0)
        mode = kernel.LAST if last else kernel.GIVE_UP if len(whole) > LONGEST_OPEN else kernel.MORE
        records = scan(whole, self.dialect, mode)
        if not len(records.line):
            return Cut([], records.used)
        edges = np.concatenate([[0], line_ends(whole, b"\n")])
        if edges[-1] < len(whole):
            edges = np.append(edges, len(whole))
        begins = edges[records.line]
        ends = edges[np.minimum(records.line + records.span, len(edges) - 1)]
        reader = Pass(Path(partition), UTF_8, self.dialect, self.names, {}, [])
        good = records.fault == kernel.GOOD
        cells = iter(_cells(reader, whole, records, most))
        out: list[Message] = []
        for at in range(min(most, len(begins))):
            start, end = int(begins[at]), int(ends[at])
            body = whole[start:end].rstrip(b"\r\n")
            place = {"offset": str(begin + start), "after": str(begin + end)}
            error = "" if good[at] else reader._reason(int(records.fault[at]), int(records.fields[at]))
            row = next(cells) if good[at] else None
            if not error and b"\x00" in body:
                error = "a NUL byte"
            if not error and row is None:
                error = "bytes that are not utf-8"
            out.append(Message(partition, body=body, cells=row, error=error, **place))
        return Cut(out, records.used if len(begins) <= most else int(ends[most - 1]))


def _cells(reader: Pass, text: bytes, records: object, most: int) -> "list[dict[str, str | None] | None]":
    """The cells of the good records among the first ``most``; None for one that is no UTF-8."""
    from karat.collect.chunks import Scan

    assert isinstance(records, Scan)
    good = records.fault == kernel.GOOD
    keep = np.zeros(int(good.sum()), bool)
    keep[: int(good[:most].sum())] = True
    batch = reader._batch(text, records, keep)
    try:
        columns = [column.to_pylist() for column in batch.columns]
    except UnicodeDecodeError:
        return [_row(batch.slice(at, 1), reader.names) for at in range(batch.num_rows)]
    return [dict(zip(reader.names, row, strict=True)) for row in zip(*columns, strict=True)]


def _row(batch: object, names: tuple[str, ...]) -> "dict[str, str | None] | None":
    import pyarrow as pa

    assert isinstance(batch, pa.RecordBatch)
    try:
        return dict(zip(names, (column[0].as_py() for column in batch.columns), strict=True))
    except UnicodeDecodeError:
        return None
