"""A block: up to 65,536 records as text, with cached views of their columns."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.hashes import content_hashes, record_keys
from karat.core.schema import Column, Role, Schema

BLOCK_RECORDS = 65_536  # cost: records in memory at a time; findings do not depend on it
ROW = "_row"
WEIGHT = "_weight"  # how much a record counts where a model is fitted; no feature, and no check judges it
KEYS_OF_DATA = "keys of the data set"  # definition: where a block keeps how to get its keys

if TYPE_CHECKING:
    from karat.core.together import CodedPlace

T = TypeVar("T")
EPOCH_FORMAT = "%s"  # the time format of seconds since 1970
YEAR_ONE = -62_135_596_800_000_000  # definition: 0001-01-01 in microseconds; nothing before it can be spoken of
# definition: the numbers that every reader reads alike, exactly and finite
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?").fullmatch
ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?$"  # ISO 8601
NUMBER_PATTERN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


@dataclass(frozen=True, eq=False)
class Block:
    """Up to ``BLOCK_RECORDS`` records.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
        Record numbers, as in ``data.parquet``'s ``_row``; they rise, and may have gaps.
    table : pyarrow.Table
        One string column per schema column (binary for images); null = blank. Without ``_row``.
    schema : Schema
        Roles and types.
    extra : mapping of str to object
        What was computed for checks that need it, by the name in ``Check.needs``; arrays have one entry per record of
        the block. Under the code of an annotation stands a table of measurements by column.

    Views are computed once and kept; treat them as read-only.
    """

    rows: np.ndarray
    table: pa.Table
    schema: Schema
    extra: Mapping[str, Any] = field(default_factory=dict)
    _memo: dict[Hashable, Any] = field(init=False, repr=False, default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """``make()``, computed once per block and key."""
        if key not in self._memo:
            self._memo[key] = make()
        return cast(T, self._memo[key])

    def text(self, column: str) -> pa.Array:
        """The cells as written: string array, null = blank."""

        def make() -> pa.Array:
            chunked = self.table.column(column)
            return chunked.chunk(0) if chunked.num_chunks == 1 else chunked.combine_chunks()

        return self.memo(("text", column), make)

    def coded(self, column: str) -> tuple[np.ndarray, pa.Array]:
        """Codes (n,) int32 with -1 for blank, and the distinct texts as an array, in order of first appearance."""

        def make() -> tuple[np.ndarray, pa.Array]:
            if (place := self.place(column)) is not None:
                return place.codes, place.texts
            coded = pc.dictionary_encode(self.text(column))
            return pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), coded.dictionary

        return self.memo(("coded", column), make)

    def place(self, column: str) -> "CodedPlace | None":
        """Where the distinct texts of a short column stand among those of the others; None where they stand alone."""
        from karat.core.together import places_of

        return self.memo("places", lambda: places_of(self)).get(column)

    def encoded(self, column: str) -> tuple[np.ndarray, list[str]]:
        """As ``coded``, the texts as a list."""

        def make() -> tuple[np.ndarray, list[str]]:
            codes, texts = self.coded(column)
            return codes, texts.to_pylist()

        return self.memo(("encoded", column), make)

    def missing(self, column: str) -> np.ndarray:
        """(n,) bool: blank, or one of the column's null texts."""

        def make() -> np.ndarray:
            text, place = self.text(column), self.place(column)
            blank = np.asarray(pc.is_null(text)) if place is None else place.codes < 0
            nulls = self.schema[column].nulls
            return blank | np.asarray(pc.is_in(text, pa.array(nulls, text.type))) if nulls else blank

        return self.memo(("missing", column), make)

    def numbers(self, column: str) -> np.ndarray:
        """(n,) float64; NaN where missing or not a number. Reads the column's decimal mark."""
        return self.memo(("numbers", column), lambda: self._numbers(self.schema[column]))

    def _numbers(self, column: Column) -> np.ndarray:
        place = self.place(column.name)
        if place is None:
            return parse_numbers(self.text(column.name), column)
        numbers = np.append(place.numbers(column.decimal, column.thousands), np.nan)[place.codes]  # -1 is the last
        if column.nulls:
            numbers[self.missing(column.name)] = np.nan
        return numbers

    def _times(self, column: Column) -> np.ndarray:
        place = self.place(column.name)
        times = None if place is None else place.times_of_records(column)
        if times is None:
            return parse_times(self.text(column.name), column)
        if column.nulls:
            times[self.missing(column.name)] = np.datetime64("NaT")
        return times

    def times(self, column: str) -> np.ndarray:
        """(n,) datetime64[us], UTC; NaT where missing or not a time in the column's format."""
        return self.memo(("times", column), lambda: self._times(self.schema[column]))

    @property
    def content(self) -> np.ndarray:
        """(n,) uint64: a hash of what each record says, whatever the order of the columns; ignored ones left out."""

        def make() -> np.ndarray:
            names = [column.name for column in self.schema if column.role is not Role.IGNORE] or self.schema.names
            return content_hashes([self.text(name) for name in names], names, len(self))

        return self.memo("content", make)

    @property
    def keys(self) -> np.ndarray:
        """(n,) uint64: ``record_keys`` of the data set the block is of, else of the block; for folds and samples."""

        def make() -> np.ndarray:
            keys = self._memo.get(KEYS_OF_DATA)
            return record_keys(self.content) if keys is None else keys()

        return self.memo("keys", make)

    def take(self, keep: np.ndarray) -> "Block":
        """The records at the given positions, or where a mask is true."""
        at = np.flatnonzero(keep) if keep.dtype == bool else keep
        extra = {k: picked(v, lambda part: part[at], lambda part: part.take(at)) for k, v in self.extra.items()}
        source = self._keys_source()
        return Block(self.rows[at], self.table.take(pa.array(at)), self.schema, extra).keyed(lambda: source()[at])

    def with_extra(self, extra: Mapping[str, Any]) -> "Block":
        """The same records with other things computed beside them; views are shared."""
        block = Block(self.rows, self.table, self.schema, extra)
        object.__setattr__(block, "_memo", self._memo)
        return block

    @property
    def bare(self) -> "Block":
        """The same records without what was read of them, to be sent to another process; their keys go along."""
        keys = self.keys
        return Block(self.rows, self.table, self.schema, self.extra).keyed(lambda: keys)

    def keyed(self, source: Callable[[], np.ndarray]) -> "Block":
        """The block itself, its keys to be had from a source: those of the data set that it is a part of."""
        self._memo[KEYS_OF_DATA] = source
        return self

    def _keys_source(self) -> Callable[[], np.ndarray]:
        """What gives the keys, without keeping the block where that can be avoided."""
        keys = self._memo.get("keys")
        source = (lambda: self.keys) if keys is None else (lambda: keys)
        return self._memo.get(KEYS_OF_DATA, source)

    @property
    def by_name(self) -> "Block":
        """The same records with their columns in the order of their names; views are shared."""
        schema = self.schema.by_name
        if schema is self.schema:
            return self
        block = Block(self.rows, self.table.select(list(schema.names)), schema, self.extra)
        object.__setattr__(block, "_memo", self._memo)
        return block

    @property
    def canonical(self) -> "Block":
        """Columns in the order of their names, records in that of their keys: the same for any order they came in."""
        return self.by_name.take(np.argsort(self.keys, kind="stable"))

    def annotation(self, code: str, column: str = "") -> pa.Table:
        """What an annotation measured of a column, one row per record; of whole records where ``column`` is "".

        Raises KeyError when the check that asks does not name the annotation in its ``needs``.
        """
        tables = self.extra.get(code)
        if tables is None:
            raise KeyError(f"{code} was not measured: name it in the check's needs")
        return tables[column]


