"""Shared states: how often each value occurs in each column, and a sample of whole records.

Both are computed once per block (``of``) however many checks ask, and merge exactly; beyond their bound they keep
what has the smallest hash, so that they do not depend on blocks, order or workers (bottom-k, Cohen & Kaplan 2007).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.hashes import text_hashes
from karat.core.schema import Schema
from karat.core.together import Place, Together, short

MAX_DISTINCT = 131_072  # cost: values of one column; beyond, those with the smallest hash
MAX_TEXT_BYTES = 1 << 26  # cost: of one column's values; beyond, those with the smallest hash
MAX_SAMPLE = 16_384  # cost: whole records that are in memory, chosen by hash
EVERY = 1 << 64  # definition: above every hash


@dataclass(frozen=True)
class ColumnCounts:
    """One column's values and how often each occurs.

    Parameters
    ----------
    met : pyarrow.Array of large string, length k
        Distinct texts in the order they were met; read ``texts``.
    times : ndarray of int64, shape (k,)
        Exact number of occurrences of each; read ``counts``.
    records, blank : int
        Records seen, and how many were blank.
    limit : int
        Values with a hash from here on are not kept: more than ``MAX_DISTINCT`` values or ``MAX_TEXT_BYTES`` of text
        were met. ``EVERY`` while all are.
    """

    met: pa.Array
    times: np.ndarray
    records: int
    blank: int
    limit: int = EVERY

    @property
    def whole(self) -> bool:
        """False when only a hash sample of the values is kept."""
        return self.limit == EVERY

    @cached_property
    def _order(self) -> np.ndarray:
        return np.argsort(self.hashes, kind="stable")

    @cached_property
    def texts(self) -> pa.Array:
        """(k,) large string: the distinct texts in the order of their hashes, whichever order they came in."""
        return self.met.take(pa.array(self._order))

    @cached_property
    def counts(self) -> np.ndarray:
        """(k,) int64: exact number of occurrences of each."""
        return self.times[self._order]

    @cached_property
    def place(self) -> Place | None:
        """Where ``texts`` stand among those of the data set's other short columns; None where they stand alone."""
        return None

    def matching(self, pattern: str) -> np.ndarray:
        """(k,) bool: which of ``texts`` match a regular expression."""
        if self.place:
            return self.place.matching(pattern)
        return np.asarray(pc.match_substring_regex(self.texts, pattern))

    def shows(self, pattern: str) -> bool:
        """Does one of the texts match? May say so where none does: it is asked to save a look."""
        return self.place is None or self.place.shows(pattern)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The texts as Python strings."""
        return tuple(self.texts.to_pylist())

    @cached_property
    def hashes(self) -> np.ndarray:
        """(k,) uint64, one per text in the order they were met."""
        return text_hashes(self.met)

    def merge(self, other: Self) -> Self:
        """Both parts together; done once per pair, however many states hold it."""
        merged = self.__dict__.get("_merged")
        if merged is None or merged[0] is not other:
            merged = (other, self._merge(other))
            self.__dict__["_merged"] = merged
        return cast(Self, merged[1])

    def _merge(self, other: Self) -> Self:
        limit = min(self.limit, other.limit)
        left, right = self._below(limit), other._below(limit)
        small, large = (right, left) if len(right.met) <= len(left.met) else (left, right)
        # the smaller side makes the hash table
        places = pc.index_in(large.met, small.met)
        at_large = np.flatnonzero(np.asarray(places.is_valid()))
        at_small = places.drop_null().to_numpy().astype(np.int64)
        at_left, at_right = (at_large, at_small) if small is right else (at_small, at_large)
        fresh = np.ones(len(right.met), bool)
        fresh[at_right] = False
        times = np.concatenate([left.times, right.times[fresh]])
        times[at_left] += right.times[at_right]
        met = pa.concat_arrays([left.met, right.met.filter(pa.array(fresh))])
        records, blank = self.records + other.records, self.blank + other.blank
        merged = type(self)(met, times, records, blank, limit)
        if len(met) > MAX_DISTINCT or limit != EVERY:
            merged.__dict__["hashes"] = np.concatenate([left.hashes, right.hashes[fresh]])
        return merged._bounded()

    def _below(self, limit: int) -> Self:
        """Its values with a hash below a limit."""
        if limit >= self.limit:
            return self
        keep = np.flatnonzero(self.hashes < np.uint64(limit))
        below = type(self)(self.met.take(pa.array(keep)), self.times[keep], self.records, self.blank, limit)
        below.__dict__["hashes"] = self.hashes[keep]
        return below

    def _bounded(self) -> Self:
        bounded = self
        if len(bounded.met) > MAX_DISTINCT:
            bounded = bounded._below(int(np.partition(bounded.hashes, MAX_DISTINCT)[MAX_DISTINCT]))
        if _text_bytes(bounded.met) > MAX_TEXT_BYTES:
            order = np.argsort(bounded.hashes, kind="stable")
            # a giant counts as a quarter of the room, so that it never empties it
            sizes = np.minimum(np.asarray(pc.binary_length(bounded.met))[order], MAX_TEXT_BYTES // 4)
            fit = int(np.searchsorted(np.cumsum(sizes), MAX_TEXT_BYTES, side="right"))
            if fit < len(order):
                bounded = bounded._below(int(bounded.hashes[order[fit]]))
        return bounded


def _text_bytes(texts: pa.Array) -> int:
    ends = np.frombuffer(texts.buffers()[1], np.int64)
    return int(ends[texts.offset + len(texts)] - ends[texts.offset]) if len(texts) else 0


@dataclass(frozen=True)
class ValueCounts:
    """``ColumnCounts`` of every string column, by name."""

    columns: dict[str, ColumnCounts]

    def __post_init__(self) -> None:
        _hash_together(self.columns)

    @classmethod
    def of(cls, block: Block) -> "ValueCounts":
        """The counts of one block; computed once per block."""

        def make() -> ValueCounts:
            names = [column.name for column in block.schema.by_name if column.type != "binary"]
            out = {}
            for name in names:
                codes, texts = block.coded(name)
                counts = np.bincount(codes[codes >= 0], minlength=len(texts)).astype(np.int64)
                column_counts = ColumnCounts(texts.cast(pa.large_string()), counts, len(codes), int((codes < 0).sum()))
                out[name] = column_counts._bounded()
            return ValueCounts(out)

        return block.memo(ValueCounts, make)

    def merge(self, other: "ValueCounts") -> "ValueCounts":
        """Both parts together; columns that were merged before are not merged again."""
        return ValueCounts({name: counts.merge(other.columns[name]) for name, counts in self.columns.items()})


def _hash_together(columns: dict[str, ColumnCounts]) -> None:
    """Hash and sort the texts of short columns at once, and let each know where it stands among them."""
    lone = [counts for counts in columns.values() if "place" not in counts.__dict__]
    some = short([counts.met for counts in lone])
    if not some:
        return
    met = pa.concat_arrays([lone[at].met for at in some])
    starts = np.cumsum([0, *(len(lone[at].met) for at in some)])
    hashes, home = text_hashes(met), np.repeat(np.arange(len(some)), np.diff(starts))
    order = np.lexsort((hashes, home))
    together = Together(met.take(pa.array(order)).cast(pa.string()), starts)
    texts, times = met.take(pa.array(order)), np.concatenate([lone[at].times for at in some])[order]
    ends = starts.tolist()
    for place, at in enumerate(some):
        own = slice(ends[place], ends[place + 1])
        lone[at].__dict__.update(
            hashes=hashes[own],
            _order=order[own] - ends[place],
            texts=texts.slice(ends[place], ends[place + 1] - ends[place]),
            counts=times[own],
            place=Place(together, place),
        )


def _without_bytes(table: pa.Table) -> pa.Table:
    for at, field in enumerate(table.schema):
        if pa.types.is_binary(field.type):
            table = table.set_column(at, field, pa.nulls(len(table), field.type))
    return table


@dataclass(frozen=True)
class RecordSample:
    """Up to ``MAX_SAMPLE`` whole records, those with the smallest keys, in that order; all of a small table.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
    keys : ndarray of uint64, shape (s,)
        As in ``Block.keys``; they rise.
    table : pyarrow.Table
        Their text columns, in the order of their names; a column of bytes is all null, or pictures would be held in
        memory.
    records : int
        How many records were seen in all.
    """

    rows: np.ndarray
    keys: np.ndarray
    table: pa.Table
    records: int

    @classmethod
    def of(cls, block: Block) -> "RecordSample":
        """The sample of one block; computed once per block."""

        def make() -> RecordSample:
            table = _without_bytes(block.by_name.table)
            return cls(block.rows, block.keys, table, len(block))._bounded()

        return block.memo(RecordSample, make)

    def merge(self, other: "RecordSample") -> "RecordSample":
        rows = np.concatenate([self.rows, other.rows])
        keys, table = np.concatenate([self.keys, other.keys]), pa.concat_tables([self.table, other.table])
        return RecordSample(rows, keys, table, self.records + other.records)._bounded()

    def _bounded(self) -> "RecordSample":
        keep = np.argsort(self.keys, kind="stable")[:MAX_SAMPLE]
        table = self.table.take(pa.array(keep)).combine_chunks()
        return RecordSample(self.rows[keep], self.keys[keep], table, self.records)

    def block(self, schema: Schema) -> Block:
        """The sample as a block, to use its views; its record numbers do not rise."""
        return Block(self.rows, self.table, schema.by_name).keyed(lambda: self.keys)
