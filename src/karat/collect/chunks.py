"""One pass over a delimited file: chunks of whole lines in, columns and quarantine out, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.dialect import Dialect, spaced_as_tabs
from karat.collect.encoding import Encoding, line_ends, to_utf8
from karat.collect.limits import MAX_LINE_BYTES, MAX_RATIO, LimitError
from karat.collect.reading import quarantined
from karat.collect.stored import opened
from karat.core.errors import InputError
from karat.kernels import delimited as kernel
from karat.kernels.whole_lines import whole_lines

CHUNK_BYTES = 8 << 20  # cost: read at a time
MAX_RECORD_BYTES = 192 << 20  # cost: a quote that stays open for longer is taken for a stray one


@dataclass
class Pass:
    """One pass over a file: cuts it into chunks of whole lines, scans them, builds columns."""

    path: Path
    encoding: Encoding
    dialect: Dialect
    names: tuple[str, ...]
    entry: dict[str, Any]
    broken: list[dict[str, Any]]
    offset: int = 0
    line: int = 0
    max_ratio: float = MAX_RATIO

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Batches of text."""
        self.entry["records"] = 0
        with opened(self.path, self.entry, self.max_ratio) as file:
            self.offset = len(file.read(self.encoding.mark))
            rest, more, stuck, tried = b"", True, False, 0
            while True:
                if more and (len(rest) < CHUNK_BYTES or (stuck and tried == len(rest))):
                    wanted = max(CHUNK_BYTES, len(rest))
                    data = _read(file, wanted)
                    more = len(data) == wanted
                    rest += data
                if not rest:
                    break
                # a record longer than a chunk is tried again with all that is held, then with twice as much
                tried = len(rest) if stuck else min(CHUNK_BYTES, len(rest))
                last = not more and tried == len(rest)
                cut = tried if last else self._line_cut(rest[:tried])
                mode = kernel.LAST if last else kernel.GIVE_UP if cut > MAX_RECORD_BYTES else kernel.MORE
                if not cut and tried > MAX_LINE_BYTES:
                    place = f"{self.path}, line {self.line + 1}, is longer than {MAX_LINE_BYTES >> 20} MB"
                    raise LimitError(place, "Give a file of lines")
                batch, used = self._scan(rest[:cut], mode) if cut else (None, 0)
                stuck = not used
                rest = rest[used:]
                if batch is not None and batch.num_rows:
                    self.entry["records"] += batch.num_rows
                    yield batch
                if last and stuck:
                    break
        if not self.entry["records"]:
            first = f"; line {self.broken[0]['line']}: {self.broken[0]['error']}" if self.broken else ""
            raise InputError(
                f"{self.path} has a header of {len(self.names)} columns and no record that can be read{first}",
                "Give a file with records",
            )

    def _line_cut(self, data: bytes) -> int:
        newline = self.encoding.newline(self.dialect.newline)
        at = data.rfind(newline)
        while at >= 0 and at % self.encoding.unit:
            at = data.rfind(newline, 0, at + len(newline) - 1)
        return at + len(newline) if at >= 0 else 0

    def _scan(self, data: bytes, mode: int) -> tuple[pa.RecordBatch | None, int]:
        text, bad_lines = to_utf8(data, self.encoding.codec)
        if self.dialect.spaced:
            text = spaced_as_tabs(text)
        records = scan(text, self.dialect, mode)
        if not records.lines_used and mode != kernel.LAST:
            return None, 0
        fault = records.fault
        if bad_lines or b"\x00" in text:
            fault = _mark(records, bad_lines, text)
        skipped = int(np.searchsorted(records.line, self.dialect.data_line - self.line))
        good = np.zeros(len(fault), bool)
        good[skipped:] = fault[skipped:] == kernel.GOOD
        used = records.used
        if self.encoding.codec != "utf-8" or self.dialect.spaced:
            ends = line_ends(data, self.encoding.newline(self.dialect.newline))
            used = int(ends[records.lines_used - 1]) if records.used < len(text) else len(data)
        self._quarantine(data, records, fault, skipped)
        batch = self._batch(text, records, good[records.fault == kernel.GOOD])
        self.line += records.lines_used
        self.offset += used
        return batch, used

    def _quarantine(self, data: bytes, records: "Scan", fault: np.ndarray, skipped: int) -> None:
        bad = np.flatnonzero(fault != kernel.GOOD)
        header = range(*self.dialect.header_lines) if self.dialect.header_lines else range(0)
        early = [at for at in range(skipped) if self.line + int(records.line[at]) not in header]
        places = sorted({*early, *(int(at) for at in bad if at >= skipped)})
        if not places:
            return
        edges = np.concatenate([[0], line_ends(data, self.encoding.newline(self.dialect.newline))])
        for at in places:
            first = int(records.line[at])
            begin, end = int(edges[first]), int(edges[min(first + int(records.span[at]), len(edges) - 1)])
            error = "above the header" if at < skipped else self._reason(int(fault[at]), int(records.fields[at]))
            entry = quarantined(str(self.path), error, data[begin:end], self.line + first + 1, self.offset + begin)
            self.broken.append(entry)

    def _reason(self, fault: int, fields: int) -> str:
        width = self.dialect.width
        return {
            kernel.FEW: f"{fields} of {width} fields",
            kernel.MANY: f"{fields} fields where {width} belong",
            kernel.AFTER_QUOTE: f"text after a closing quote in field {fields}",
            kernel.UNCLOSED: f"a quote that is never closed in field {fields}",
            _UNDECODED: f"bytes that are not {self.encoding.codec}",
            _NUL: "a NUL byte",
        }[fault]

    def _batch(self, text: bytes, records: "Scan", keep: np.ndarray) -> pa.RecordBatch:
        """Columns of the kept records; ``keep`` has one entry per record the kernel found good."""
        width, fast = len(self.names), len(text) > kernel.SMALL_BYTES
        starts, ends, flags = (part.reshape(-1, width) for part in (records.starts, records.ends, records.flags))
        if not keep.all():
            starts, ends, flags = starts[keep], ends[keep], flags[keep]
        buf = np.frombuffer(text, np.uint8)
        escaped = (flags == kernel.ESCAPED).any(axis=0) if len(flags) else np.zeros(width, bool)
        columns = []
        for at in range(width):
            begin, end = np.ascontiguousarray(starts[:, at]), np.ascontiguousarray(ends[:, at])
            column = string_array(buf, begin, end, fast)
            columns.append(_unescaped(column, flags[:, at], self.dialect) if escaped[at] else column)
        return pa.RecordBatch.from_arrays(columns, schema=pa.schema([(name, pa.string()) for name in self.names]))


