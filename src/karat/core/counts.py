"""Shared states: how often each value occurs in each column, and a sample of whole records.

Both are computed once per block (``of``) however many checks ask, and merge exactly; beyond their bound they keep
what has the smallest hash, so that they do not depend on blocks, order or workers (bottom-k, Cohen & Kaplan 2007).
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Self, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.schema import Schema

MAX_DISTINCT = 131_072  # cost: values of one column; beyond, those with the smallest hash
MAX_TEXT_BYTES = 1 << 26  # cost: of one column's values; beyond, those with the smallest hash
MAX_SAMPLE = 16_384  # cost: whole records that are in memory, chosen by hash
EVERY = 1 << 64  # definition: above every hash
WORD = 8  # definition: bytes of 64 bits
LONG_BYTES = 1024  # cost: longer texts are hashed one by one: all others would wait for their last word
MASKS = np.array([(1 << (8 * n)) - 1 for n in range(WORD)] + [0xFFFFFFFFFFFFFFFF], np.uint64)


def text_hashes(texts: pa.Array) -> np.ndarray:
    """A fixed pseudo-random uint64 per text, the same on every machine.

    Parameters
    ----------
    texts : pyarrow.Array of large string, length k, none null
    """
    _, ends, data = texts.buffers()
    ends = np.frombuffer(ends, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.concatenate([np.frombuffer(data or b"", np.uint8)[: ends[-1]], np.zeros(WORD, np.uint8)])
    words = np.ndarray((len(raw) - WORD + 1,), "<u8", raw, strides=(1,))  # the eight bytes from each byte on
    at, left = ends[:-1].copy(), np.diff(ends)
    out = row_hashes(left)
    for place in np.flatnonzero(left > LONG_BYTES).tolist():
        cell = raw[ends[place] : ends[place + 1]].tobytes()
        out[place] = int.from_bytes(hashlib.blake2b(cell, digest_size=WORD).digest(), "little")
        left[place] = 0
    live = np.flatnonzero(left > 0)
    while len(live):
        word = words[at[live]] & MASKS[np.minimum(left[live], WORD)]
        out[live] = row_hashes(out[live] ^ word)
        at[live] += WORD
        left[live] -= WORD
        live = live[left[live] > 0]
    return out


@dataclass(frozen=True)
class ColumnCounts:
    """One column's values and how often each occurs.

    Parameters
    ----------
    texts : pyarrow.Array of large string, length k
        Distinct texts in order of first appearance.
    counts : ndarray of int64, shape (k,)
        Exact number of occurrences of each.
    records, blank : int
        Records seen, and how many were blank.
    limit : int
        Values with a hash from here on are not kept: more than ``MAX_DISTINCT`` values or ``MAX_TEXT_BYTES`` of text
        were met. ``EVERY`` while all are.
    """

    texts: pa.Array
    counts: np.ndarray
    records: int
    blank: int
    limit: int = EVERY

    @property
    def whole(self) -> bool:
        """False when only a hash sample of the values is kept."""
        return self.limit == EVERY

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The texts as Python strings."""
        return tuple(self.texts.to_pylist())

    @cached_property
    def hashes(self) -> np.ndarray:
        """(k,) uint64, one per text."""
        return text_hashes(self.texts)

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
        small, large = (right, left) if len(right.texts) <= len(left.texts) else (left, right)
        # the smaller side makes the hash table
        places = pc.index_in(large.texts, small.texts)
        at_large = np.flatnonzero(np.asarray(places.is_valid()))
        at_small = places.drop_null().to_numpy().astype(np.int64)
        at_left, at_right = (at_large, at_small) if small is right else (at_small, at_large)
        fresh = np.ones(len(right.texts), bool)
        fresh[at_right] = False
        counts = np.concatenate([left.counts, right.counts[fresh]])
        counts[at_left] += right.counts[at_right]
        texts = pa.concat_arrays([left.texts, right.texts.filter(pa.array(fresh))])
        records, blank = self.records + other.records, self.blank + other.blank
        merged = type(self)(texts, counts, records, blank, limit)
        if len(texts) > MAX_DISTINCT or limit != EVERY:
            merged.__dict__["hashes"] = np.concatenate([left.hashes, right.hashes[fresh]])
        return merged._bounded()

    def _below(self, limit: int) -> Self:
        """Its values with a hash below a limit."""
        if limit >= self.limit:
            return self
        keep = np.flatnonzero(self.hashes < np.uint64(limit))
        below = type(self)(self.texts.take(pa.array(keep)), self.counts[keep], self.records, self.blank, limit)
        below.__dict__["hashes"] = self.hashes[keep]
        return below

    def _bounded(self) -> Self:
        bounded = self
        if len(bounded.texts) > MAX_DISTINCT:
            bounded = bounded._below(int(np.partition(bounded.hashes, MAX_DISTINCT)[MAX_DISTINCT]))
        if _text_bytes(bounded.texts) > MAX_TEXT_BYTES:
            order = np.argsort(bounded.hashes, kind="stable")
            # a giant counts as a quarter of the room, so that it never empties it
            sizes = np.minimum(np.asarray(pc.binary_length(bounded.texts))[order], MAX_TEXT_BYTES // 4)
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

    @classmethod
    def of(cls, block: Block) -> "ValueCounts":
        """The counts of one block; computed once per block."""

        def make() -> ValueCounts:
            out = {}
            for column in block.schema:
                if column.type != "binary":
                    codes, texts = block.coded(column.name)
                    counts = np.bincount(codes[codes >= 0], minlength=len(texts)).astype(np.int64)
                    column_counts = ColumnCounts(
                        texts.cast(pa.large_string()), counts, len(codes), int((codes < 0).sum())
                    )
                    out[column.name] = column_counts._bounded()
            return ValueCounts(out)

        return block.memo(ValueCounts, make)

    def merge(self, other: "ValueCounts") -> "ValueCounts":
        """Both parts together; columns that were merged before are not merged again."""
        return ValueCounts({name: counts.merge(other.columns[name]) for name, counts in self.columns.items()})


def row_hashes(rows: np.ndarray) -> np.ndarray:
    """A fixed pseudo-random uint64 per record number (splitmix64, Steele et al. 2014)."""
    z = rows.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _without_bytes(table: pa.Table) -> pa.Table:
    for at, field in enumerate(table.schema):
        if pa.types.is_binary(field.type):
            table = table.set_column(at, field, pa.nulls(len(table), field.type))
    return table


@dataclass(frozen=True)
class RecordSample:
    """Up to ``MAX_SAMPLE`` whole records, chosen by the hash of their number, in record order; all of a small table.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
    table : pyarrow.Table
        Their text columns; a column of bytes is all null, or pictures would be held in memory.
    records : int
        How many records were seen in all.
    """

    rows: np.ndarray
    table: pa.Table
    records: int

    @classmethod
    def of(cls, block: Block) -> "RecordSample":
        """The sample of one block; computed once per block."""
        return block.memo(RecordSample, lambda: cls(block.rows, _without_bytes(block.table), len(block))._bounded())

    def merge(self, other: "RecordSample") -> "RecordSample":
        rows = np.concatenate([self.rows, other.rows])
        table = pa.concat_tables([self.table, other.table])
        return RecordSample(rows, table, self.records + other.records)._bounded()

    def _bounded(self) -> "RecordSample":
        if len(self.rows) <= MAX_SAMPLE:
            return self
        keep = np.sort(np.argsort(row_hashes(self.rows), kind="stable")[:MAX_SAMPLE])
        return RecordSample(self.rows[keep], self.table.take(pa.array(keep)).combine_chunks(), self.records)

    def block(self, schema: Schema) -> Block:
        """The sample as a block, to use its views."""
        return Block(self.rows, self.table, schema)
