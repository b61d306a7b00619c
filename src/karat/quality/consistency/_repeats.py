"""What the equal records of a data set are: copies of identified records, coincidence, or a file joined to itself."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Role, Schema
from karat.quality.consistency._coincidence import Coincidence, coincidence
from karat.quality.consistency._identity import TEXTS, counts_of, identifying
from karat.quality.consistency.record_hash import compared, record_hashes, whole
from karat.quality.equation_search import derived_columns
from karat.quality.sampled import Sampled

# Chosen on 24 public tables whose records are equal by coincidence (see benchmarks/duplicates.md): pairs seen exceed
# the estimate by up to a half where columns depend on each other in threes.
SAFETY = 3.0
# chance makes less than this share of the equal pairs; flat from 0.111 to 0.333 (benchmarks/constants.md)
EXCLUDED = 0.2
# of the records repeat an earlier one: then a record can occur twice in this data; flat
# from 0.333 to 0.667 (benchmarks/constants.md)
USUAL = 0.5


@dataclass(frozen=True)
class FirstSeen:
    """Where each distinct record was seen first.

    Parameters
    ----------
    keys, content : ndarray of uint64, shape (k,)
        Hash of the whole record, rising, and of what it says beside its identifiers.
    rows, counts : ndarray of int64, shape (k,)
        Its first record number, and how often it occurs.
    values : ValueCounts
        Of the columns that may identify records.
    """

    keys: np.ndarray
    content: np.ndarray
    rows: np.ndarray
    counts: np.ndarray
    sampled: Sampled
    values: ValueCounts

    @classmethod
    def of(cls, block: Block) -> "FirstSeen":
        keys, content = record_hashes(block, whole(block.schema)), record_hashes(block, compared(block.schema))
        order = np.argsort(keys, kind="stable")
        ones = np.ones(len(keys), np.int64)
        values = counts_of(block.schema, ValueCounts.of(block))
        return cls(keys[order], content[order], block.rows[order], ones, Sampled.of(block), values)._distinct()

    def merge(self, other: Self) -> "FirstSeen":
        keys = np.concatenate([self.keys, other.keys])
        order = np.argsort(keys, kind="stable")  # two sorted runs: one merge; the earlier record comes first
        content = np.concatenate([self.content, other.content])[order]
        rows = np.concatenate([self.rows, other.rows])[order]
        counts = np.concatenate([self.counts, other.counts])[order]
        sampled, values = self.sampled.merge(other.sampled), self.values.merge(other.values)
        return FirstSeen(keys[order], content, rows, counts, sampled, values)._distinct()

    def _distinct(self) -> "FirstSeen":
        if not len(self.keys):
            return self
        first = np.flatnonzero(np.concatenate([[True], self.keys[1:] != self.keys[:-1]]))
        counts = np.add.reduceat(self.counts, first)
        return FirstSeen(self.keys[first], self.content[first], self.rows[first], counts, self.sampled, self.values)

    @property
    def records(self) -> int:
        """How many records were seen."""
        return self.sampled.sample.records

    @property
    def copies(self) -> int:
        """How many records repeat an earlier one in every column."""
        return int((self.counts - 1).sum())

    @property
    def pairs(self) -> int:
        """How many pairs of records are equal in every column."""
        return int((self.counts * (self.counts - 1) // 2).sum())

    def by_content(self) -> tuple[np.ndarray, np.ndarray, int]:
        """Contents that occur in several distinct records: hash, rising, first record number; and pairs of them."""
        order = np.lexsort((self.rows, self.content))
        content = self.content[order]
        first = np.flatnonzero(np.concatenate([[True], content[1:] != content[:-1]])) if len(order) else order
        sizes = np.diff(np.append(first, len(order)))
        many = sizes > 1
        return content[first[many]], self.rows[order[first[many]]], int((sizes * (sizes - 1) // 2).sum())


@dataclass(frozen=True)
class Repeats:
    """What the equal records of a data set are.

    Parameters
    ----------
    by_chance, content_by_chance : float
        Share of the pairs equal in every column, and in every column but identifiers, that coincidence explains.
    identified_by : str
        A column that identifies the records, "" when there is none.
    times : int
        How often the file repeats itself from beginning to end; 1 when it does not.
    """

    by_chance: float
    content_by_chance: float
    identified_by: str
    times: int

    @classmethod
    def of(cls, state: FirstSeen, schema: Schema) -> "Repeats":
        """What is known once all records were seen."""
        times = _times(state)
        chance = Coincidence(0.0, 0.0, {})
        names: tuple[str, ...] = ()
        if state.copies:
            chance = _chance(state, whole(schema))
            names = _names(state, schema, chance, times)
        content = 1.0
        if compared(schema) != whole(schema) and (seen := state.by_content()[2]):
            content = _share(_chance(state, compared(schema)), seen)
        usual = min(1.0, (state.copies / max(1.0, USUAL * state.records)) ** 2) if times == 1 else 0.0
        return cls(max(usual, _share(chance, state.pairs)), content, next(iter(names), ""), times)


def _names(state: FirstSeen, schema: Schema, chance: Coincidence, times: int) -> tuple[str, ...]:
    """The columns that identify the records; a file joined to itself is for a person to judge."""
    if schema.suits(TEXTS):
        texts = tuple(column.name for column in schema.with_role(Role.TEXT))
        return texts if _share(chance, state.pairs) <= EXCLUDED else ()
    if times > 1:
        return ()
    return identifying(schema, state.values, state.copies, max(chance.nearly.values(), default=0.0))


def _chance(state: FirstSeen, names: tuple[str, ...]) -> Coincidence:
    """What coincidence makes of some columns; those that an equation gives are no evidence."""
    computed = derived_columns(state.sampled)
    independent = tuple(name for name in names if name not in computed)
    return coincidence(state.sampled.sample, state.sampled.schema, independent or names)


def _share(chance: Coincidence, seen: int) -> float:
    """The share of the pairs seen that coincidence explains; columns left out as given may make more of them."""
    return min(1.0, SAFETY * chance.equal / max(1.0, seen, chance.seen))


def _times(state: FirstSeen) -> int:
    """How often the same records follow each other, none of them alone; 1 when they do not."""
    times = int(state.counts.min()) if len(state.counts) else 1
    each = len(state.rows) > 1 and times > 1 and bool((state.counts == times).all())
    return times if each and int(state.rows.max()) == len(state.rows) - 1 else 1
