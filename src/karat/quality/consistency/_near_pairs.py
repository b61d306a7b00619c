"""Pairs of records that differ in one or two cells, found by the parts in which they do not."""

from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Schema
from karat.core.state import derived
from karat.quality.consistency.record_hash import cell_terms, compared

MAX_RECORDS = 65_536  # cost: beyond, a sample is compared
CHANCE_RECORDS = 2_048  # cost: a sample that estimates chance
PARTS = 4  # definition: with two slips, at least two of four parts of the record are untouched
MAX_BUCKET = 64  # cost: larger buckets are not compared
SAFETY = 2.0  # unproven: room for an estimate of chance that is low


@dataclass(frozen=True)
class CellHashes:
    """Every cell of up to ``MAX_RECORDS`` records (those with the smallest keys) as 16 bits.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
    keys : ndarray of uint64, shape (s,)
        As in ``Block.keys``.
    cells : ndarray of uint16, shape (s, c)
    table : pyarrow.Table
        The texts behind them, so that a pair can be judged wherever its records stand.
    records : int
        Records seen in all.
    """

    rows: np.ndarray
    keys: np.ndarray
    cells: np.ndarray
    table: pa.Table
    records: int

    @classmethod
    def of(cls, block: Block) -> "CellHashes":
        names = compared(block.schema)
        terms = cell_terms(block, names) >> np.uint64(48)
        cells = np.ascontiguousarray(terms.T.astype(np.uint16))
        return cls(block.rows, block.keys, cells, block.table.select(list(names)), len(block))._bounded()

    def merge(self, other: Self) -> "CellHashes":
        rows, keys = np.concatenate([self.rows, other.rows]), np.concatenate([self.keys, other.keys])
        cells, table = np.concatenate([self.cells, other.cells]), pa.concat_tables([self.table, other.table])
        return CellHashes(rows, keys, cells, table, self.records + other.records)._bounded()

    def _bounded(self) -> "CellHashes":
        if len(self.rows) <= MAX_RECORDS:
            return self
        keep = np.sort(np.argpartition(self.keys, MAX_RECORDS)[:MAX_RECORDS])
        return CellHashes(
            self.rows[keep], self.keys[keep], self.cells[keep], self.table.take(pa.array(keep)), self.records
        )

    def block(self, schema: Schema) -> Block:
        """The kept records as a block; one object per state, so that its views are shared."""
        return derived(
            self, "block", lambda: Block(self.rows, self.table.combine_chunks(), schema).keyed(lambda: self.keys)
        )


@dataclass(frozen=True)
class NearPairs:
    """Pairs of records and in how many columns they differ, and how many such pairs chance makes.

    Parameters
    ----------
    earlier, later, slips : ndarray of int64, shape (p,)
    by_chance : ndarray of float64, shape (3,)
        Share of the pairs with 0, 1 and 2 slips that chance alone would make.
    """

    earlier: np.ndarray
    later: np.ndarray
    slips: np.ndarray
    by_chance: np.ndarray


def near(state: CellHashes) -> NearPairs:
    """The pairs of records that differ in one or two columns; of each later record the nearest earlier one."""
    pairs = _candidates(state.cells)
    slips = (state.cells[pairs[:, 0]] != state.cells[pairs[:, 1]]).sum(axis=1)
    keep = (slips >= 1) & (slips <= 2)
    pairs, slips = pairs[keep], slips[keep]
    by_chance = _by_chance(state, np.bincount(slips, minlength=3))
    order = np.lexsort((pairs[:, 0], slips, pairs[:, 1]))
    first = np.unique(pairs[order, 1], return_index=True)[1]
    pairs, slips = pairs[order[first]], slips[order[first]]
    return NearPairs(state.rows[pairs[:, 0]], state.rows[pairs[:, 1]], slips, by_chance)


def _candidates(cells: np.ndarray) -> np.ndarray:
    """(p, 2) pairs of positions, earlier first, that are equal in two of four parts of their columns."""
    rng = np.random.default_rng(0)
    weights = 2 * rng.integers(1, 2**62, size=(cells.shape[1],), dtype=np.uint64) + np.ones(1, np.uint64)  # odd
    terms: np.ndarray = (cells.astype(np.uint64) + np.uint64(1)) * weights
    varied = np.argsort([-len(np.unique(column)) for column in cells.T], kind="stable")
    parts = [terms[:, varied[at::PARTS]].sum(axis=1, dtype=np.uint64) * weights[at] for at in range(PARTS)]
    pairs = [np.zeros((0, 2), np.int64)]
    for first, second in combinations(range(PARTS), 2):
        key = parts[first] + parts[second] * np.uint64(0x9E3779B97F4A7C15)
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.concatenate([[True], np.diff(key[order]) != 0]))
        sizes = np.diff(np.append(starts, len(order)))
        for gap in range(1, int(min(MAX_BUCKET, sizes.max(initial=1)))):  # all pairs that stand `gap` apart in a bucket
            bucket = (sizes > gap) & (sizes <= MAX_BUCKET)
            if not bucket.any():
                break
            at = np.concatenate([np.arange(s, s + n - gap) for s, n in zip(starts[bucket], sizes[bucket], strict=True)])
            pairs.append(np.stack([order[at], order[at + gap]], axis=1))
    return np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0)


def _by_chance(state: CellHashes, seen: np.ndarray) -> np.ndarray:
    """(3,) what share of the pairs with so many slips is chance.

    Counts of pairs by number of differing columns are log-concave where columns differ by chance, so the pairs with
    one and two slips more bound them: n(d) <= n(d+1)^2 / n(d+2). Copies with a slip or two stand out above that.
    """
    sample = state.cells[np.argsort(state.keys, kind="stable")[:CHANCE_RECORDS]]
    size, width = sample.shape
    counts = np.zeros(width + 1, np.int64)
    for at in range(size - 1):
        counts += np.bincount((sample[at + 1 :] != sample[at]).sum(axis=1), minlength=width + 1)
    scale = len(state.rows) * (len(state.rows) - 1) / max(1, size * (size - 1))
    expected = np.zeros(3)
    for slips in (2, 1, 0):
        above = counts[slips + 1] if slips == 2 else max(expected[slips + 1], 0)
        beyond = counts[slips + 2] if slips == 2 else (counts[3] if slips == 1 else expected[2])
        expected[slips] = above**2 / max(beyond, above, 1)
    return np.minimum(1.0, SAFETY * expected * scale / np.maximum(seen, 1))