def picked(value: Any, array: Callable[[np.ndarray], Any], table: Callable[[pa.Table], pa.Table]) -> Any:
    """Something extra cut by record: arrays and tables of one entry per record are, other values are handed on."""
    if isinstance(value, np.ndarray) and value.ndim:
        return array(value)
    if isinstance(value, dict) and value and all(isinstance(part, pa.Table) for part in value.values()):
        return {name: table(part) for name, part in value.items()}
    return value


def _blanked(text: pa.Array, column: Column) -> pa.Array:
    return pc.if_else(pc.is_in(text, pa.array(column.nulls, text.type)), None, text) if column.nulls else text


def parse_numbers(text: pa.Array, column: Column) -> np.ndarray:
    """Texts as float64, NaN where missing or not a number.

    Parameters
    ----------
    text : pyarrow.Array of string, length n
    column : Column
        Its ``nulls``, ``decimal`` and ``thousands`` are used.
    """
    text = pc.utf8_trim_whitespace(_blanked(text, column))
    if column.thousands:
        text = pc.replace_substring(text, column.thousands, "")
    if column.decimal != ".":
        text = pc.replace_substring(text, column.decimal, ".")
    fits = pc.match_substring_regex(text, NUMBER_PATTERN)
    text = pc.if_else(fits, text, None)
    text = pc.if_else(pc.starts_with(text, "+"), pc.utf8_slice_codeunits(text, 1), text)
    values = pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(values), values, np.nan)


