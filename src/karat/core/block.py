"""A block: up to 65,536 records as text, with cached views of their columns."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.hashes import content_hashes, record_keys
from karat.core.parsing import parse_numbers, parse_times
from karat.core.schema import Column, Role, Schema
from karat.core.together import CodedPlace, places_of

BLOCK_RECORDS = 65_536  # cost: records in memory at a time; findings do not depend on it
ROW = "_row"
WEIGHT = "_weight"  # how much a record counts where a model is fitted; no feature, and no check judges it
KEYS_OF_DATA = "keys of the data set"  # definition: where a block keeps how to get its keys

T = TypeVar("T")


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

    def place(self, column: str) -> CodedPlace | None:
        """Where the distinct texts of a short column stand among those of the others; None where they stand alone."""
        return self.memo("places", lambda: places_of(self.table, self.schema)).get(column)

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
