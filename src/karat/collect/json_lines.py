"""JSON lines, fast: Arrow parses a run of lines at a time, and where it stumbles they are read one by one."""

import io
import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.encoding import BOMS, line_ends, to_utf8
from karat.collect.limits import MAX_LINE_BYTES, LimitError
from karat.collect.piece import Part, Piece, quarantine_table, strings
from karat.collect.reading import quarantined
from karat.collect.roles import DOCUMENTS
from karat.collect.typed import as_text, to_text
from karat.collect.unpacked import Unpacked

RUN_BYTES = 4 << 20  # cost: parsed at a time
SMALL_BYTES = 1 << 17  # cost: what is read line by line when one line of it is bad
ESCAPED = b"\\u0000"
LINE_FEED, CARRIAGE_RETURN = 10, 13
WIDE = ("utf-16", "utf-32")
NUL = "a NUL character"
HALF_PAIR = "half a surrogate pair"
SAFE = 2**53  # integers below are exact as fractions


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes; fewer only at the end."""
        ...


class Kinds:
    """Keys in order of first appearance, and what type their values have."""

    def __init__(self) -> None:
        self.seen: dict[str, set[type]] = {}
        self.nested = False  # Arrow would write lists and objects otherwise than they stand

    def add(self, record: dict[str, Any]) -> None:
        """Take in one record."""
        for key, value in record.items():
            types = self.seen.setdefault(key, set())
            if value is not None:
                types.add(type(value))

    def add_table(self, table: pa.Table) -> None:
        """Take in what Arrow has parsed."""
        for field in table.schema:
            types = self.seen.setdefault(field.name, set())
            types |= {kind for known, kind in ARROW if known(field.type)}

    def types(self) -> dict[str, str]:
        """Columns all of whose values are whole numbers, numbers or truth values."""
        ways = ((frozenset({bool}), "bool"), (frozenset({int}), "int64"), (frozenset({int, float}), "float64"))
        return {
            key: next(kind for fitting, kind in ways if seen <= fitting)
            for key, seen in self.seen.items()
            if seen and any(seen <= fitting for fitting, _ in ways)
        }

    def texts(self) -> list[str]:
        """Columns in which nothing but texts was met: one that looks like a time stays the text it is."""
        return [key for key, seen in self.seen.items() if seen == {str}]


ARROW: tuple[tuple[Callable[[pa.DataType], bool], type], ...] = (
    (pa.types.is_boolean, bool),
    (pa.types.is_integer, int),
    (pa.types.is_floating, float),
    (pa.types.is_string, str),
)


def json_parts(piece: Piece, part_bytes: int) -> Iterator[Part]:
    """The records of a piece, some megabytes at a time; what is behind a break in packed data goes to quarantine."""
    tables: list[pa.Table] = []
    broken: list[dict[str, Any]] = []
    size, kinds = 0, Kinds()
    with Unpacked(Path(piece.path), piece.begin) as file:
        for raw, offset, line in runs(file, piece):
            table, bad = run_of_lines(piece, raw, offset, line, kinds)
            tables.append(table)
            broken += bad
            size += len(raw)
            if size >= part_bytes:
                yield _part(piece, tables, broken)
                tables, broken, size = [], [], 0
        broken += file.remainder()
    if tables or broken:
        yield _part(piece, tables, broken)


def runs(file: Readable, piece: Piece) -> Iterator[tuple[bytes, int, int]]:
    """Whole lines of about ``RUN_BYTES``, with the offset and the line number they begin with. Raises LimitError."""
    offset, line, left = piece.begin, piece.line, piece.end - piece.begin if piece.end >= 0 else None
    rest = b""
    while True:
        data = file.read(RUN_BYTES if left is None else min(RUN_BYTES, left))
        left = None if left is None else left - len(data)
        rest += data
        if data and b"\n" not in data:
            if len(rest) > MAX_LINE_BYTES:
                raise LimitError(
                    f"{piece.path}, line {line}, is longer than {MAX_LINE_BYTES >> 20} MB", "Give a file of lines"
                )
            continue
        cut = (last_feed(rest, piece.codec) if data else 0) or len(rest) * (not data)
        whole, rest = rest[:cut], rest[cut:]
        if whole:
            yield whole, offset, line
            offset, line = offset + len(whole), line + whole.count(b"\n")
        if not data:
            return


def last_feed(data: bytes, codec: str) -> int:
    """Where the last whole line ends, 0 when none does."""
    if codec.startswith(WIDE):
        ends = line_ends(data, "\n".encode(codec))
        return int(ends[-2]) if len(ends) > 1 else 0
    return data.rfind(b"\n") + 1


def lines_of(data: bytes, codec: str) -> list[bytes]:
    """The lines, each with its line feed."""
    edges = [0, *line_ends(data, "\n".encode(codec) if codec.startswith(WIDE) else b"\n").tolist()]
    return [data[begin:end] for begin, end in pairwise(edges)]


def _part(piece: Piece, tables: list[pa.Table], broken: list[dict[str, Any]]) -> Part:
    every = [strings(piece.columns).empty_table(), *tables]
    return Part(pa.concat_tables(every, promote_options="default").combine_chunks(), quarantine_table(broken))


def run_of_lines(
    piece: Piece, raw: bytes, offset: int, line: int, kinds: Kinds
) -> tuple[pa.Table, list[dict[str, Any]]]:
    """The records on some lines, and what could not be read of them; what types they have goes into ``kinds``."""
    body = raw.removeprefix(b"\xef\xbb\xbf") if offset == 0 else raw
    fast = _by_arrow(body, piece, kinds) if piece.codec == "utf-8" and not kinds.nested else None
    if fast is not None:
        return fast, []
    middle = raw.rfind(b"\n", 0, len(raw) // 2) + 1
    if piece.codec != "utf-8" or len(raw) <= SMALL_BYTES or not middle or kinds.nested:
        return _by_line(piece, raw, offset, line, kinds)
    # one bad line shall not slow down thousands of good ones
    first, bad = run_of_lines(piece, raw[:middle], offset, line, kinds)
    second, worse = run_of_lines(piece, raw[middle:], offset + middle, line + raw.count(b"\n", 0, middle), kinds)
    return pa.concat_tables([first, second], promote_options="default"), bad + worse


def _by_arrow(body: bytes, piece: Piece, kinds: Kinds) -> pa.Table | None:
    """The records of some lines; None when one of them needs a closer look."""
    import pyarrow.json as pj

    if ESCAPED in body or not (body.isascii() or _is_utf8(body)):
        return None
    schema = strings(dict.fromkeys([*filter(None, [piece.text]), *kinds.texts()]))
    order: list[str] = []
    for _ in range(2):
        read = pj.ReadOptions(use_threads=False, block_size=len(body) + 16)
        parse = pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer")
        try:
            table = pj.read_json(io.BytesIO(body), read_options=read, parse_options=parse)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return None
        order = order or table.column_names  # Arrow puts the columns first that it is told of
        times = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
        if not times:
            break
        schema = strings(dict.fromkeys([*schema.names, *times]))  # a text that looks like a time stays the text it is
    kinds.nested |= any(pa.types.is_nested(field.type) for field in table.schema)
    if not _a_line_each(body, table.num_rows) or any(_unlike(table[name]) for name in table.column_names):
        return None
    kinds.add_table(table.select(order))
    return _as_strings(table, piece)


def _is_utf8(body: bytes) -> bool:
    try:
        str(body, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _a_line_each(body: bytes, records: int) -> bool:
    """Does every line hold one record? An object that begins and ends on other lines has no line of its own."""
    data = np.frombuffer(body, np.uint8)
    feeds = np.flatnonzero(data == LINE_FEED)
    if not len(feeds) or feeds[-1] != len(data) - 1:
        feeds = np.append(feeds, len(data))
    if len(feeds) != records or feeds[0] == 0:
        return False
    last = data[feeds - 1]
    last = np.where(last == CARRIAGE_RETURN, data[feeds - 2], last)
    first = data[np.concatenate([[0], feeds[:-1] + 1])]
    return bool((first == ord("{")).all() and (last == ord("}")).all())


def _unlike(column: pa.ChunkedArray) -> bool:
    """Would Arrow write the values otherwise than they stand? Objects gain fields, long integers lose digits."""
    if pa.types.is_floating(column.type):
        largest = pc.max(pc.abs(column)).as_py()
        return largest is not None and not largest < SAFE
    return bool(pa.types.is_nested(column.type))


def _as_strings(table: pa.Table, piece: Piece) -> pa.Table:
    columns = {name: _as_string(table[name].combine_chunks()) for name in table.column_names}
    order = [*piece.columns, *sorted(set(columns) - set(piece.columns))]
    none = pa.nulls(table.num_rows, pa.string())
    return pa.table([columns.get(name, none) for name in order], schema=strings(order))


def _as_string(column: pa.Array) -> pa.Array:
    if pa.types.is_floating(column.type):
        return pa.array([to_text(value) for value in column.to_pylist()], pa.string())
    return as_text(column).cast(pa.string())


def _by_line(piece: Piece, raw: bytes, offset: int, line: int, kinds: Kinds) -> tuple[pa.Table, list[dict[str, Any]]]:
    records: list[dict[str, Any]] = []
    broken: list[dict[str, Any]] = []
    for at, stretch in enumerate(lines_of(raw, piece.codec)):
        body = stretch[mark_of(stretch) :] if offset == 0 else stretch
        if body.strip():
            record_or_fault = _record(body, piece)
            if isinstance(record_or_fault, dict):
                records.append(record_or_fault)
                kinds.add(record_or_fault)
            else:
                broken.append(quarantined(piece.path, record_or_fault, stretch, line + at, offset))
        offset += len(stretch)
    late = sorted({key for record in records for key in record} - set(piece.columns))
    order = [*piece.columns, *late]
    columns = [pa.array([to_text(record.get(name)) for record in records], pa.string()) for name in order]
    return pa.table(columns, schema=strings(order)), broken


def _record(body: bytes, piece: Piece) -> dict[str, Any] | str:
    if piece.codec != "utf-8":
        text, bad = to_utf8(body, piece.codec)
        if bad:
            return f"bytes that are not {piece.codec}"
        body = text
    record = parse_line(body)
    if isinstance(record, str):
        return NUL if b"\x00" in body else record
    if not piece.text:
        return record
    if ESCAPED in body and _has_nul(record):
        return NUL
    value = record.get(piece.text)
    if isinstance(value, (dict, list)):
        return f"a {type(value).__name__} where the text belongs"
    return record


def parse_line(line: bytes) -> dict[str, Any] | str:
    """The object on a line, or what is wrong with it."""
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "bytes that are not utf-8"
    except json.JSONDecodeError as error:
        return f"no JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return "no JSON that can be read: nested too deep"
    except ValueError:
        return "no JSON that can be read: a number of thousands of digits"
    if not isinstance(record, dict):
        return f"a {type(record).__name__} where an object belongs"
    return HALF_PAIR if b"\\ud" in line.lower() and not is_text(record) else record


def is_text(record: Any) -> bool:
    """Can a value be written as text? Half a surrogate pair is valid JSON and no text."""
    try:
        json.dumps(record, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(_has_nul(part) for part in value)
    return isinstance(value, str) and "\x00" in value


def mark_of(head: bytes) -> int:
    """Bytes of the byte-order mark a file begins with."""
    return next((len(mark) for mark, _ in BOMS if head.startswith(mark)), 0)


def text_column(columns: dict[str, list[str]]) -> str | None:
    """Which column holds the documents: by its name, else the one with the longest texts.

    Parameters
    ----------
    columns : dict of str to list of str
        Some values of each column that holds texts.
    """
    lower = {name.casefold(): name for name in reversed(columns)}
    named = next((lower[name] for name in DOCUMENTS if name in lower), None)
    if named is not None:
        return named
    sizes = {name: sum(map(len, values)) / max(1, len(values)) for name, values in columns.items()}
    return max(sizes, key=lambda name: sizes[name]) if sizes else None
