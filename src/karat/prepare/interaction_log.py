"""Events as codes and times: what splits, recommenders and their proof start from."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.hashes import text_hashes
from karat.prepare.interaction_splits import TRAIN, TimeCut, random_per_user, time_cuts
from karat.quality.interaction_columns import InteractionColumns


@dataclass(frozen=True, eq=False)
class Log:
    """Events of a block, coded once.

    Parameters
    ----------
    users, items : pyarrow.Array of large string
        Distinct names, rising, so that codes do not depend on the order of records.
    user, item : ndarray of int64, shape (n,)
        Codes; -1 where missing.
    time : ndarray of int64, shape (n,)
        Microseconds since 1970, the least int64 where there is none.
    rows : ndarray of int64, shape (n,)
    """

    users: pa.Array
    items: pa.Array
    user: np.ndarray
    item: np.ndarray
    time: np.ndarray
    rows: np.ndarray

    @classmethod
    def of(cls, block: Block) -> "Log":
        """The events of a block. Raises InputError where there are no two users or items."""
        named = InteractionColumns.of(block.schema)
        if named is None:
            raise InputError("no columns of users and items", "Name them in karat.toml")
        names = {name: _names(block, name) for name in (named.user, named.item)}
        for name, texts in names.items():
            if len(texts) < 2:
                raise InputError(f"column {name!r} has only {len(texts)} value", "Give more events")
        time = block.times(named.time).astype("datetime64[us]").view(np.int64) if named.time else None
        none = np.full(len(block), np.iinfo(np.int64).min)
        users, items = names[named.user], names[named.item]
        codes = (_codes(block, named.user, users), _codes(block, named.item, items))
        return cls(users, items, *codes, none if time is None else time, block.rows)

    @property
    def shape(self) -> tuple[int, int]:
        """Users and items."""
        return len(self.users), len(self.items)

    def pairs(self, block: Block) -> np.ndarray:
        """(m, 2) users and items of another state of these records, in these codes; what is not known left out."""
        named = InteractionColumns.of(block.schema)
        assert named is not None
        both = np.stack([_codes(block, named.user, self.users), _codes(block, named.item, self.items)], axis=1)
        return both[(both >= 0).all(axis=1)]

    def ages(self, block: Block) -> np.ndarray:
        """(entries,) how long ago each entry of ``matrix(self.pairs(block), self.shape)`` last happened.

        In shares of the time that the block spans, 0 for the newest; (0,) where an event has no time.
        """
        named = InteractionColumns.of(block.schema)
        assert named is not None
        both = np.stack([_codes(block, named.user, self.users), _codes(block, named.item, self.items)], axis=1)
        known = (both >= 0).all(axis=1)
        if named.time is None or not known.any():
            return np.zeros(0)
        time = block.times(named.time).astype("datetime64[us]").view(np.int64)[known]
        if (time == np.iinfo(np.int64).min).any():
            return np.zeros(0)
        cell = both[known, 0] * self.shape[1] + both[known, 1]
        order = np.lexsort((time, cell))
        last = np.append(cell[order][1:] != cell[order][:-1], np.True_)
        span = max(1, int(time.max() - time.min()))
        return np.asarray((time.max() - time[order][last]) / span)

    def clusters(self, count: int) -> np.ndarray:
        """(users,) a cluster for each, by the hash of the name."""
        return np.asarray(text_hashes(self.users) % np.uint64(count)).astype(np.int64)

    def cuts(self, seed: int, count: int = 4) -> tuple[list[TimeCut], str]:
        """Splits forward in time, and what they are called; by chance within each user where the times allow none."""
        for number in range(count, 0, -1):
            try:
                cuts = time_cuts(self.time, number)
            except InputError:
                continue
            if len(cuts) == number:
                return cuts, "forward in time"
        known = np.flatnonzero((self.user >= 0) & (self.item >= 0))
        out = []
        for draw in range(count):
            part = random_per_user(self.user[known], seed + draw)
            out.append(TimeCut(known[part == TRAIN], known[part != TRAIN], draw, draw))
        return out, "at random within each user: the events have no times to split by"


def _names(block: Block, column: str) -> pa.Array:
    codes, texts = block.coded(column)
    used = np.unique(codes[(codes >= 0) & ~block.missing(column)])
    names = texts.take(pa.array(used)).cast(pa.large_string())
    return names.take(pc.sort_indices(names))


def known_pairs(log: Log, at: np.ndarray) -> np.ndarray:
    """(m, 2) users and items of some events, those without either left out."""
    both = np.stack([log.user[at], log.item[at]], axis=1)
    return both[(both >= 0).all(axis=1)]


def _codes(block: Block, column: str, names: pa.Array) -> np.ndarray:
    codes, texts = block.coded(column)
    place = pc.fill_null(pc.index_in(texts.cast(pa.large_string()), names), -1).to_numpy(zero_copy_only=False)
    return np.where(codes >= 0, np.append(place, -1)[codes], -1).astype(np.int64)


def matrix(pairs: np.ndarray, shape: tuple[int, int], *, once: bool = False) -> Any:
    """(users, items) CSR of how often each pair stands there, or of whether it does."""
    from scipy import sparse

    counts = sparse.coo_array((np.ones(len(pairs), np.float32), (pairs[:, 0], pairs[:, 1])), shape=shape).tocsr()
    if once:
        counts.data[:] = 1
    return counts
