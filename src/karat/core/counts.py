"""Shared states: how often each value occurs in each column, and a sample of whole records.

Both are computed once per block (``of``) however many checks ask, and merge exactly; beyond their bound they keep
what has the smallest hash, so that they do not depend on blocks, order or workers (bottom-k, Cohen & Kaplan 2007).
"""

import hashlib
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Schema

MAX_DISTINCT = 131_072
MAX_SAMPLE = 16_384


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


@dataclass(frozen=True)
class ColumnCounts:
    """One column's values and how often each occurs.

    Parameters
    ----------
    values : tuple of str
        Distinct texts in order of first appearance.
    counts : ndarray of int64, shape (k,)
        Exact number of occurrences of each.
    records, blank : int
        Records seen, and how many were blank.
    whole : bool
        False when more than ``MAX_DISTINCT`` values were met and only a hash sample of them is kept.
    """

    values: tuple[str, ...]
    counts: np.ndarray
    records: int
    blank: int
    whole: bool = True

    def merge(self, other: Self) -> Self:
        place = {value: at for at, value in enumerate(self.values)}
        fresh = [value for value in other.values if value not in place]
        place.update({value: len(self.values) + at for at, value in enumerate(fresh)})
        counts = np.concatenate([self.counts, np.zeros(len(fresh), np.int64)])
        at = np.fromiter((place[value] for value in other.values), np.int64, len(other.values))
        np.add.at(counts, at, other.counts)
        merged = type(self)(self.values + tuple(fresh), counts, self.records + other.records,
                            self.blank + other.blank, self.whole and other.whole)
        return merged._bounded()

    def _bounded(self) -> Self:
        if len(self.values) <= MAX_DISTINCT:
            return self
        keep = sorted(sorted(range(len(self.values)), key=lambda at: _hash(self.values[at]))[:MAX_DISTINCT])
        return type(self)(tuple(self.values[at] for at in keep), self.counts[keep], self.records, self.blank, False)


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
                    codes, values = block.encoded(column.name)
                    counts = np.bincount(codes[codes >= 0], minlength=len(values)).astype(np.int64)
                    held = ColumnCounts(tuple(values), counts, len(codes), int((codes < 0).sum()))
                    out[column.name] = held._bounded()
            return ValueCounts(out)

        return block.memo(ValueCounts, make)

    def merge(self, other: "ValueCounts") -> "ValueCounts":
        return ValueCounts({name: held.merge(other.columns[name]) for name, held in self.columns.items()})


def row_hashes(rows: np.ndarray) -> np.ndarray:
    """A fixed pseudo-random uint64 per record number (splitmix64, Steele et al. 2014)."""
    z = rows.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@dataclass(frozen=True)
class RecordSample:
    """Up to ``MAX_SAMPLE`` whole records, chosen by the hash of their number, in record order; all of a small table.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
    table : pyarrow.Table
        Their text columns.
    records : int
        How many records were seen in all.
    """

    rows: np.ndarray
    table: pa.Table
    records: int

    @classmethod
    def of(cls, block: Block) -> "RecordSample":
        """The sample of one block; computed once per block."""
        return block.memo(RecordSample, lambda: cls(block.rows, block.table, len(block))._bounded())

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
