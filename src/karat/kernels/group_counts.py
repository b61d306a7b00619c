"""How often each value stands beside each key, and what the others of a record's group say of it."""

from dataclasses import dataclass

import numpy as np

BLANK = -1  # definition: the code of a gap
NOVEL = -2  # definition: the code of a value never seen while learning


@dataclass(frozen=True, eq=False)
class Ballot:
    """What the others of each record's group hold, the record itself left out.

    Parameters
    ----------
    place : ndarray of int64, shape (n,)
        The group, among the keys; ``BLANK`` where the key is unknown.
    top : ndarray of int64, shape (n,)
        The value most of the others hold; ``BLANK`` where there are none.
    most, next, others : ndarray of int64, shape (n,)
        How many others hold it, how many the second value; how many others there are.
    """

    place: np.ndarray
    top: np.ndarray
    most: np.ndarray
    next: np.ndarray
    others: np.ndarray


@dataclass(frozen=True, eq=False)
class GroupCounts:
    """How often each value stands beside each key.

    Parameters
    ----------
    size : int
        Values are codes below this.
    joint, count : ndarray of int64, shape (m,)
        ``key * size + value``, rising, and how often it occurs.
    keys, start, voters : ndarray of int64, shape (g,)
        Each key, rising, where its entries start in ``joint``, and how many records it has.
    first, second, first_count, second_count : ndarray of int64, shape (g,)
        Its most frequent value and the next (``BLANK`` when there is none), and their counts.
    """

    size: int
    joint: np.ndarray
    count: np.ndarray
    keys: np.ndarray
    start: np.ndarray
    voters: np.ndarray
    first: np.ndarray
    second: np.ndarray
    first_count: np.ndarray
    second_count: np.ndarray

    @classmethod
    def of(cls, keys: np.ndarray, values: np.ndarray, size: int, weights: np.ndarray | None = None) -> "GroupCounts":
        """Count pairs of codes; negative codes are left out.

        Parameters
        ----------
        keys, values : ndarray of int64, shape (n,)
        size : int
            Values lie below this.
        weights : ndarray of int64, shape (n,), or None
            How often each pair occurs, when they were counted before.
        """
        known = (keys >= 0) & (values >= 0)
        joint, count = counted(keys[known] * size + values[known], None if weights is None else weights[known])
        key, value = joint // size, joint % size
        start = group_starts(key)
        voters = np.add.reduceat(count, start) if len(start) else count
        order = np.lexsort((value, -count, key))
        ranked_value, ranked_count = value[order], count[order]
        several = np.diff(np.append(start, len(key))) > 1
        after = np.minimum(start + 1, max(len(key) - 1, 0))
        return cls(
            size,
            joint,
            count,
            key[start],
            start,
            voters,
            ranked_value[start],
            np.where(several, ranked_value[after], BLANK),
            ranked_count[start],
            np.where(several, ranked_count[after], 0),
        )

    def place(self, keys: np.ndarray) -> np.ndarray:
        """(n,) place of each key among ``keys``; ``BLANK`` where it is not known."""
        if not len(self.keys):
            return np.full(len(keys), BLANK)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where((keys >= 0) & (self.keys[at] == keys), at, BLANK)

    def suspicious(self, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
        """(n,) bool: the group holds more of another value, or nearly as many."""
        at = self.place(keys)
        if not len(self.keys):
            return np.zeros(len(keys), bool)
        return (at >= 0) & ((self.first[at] != values) | (self.second_count[at] + 1 >= self.first_count[at]))

    def ask(self, keys: np.ndarray, values: np.ndarray) -> Ballot:
        """What the others of each record's group hold.

        Parameters
        ----------
        keys, values : ndarray of int64, shape (n,)
        """
        at = self.place(keys)
        if not len(self.keys):
            none = np.zeros(len(keys), np.int64)
            return Ballot(at, np.full(len(keys), BLANK), none, none, none)
        known = at >= 0
        mine = known & (self._count(at, values) > 0)
        first = np.where(known, self.first_count[at], 0) - (mine & (values == self.first[at]))
        second = np.where(known, self.second_count[at], 0) - (mine & (values == self.second[at]))
        swap = second > first
        most = np.where(swap, second, first)
        return Ballot(
            at,
            np.where(most > 0, np.where(swap, self.second[at], self.first[at]), BLANK),
            most,
            np.where(swap, first, second),
            np.where(known, self.voters[at], 0) - mine,
        )

    def backing(self, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
        """(n,) how many of each key's records hold a value."""
        return self._count(self.place(keys), values) if len(self.keys) else np.zeros(len(keys), np.int64)

    def shares(self) -> np.ndarray:
        """(size,) how common each value is over all groups, half a record added to each."""
        totals = np.bincount(self.joint % self.size, self.count, self.size) + 0.5
        usual: np.ndarray = totals / totals.sum()
        return usual

    def _count(self, at: np.ndarray, values: np.ndarray) -> np.ndarray:
        wanted = np.where((at >= 0) & (values >= 0), self.keys[at] * self.size + values, -1)
        place = np.minimum(np.searchsorted(self.joint, wanted), len(self.joint) - 1)
        return np.where(self.joint[place] == wanted, self.count[place], 0)


def counted(codes: np.ndarray, weights: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Distinct codes, rising, and how often each occurs (or the sum of its weights)."""
    if weights is None:
        distinct, count = np.unique(codes, return_counts=True)
        return distinct, count
    distinct, at = np.unique(codes, return_inverse=True)
    return distinct, np.bincount(at, weights, len(distinct)).astype(np.int64)


def group_starts(key: np.ndarray) -> np.ndarray:
    """Where each run of equal keys starts."""
    fresh = np.empty(len(key), bool)
    fresh[:1], fresh[1:] = True, key[1:] != key[:-1]
    return np.flatnonzero(fresh)


def agreement(keys: np.ndarray, values: np.ndarray, size: int) -> tuple[float, float, int]:
    """How often two records of a group hold the same value, the same beyond chance, and groups of two or more.

    Groups weigh alike beyond ten records; beyond chance is 0 where shuffled values would agree as often, 1 where all
    agree (Goodman and Kruskal's tau, the record itself left out).

    Parameters
    ----------
    keys, values : ndarray of int64, shape (n,)
        Codes; negative ones are left out.
    size : int
        Values lie below this.
    """
    known = (keys >= 0) & (values >= 0)
    joint, count = counted(keys[known] * size + values[known])
    start = group_starts(joint // size)
    total, chance = count.sum(), np.bincount(joint % size, count, size) if len(joint) else np.zeros(1)
    voters = np.add.reduceat(count, start) if len(start) else count
    group = voters >= 2
    if not group.any():
        return 0.0, 0.0, 0
    same = np.add.reduceat(count * (count - 1.0), start)[group] / (voters[group] * (voters[group] - 1.0))
    weight = np.minimum(voters[group] - 1, 10)
    agree = float((weight * same).sum() / weight.sum())
    by_chance = float((chance * (chance - 1.0)).sum() / (total * (total - 1)))
    return agree, (agree - by_chance) / max(1 - by_chance, 1e-9), int(group.sum())