def parse_times(text: pa.Array, column: Column) -> np.ndarray:
    """Texts as datetime64[us] in UTC, NaT where missing or not in the column's format.

    Parameters
    ----------
    text : pyarrow.Array of string, length n
    column : Column
        ``format`` is a ``strptime`` format; "" reads ISO 8601 with or without a time of day, "%s" seconds since 1970
        (or milli-, micro- or nanoseconds: told by the size of each). ``century`` places two-digit years.
    """
    text = pc.utf8_trim_whitespace(_blanked(text, column))
    if column.format == EPOCH_FORMAT:
        return _parse_epoch(text)
    if column.format:
        parsed = pc.strptime(text, format=column.format, unit="us", error_is_null=True)
    else:
        text = pc.if_else(pc.match_substring_regex(text, ISO), text, None)
        parsed = _parse_iso(pc.replace_substring_regex(text, r"(\.\d{6})\d+", r"\1"))
    times = parsed.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    return _in_century(times, column.century) if column.century and "%y" in column.format else times


def _in_century(times: np.ndarray, first: int) -> np.ndarray:
    """Times moved by whole centuries into the hundred years from ``first`` on; NaT for a day that is not there."""
    months = times.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    moved = months + np.where(np.isnat(times), 0, 1200 * ((first + 99 - year) // 100)).astype("timedelta64[M]")
    out = moved.astype(times.dtype) + (times - months.astype(times.dtype))
    return np.where(out.astype("datetime64[M]") == moved, out, np.datetime64("NaT")).astype(times.dtype)


def _parse_epoch(text: pa.Array) -> np.ndarray:
    fits = pc.match_substring_regex(text, r"^-?\d{1,19}(\.\d+)?$")
    values = pc.cast(pc.if_else(fits, text, None), pa.float64()).to_numpy(zero_copy_only=False)
    size = np.abs(values)
    micros = np.select([size < 1e11, size < 1e14, size < 1e17], [values * 1e6, values * 1e3, values], values / 1e3)
    known = np.isfinite(micros) & (micros > YEAR_ONE)
    out = np.where(known, micros, 0).astype(np.int64).astype("datetime64[us]")
    out[~known] = np.datetime64("NaT")
    return out


def _parse_iso(text: pa.Array) -> pa.Array:
    try:
        return pc.cast(text, pa.timestamp("us"))
    except pa.ArrowInvalid:  # a zone in some cells, or a day that does not exist: cell by distinct cell
        from datetime import UTC, datetime

        coded = pc.dictionary_encode(text)
        values: list[datetime | None] = []
        for value in coded.dictionary.to_pylist():
            try:
                read = datetime.fromisoformat(value)
                values.append(read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read)
            except ValueError:
                values.append(None)
        return pa.array(values, pa.timestamp("us")).take(coded.indices)
