"""A state that all checks of interactions share: who did what with which item, and when, for whole users."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import EVERY
from karat.core.finding import DoesNotApply
from karat.core.hashes import text_hashes
from karat.core.schema import Schema
from karat.core.state import derived
from karat.quality.interaction_columns import KIND, InteractionColumns

MAX_EVENTS = 1 << 22  # cost: 4 million events in memory; beyond, a sample of whole users
NO_TIME = np.iinfo(np.int64).min
DAY_US = 86_400_000_000  # definition: microseconds of a day


@dataclass(frozen=True)
class Names:
    """Distinct texts in order of first appearance, and a code for each event; -1 where there is none.

    Parameters
    ----------
    texts : pyarrow.Array of large string, length k
    codes : ndarray of int32, shape (n,)
    """

    texts: pa.Array
    codes: np.ndarray

    @classmethod
    def of(cls, block: Block, column: str | None) -> "Names":
        """The names of a block's column, missing ones left out; of no column without one."""
        if column is None:
            return cls(pa.array([], pa.large_string()), np.full(len(block), -1, np.int32))
        codes, texts = block.coded(column)
        return cls(texts.cast(pa.large_string()), np.where(block.missing(column), -1, codes).astype(np.int32))

    def merge(self, other: Self) -> "Names":
        """Both parts together."""
        at = pc.index_in(other.texts, self.texts)
        fresh = np.asarray(at.is_null())
        place = pc.fill_null(at, 0).to_numpy().astype(np.int32)
        place[fresh] = len(self.texts) + np.arange(int(fresh.sum()), dtype=np.int32)
        texts = pa.concat_arrays([self.texts, other.texts.filter(pa.array(fresh))])
        moved = np.where(other.codes >= 0, place[other.codes] if len(place) else -1, -1)
        return Names(texts, np.concatenate([self.codes, moved]).astype(np.int32))

    def take(self, at: np.ndarray) -> "Names":
        """Those of some events, texts that none of them has left out."""
        codes = self.codes[at]
        used = np.unique(codes[codes >= 0])
        place = np.full(len(self.texts) + 1, -1, np.int32)
        place[used] = np.arange(len(used), dtype=np.int32)
        return Names(self.texts.take(pa.array(used)), place[codes])

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class SampledEvents:
    """Up to ``MAX_EVENTS`` events of whole users (chosen by the hash of their names), in record order.

    Parameters
    ----------
    rating : ndarray of float32, shape (n,)
        NaN where there is none.
    time : ndarray of int64, shape (n,)
        Microseconds since 1970; ``NO_TIME`` where there is none.
    row : ndarray of int64, shape (n,)
    records : int
        Seen in all.
    limit : int
        Users with a hash from here on are not held; ``EVERY`` while all are.
    """

    user: Names
    item: Names
    act: Names
    rating: np.ndarray
    time: np.ndarray
    row: np.ndarray
    records: int
    limit: int = EVERY

    @classmethod
    def of(cls, block: Block) -> "SampledEvents":
        """The events of one block; computed once per block."""

        def make() -> SampledEvents:
            named = InteractionColumns.of(block.schema)
            assert named is not None
            blank = np.full(len(block), np.nan, np.float32)
            rating = block.numbers(named.rating).astype(np.float32) if named.rating else blank
            none = np.full(len(block), NO_TIME)
            time = block.times(named.time).astype("datetime64[us]").view(np.int64) if named.time else none
            user, item, act = (Names.of(block, column) for column in (named.user, named.item, named.event))
            return cls(user, item, act, rating, time, block.rows, len(block))._bounded()

        return block.memo(SampledEvents, make)

    def merge(self, other: Self) -> "SampledEvents":
        """Both parts together, whole users of those that fit."""
        limit = min(self.limit, other.limit)
        mine, theirs = self._below(limit), other._below(limit)
        rating, time = np.concatenate([mine.rating, theirs.rating]), np.concatenate([mine.time, theirs.time])
        user, item, act = mine.user.merge(theirs.user), mine.item.merge(theirs.item), mine.act.merge(theirs.act)
        row, records = np.concatenate([mine.row, theirs.row]), self.records + other.records
        return SampledEvents(user, item, act, rating, time, row, records, limit)._bounded()

    def _below(self, limit: int) -> "SampledEvents":
        if limit >= self.limit:
            return self
        kept = np.append(text_hashes(self.user.texts) < np.uint64(limit), False)
        at = np.flatnonzero(kept[self.user.codes])
        return self._take(at, limit)

    def _take(self, at: np.ndarray, limit: int) -> "SampledEvents":
        user, item, act = self.user.take(at), self.item.take(at), self.act.take(at)
        return SampledEvents(user, item, act, self.rating[at], self.time[at], self.row[at], self.records, limit)

    def _bounded(self) -> "SampledEvents":
        if len(self.row) <= MAX_EVENTS:
            return self
        hashes = text_hashes(self.user.texts)
        order = np.argsort(hashes, kind="stable")
        counts = np.bincount(self.user.codes[self.user.codes >= 0], minlength=len(hashes))[order]
        fit = int(np.searchsorted(np.cumsum(counts), MAX_EVENTS, side="right"))
        return self._below(int(hashes[order[min(fit, len(order) - 1)]]))

    def __len__(self) -> int:
        return len(self.row)

    @property
    def whole(self) -> bool:
        """Are all users held?"""
        return self.limit == EVERY

    @property
    def sequence(self) -> "Sequence":
        """The events of each user one after the other, in order of time; computed once."""
        return derived(self, "sequence", lambda: Sequence.of(self))


@dataclass(frozen=True)
class Sequence:
    """Events sorted by user and time, those of one moment by a hash of their items: the order of records says nothing.

    Parameters
    ----------
    order : ndarray of int64, shape (m,)
        Positions of the events that have a user and an item.
    user, item : ndarray of int32, shape (m,)
    rating : ndarray of float32, shape (m,)
    time : ndarray of int64, shape (m,)
    start, count : ndarray of int64, shape (users,)
        Where each user begins, and how many events there are.
    """

    order: np.ndarray
    user: np.ndarray
    item: np.ndarray
    rating: np.ndarray
    time: np.ndarray
    start: np.ndarray
    count: np.ndarray

    @classmethod
    def of(cls, events: SampledEvents) -> "Sequence":
        """The events of a state in order."""
        known = np.flatnonzero((events.user.codes >= 0) & (events.item.codes >= 0))
        shuffled = np.append(text_hashes(events.item.texts), np.uint64(0))[events.item.codes[known]]
        order = known[np.lexsort((events.row[known], shuffled, events.time[known], events.user.codes[known]))]
        user = events.user.codes[order]
        count = np.bincount(user, minlength=len(events.user)).astype(np.int64)
        start = np.cumsum(count) - count
        return cls(order, user, events.item.codes[order], events.rating[order], events.time[order], start, count)


def needs_interactions(schema: Schema, *, times: bool = False) -> DoesNotApply | None:
    """Why a check of interactions cannot run, or None."""
    named = InteractionColumns.of(schema)
    if named is None:
        return DoesNotApply("no columns of users and items")
    return DoesNotApply("no column of times") if times and named.time is None else None


class OfEvents:
    """What checks of interactions share; ``timed``: the check cannot do without their times."""

    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    at_the_door: ClassVar[bool] = False
    timed: ClassVar[bool] = False

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return needs_interactions(schema, times=self.timed)

    def learn(self, block: Block) -> SampledEvents:
        return SampledEvents.of(block)