_UNDECODED, _NUL = 100, 101


@dataclass(frozen=True)
class Scan:
    """What the kernel found in one buffer; see ``karat.kernels.delimited.scan``."""

    used: int
    lines_used: int
    line: np.ndarray
    span: np.ndarray
    fault: np.ndarray
    fields: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    flags: np.ndarray


def scan(text: bytes, dialect: Dialect, mode: int) -> Scan:
    """Run the kernel over a buffer that starts at the beginning of a record."""
    buf = np.frombuffer(text, np.uint8)
    if len(text) <= kernel.SMALL_BYTES and (whole := whole_lines(text, dialect.rules, dialect.width)):
        count = len(whole.starts)
        line, one, none = np.arange(count, dtype=np.int32), np.ones(count, np.int32), np.zeros(count, np.int32)
        return Scan(len(text), count, line, one, none, one * dialect.width, *(part.ravel() for part in whole))
    head = text[:CHUNK_BYTES]
    lines = head.count(dialect.newline.to_bytes()) + 2
    marks = head.count(dialect.delimiter.to_bytes()) if dialect.delimiter >= 0 else 0
    room = lines + marks + dialect.width
    asked = len(text), CHUNK_BYTES, dialect.rules, dialect.width, mode
    if len(text) > kernel.SMALL_BYTES:
        records: list[Any] = [np.empty(lines, np.int32) for _ in range(4)]
        fields: list[Any] = [np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int8)]
        used, count, lines_used = kernel.compiled()[0](buf, *asked, *fields, *records)
    else:
        about = [[0] * lines for _ in range(4)]
        parts = [[0] * room for _ in range(3)]
        used, count, lines_used = kernel.scan(text, *asked, *parts, *about)
        records = [np.array(part, np.int32) for part in about]
        fields = [np.array(part, np.int32) for part in parts]
    line, span, fault, counts = (part[:count] for part in records)
    field_count = int((fault == kernel.GOOD).sum()) * dialect.width
    return Scan(used, lines_used, line, span, fault, counts, *(part[:field_count] for part in fields))


def _mark(records: Scan, bad_lines: list[int], text: bytes) -> np.ndarray:
    """The faults, with records that hold undecodable lines or NUL bytes among them."""
    fault = records.fault.copy()
    lines = np.array(bad_lines, np.int64)
    nul_at = np.flatnonzero(np.frombuffer(text, np.uint8) == 0)
    newline_at = np.flatnonzero(np.frombuffer(text, np.uint8) == (10 if b"\n" in text else 13))
    for where, code in ((np.searchsorted(newline_at, nul_at), _NUL), (lines, _UNDECODED)):
        record = np.searchsorted(records.line, where, side="right") - 1
        inside = (record >= 0) & (record < len(fault))
        fault[record[inside & (where < records.lines_used)]] = code
    return fault


def string_array(buf: np.ndarray, starts: np.ndarray, ends: np.ndarray, fast: bool) -> pa.Array:
    """Stretches of UTF-8 as a string array; empty ones are null."""
    lengths = ends - starts
    offsets = np.zeros(len(starts) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    data = kernel.take_stretches(buf, starts, ends, fast)
    full = lengths > 0
    bitmap = None if full.all() else pa.py_buffer(np.packbits(full, bitorder="little"))
    return pa.StringArray.from_buffers(len(starts), pa.py_buffer(offsets), pa.py_buffer(data), bitmap)


def _unescaped(column: pa.Array, flags: np.ndarray, dialect: Dialect) -> pa.Array:
    quote, escape = chr(dialect.quote), chr(dialect.escape)
    if quote == escape:
        mended = pc.replace_substring(column, quote * 2, quote)
    else:
        mended = pc.replace_substring_regex(column, "(?s)" + ("\\\\" if escape == "\\" else escape) + "(.)", r"\1")
    return pc.if_else(pa.array(flags == kernel.ESCAPED), mended, column)


def _read(file: IO[bytes], size: int) -> bytes:
    parts = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
