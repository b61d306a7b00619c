"""What groups of records say about a column: counts per key, and the vote of the others with one's own left out."""

from dataclasses import dataclass

import numpy as np

BLANK = -1
NOVEL = -2  # a value never seen while learning
CAUTION = 0.4  # weight of the doubt that is added to every vote: one voter alone has 1 / 1.4


@dataclass(frozen=True, eq=False)
class Ballot:
    """What the others of each record's group hold.

    Parameters
    ----------
    top : ndarray of int64, shape (n,)
        The value most of the others hold; ``BLANK`` where there is no group.
    share : ndarray of float64, shape (n,)
        Its share of the votes, with a little doubt added: below 1 however unanimous.
    own : ndarray of float64, shape (n,)
        The share of the value that stands there.
    voters : ndarray of int64, shape (n,)
        How many others there are.
    """

    top: np.ndarray
    share: np.ndarray
    own: np.ndarray
    voters: np.ndarray


@dataclass(frozen=True, eq=False)
class Votes:
    """How often each value stands beside each key.

    Parameters
    ----------
    size : int
        Values are codes below this.
    joint, count : ndarray of int64, shape (m,)
        ``key * size + value``, rising, and how often it occurs.
    keys, first, second : ndarray of int64, shape (g,)
        Each key, rising, its most frequent value and the next (``BLANK`` when there is none).
    first_count, second_count, voters : ndarray of int64, shape (g,)
    index : ndarray of int32
        Key to its place among ``keys``, -1 for none; empty where keys are too far apart for that.
    """

    size: int
    joint: np.ndarray
    count: np.ndarray
    keys: np.ndarray
    first: np.ndarray
    second: np.ndarray
    first_count: np.ndarray
    second_count: np.ndarray
    voters: np.ndarray
    index: np.ndarray

    @classmethod
    def of(cls, keys: np.ndarray, values: np.ndarray, size: int, weights: np.ndarray | None = None) -> "Votes":
        """Count pairs of codes; negative codes are left out.

        Parameters
        ----------
        keys, values : ndarray of int64, shape (n,)
        size : int
            Number of distinct values.
        weights : ndarray of int64, shape (n,), or None
            How often each pair occurs, when they were counted before.
        """
        held = (keys >= 0) & (values >= 0)
        joint, count = counted(keys[held] * size + values[held], None if weights is None else weights[held])
        return cls._ranked(size, joint, count)

    @classmethod
    def _ranked(cls, size: int, joint: np.ndarray, count: np.ndarray) -> "Votes":
        key, value = joint // size, joint % size
        order = np.lexsort((value, -count, key))
        key, value, ranked = key[order], value[order], count[order]
        at = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, np.int64)
        several = np.diff(np.r_[at, len(key)]) > 1
        after = np.minimum(at + 1, max(len(key) - 1, 0))
        return cls(
            size,
            joint,
            count,
            key[at],
            value[at],
            np.where(several, value[after], BLANK),
            ranked[at],
            np.where(several, ranked[after], 0),
            np.add.reduceat(ranked, at) if len(at) else ranked,
            _index(key[at]),
        )

    def place(self, keys: np.ndarray) -> np.ndarray:
        """(n,) place of each key among ``keys``; -1 where it is not known."""
        if len(self.index):
            within = (keys >= 0) & (keys < len(self.index))
            place: np.ndarray = np.where(within, self.index[np.where(within, keys, 0)], BLANK)
            return place
        if not len(self.keys):
            return np.full(len(keys), BLANK)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where((keys >= 0) & (self.keys[at] == keys), at, BLANK)

    def suspicious(self, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
        """(n,) bool: the group holds more of another value, or as many."""
        at = self.place(keys)
        if not len(self.keys):
            return np.zeros(len(keys), bool)
        return (at >= 0) & ((self.first[at] != values) | (self.second_count[at] >= self.first_count[at]))

    def ask(self, keys: np.ndarray, stands: np.ndarray, counted_as: np.ndarray) -> Ballot:
        """The vote of the others about each record.

        Parameters
        ----------
        keys : ndarray of int64, shape (n,)
        stands : ndarray of int64, shape (n,)
            The value in question.
        counted_as : ndarray of int64, shape (n,)
            The value under which the record itself was counted: it is taken out of the vote.
        """
        if not len(self.keys):
            none = np.zeros(len(keys))
            return Ballot(np.full(len(keys), BLANK), none, none, none.astype(np.int64))
        at = self.place(keys)
        known = at >= 0
        counted = self._count(at, counted_as)
        standing = counted if counted_as is stands else self._count(at, stands)
        mine = known & (counted > 0)
        others = np.where(known, self.voters[at], 0) - mine
        first = self.first_count[at] - (mine & (counted_as == self.first[at]))
        second = self.second_count[at] - (mine & (counted_as == self.second[at]))
        top = np.where(second > first, self.second[at], self.first[at])
        most = np.maximum(first, second)
        same = np.where(known, standing - (mine & (counted_as == stands)), 0)
        good = known & (most > 0)
        doubt = np.where(good, others + CAUTION, 1.0)
        return Ballot(
            np.where(good, top, BLANK),
            np.where(good, most / doubt, 0.0),
            np.where(good, same / doubt, 0.0),
            np.where(good, others, 0),
        )

    def backing(self, keys: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How many of each key's records hold a value, and how many records it has; (n,) int64 each."""
        at = self.place(keys)
        if not len(self.keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        return self._count(at, values), np.where(at >= 0, self.voters[at], 0)

    def usual(self, values: np.ndarray) -> np.ndarray:
        """(n,) float64: how common each value is over all groups, in [0, 1]; 0 for negative codes."""
        share = np.bincount(self.joint % self.size, self.count, self.size) / max(self.count.sum(), 1)
        return np.where(values >= 0, share[values], 0.0)

    def _count(self, at: np.ndarray, values: np.ndarray) -> np.ndarray:
        """How often each value stands beside the key at a place; most values are among a key's first two."""
        known = (at >= 0) & (values >= 0)
        is_first, is_second = known & (self.first[at] == values), known & (self.second[at] == values)
        out = np.where(is_first, self.first_count[at], np.where(is_second, self.second_count[at], 0))
        rest = np.flatnonzero(known & ~is_first & ~is_second)
        wanted = self.keys[at[rest]] * self.size + values[rest]
        place = np.minimum(np.searchsorted(self.joint, wanted), len(self.joint) - 1)
        out[rest] = np.where(self.joint[place] == wanted, self.count[place], 0)
        return out


MOST_INDEXED = 1 << 22


def _index(keys: np.ndarray) -> np.ndarray:
    if not len(keys) or keys[-1] >= MOST_INDEXED:
        return np.zeros(0, np.int32)
    index = np.full(int(keys[-1]) + 1, BLANK, np.int32)
    index[keys] = np.arange(len(keys), dtype=np.int32)
    return index


def counted(codes: np.ndarray, weights: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Distinct codes, rising, and how often each occurs (or the sum of its weights)."""
    if weights is None:
        found, count = np.unique(codes, return_counts=True)
        return found, count
    found, at = np.unique(codes, return_inverse=True)
    return found, np.bincount(at, weights, len(found)).astype(np.int64)


@dataclass(frozen=True)
class Bond:
    """How far a key decides a value.

    Parameters
    ----------
    agreement : float
        Probability that two records of a group hold the same value; groups weigh alike beyond ten records.
    beyond_chance : float
        The same, 0 where shuffled values would agree as often and 1 where all agree.
    trimmed_agreement, trimmed_beyond_chance : float
        The same without values that never win a group (slips), where these are few.
    groups : int
        Keys that occur twice or more.
    repeated : float
        Share of the records that stand in such a group.
    firm : float
        Share of the records that stand in a group of ten or more, nearly all of one value.
    large : float
        Of the records in groups of ten or more, how many hold their group's commonest value, slips apart.
    """

    agreement: float
    beyond_chance: float
    trimmed_agreement: float
    trimmed_beyond_chance: float
    groups: int
    repeated: float
    firm: float = 0.0
    large: float = 1.0

    @property
    def dirty(self) -> bool:
        """Does nearly every large group agree but for dirt that is spread over all of them alike?"""
        return min(self.trimmed_agreement, self.trimmed_beyond_chance, self.firm) >= MIN_DIRTY


MAX_SLIPS = 0.15
FIRM = 0.8  # share of a group's records
MIN_DIRTY = 0.85
ENOUGH_VOTERS = 10


def bond(keys: np.ndarray, values: np.ndarray, size: int) -> Bond:
    """Measure how far keys decide values.

    A value that never wins a group of three or more is a slip or chance. Without slips a true dependency agrees nearly
    always, while a chance one stays at chance, so the trimmed figure tells them apart even when the values are
    lopsided.

    Parameters
    ----------
    keys, values : ndarray of int64, shape (n,)
        Codes; negative ones are left out.
    size : int
        Values lie below this.
    """
    held = (keys >= 0) & (values >= 0)
    joint, count = counted(keys[held] * size + values[held])
    key, value = joint // size, joint % size  # sorted by key
    if not len(key):
        return Bond(0.0, 0.0, 0.0, 0.0, 0, 0.0)
    start, run = _groups(key)
    voters = np.add.reduceat(count, start)
    repeated = float(voters[voters >= 2].sum() / len(keys))
    agreement, beyond, groups = _agreement(start, value, count, size)
    most = np.maximum.reduceat(count, start)
    firm = float(voters[(voters >= ENOUGH_VOTERS) & (most >= FIRM * voters)].sum() / count.sum())
    big = (voters >= 3)[run]
    won = np.bincount(value[big], (count * (count >= most[run]))[big], size)
    stood = np.bincount(value[big], count[big], size)
    slip = (stood > 0) & (won < 0.1 * stood)
    lost = count[slip[value]].sum() / count.sum()
    if not 0 < lost < MAX_SLIPS:
        return Bond(agreement, beyond, agreement, beyond, groups, repeated, firm, _won(start, count))
    keep = ~slip[value]
    start = _groups(key[keep])[0]
    trimmed, trimmed_beyond, groups = _agreement(start, value[keep], count[keep], size)
    return Bond(agreement, beyond, trimmed, trimmed_beyond, groups, repeated, firm, _won(start, count[keep]))


def _groups(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each run of equal keys starts, and per entry the number of its run."""
    fresh = np.empty(len(key), bool)
    fresh[:1], fresh[1:] = True, key[1:] != key[:-1]
    return np.flatnonzero(fresh), np.cumsum(fresh) - 1


def _won(start: np.ndarray, count: np.ndarray) -> float:
    voters, most = np.add.reduceat(count, start), np.maximum.reduceat(count, start)
    large = voters >= ENOUGH_VOTERS
    return float(most[large].sum() / voters[large].sum()) if large.any() else 1.0


def _agreement(start: np.ndarray, value: np.ndarray, count: np.ndarray, size: int) -> tuple[float, float, int]:
    voters, held = np.add.reduceat(count, start), np.bincount(value, count, size)
    group, total = voters >= 2, held.sum()
    if not group.any():
        return 0.0, 0.0, 0
    same = np.add.reduceat(count * (count - 1.0), start)[group] / (voters[group] * (voters[group] - 1.0))
    weight = np.minimum(voters[group] - 1, ENOUGH_VOTERS)
    agreement = float((weight * same).sum() / weight.sum())
    chance = float((held * (held - 1.0)).sum() / (total * (total - 1)))
    return agreement, (agreement - chance) / max(1 - chance, 1e-9), int(group.sum())


def telling_records(keys: np.ndarray, most: int) -> np.ndarray:
    """Positions of up to about ``most`` records that share their key with others, spread over the keys.

    Parameters
    ----------
    keys : ndarray of int64, shape (n,)
        Codes; negative ones are left out.
    most : int
    """
    order = np.argsort(keys, kind="stable")
    order = order[keys[order] >= 0]
    if not len(order):
        return order
    start, run = _groups(keys[order])
    voters = np.diff(np.append(start, len(order)))
    several = np.flatnonzero(voters >= 2)
    each = max(ENOUGH_VOTERS + 1, most // max(len(several), 1))
    wanted = np.zeros(len(start), bool)
    wanted[several[:: max(1, int(np.minimum(voters[several], each).sum()) // most)]] = True
    return order[wanted[run] & (np.arange(len(order)) - start[run] < each)]


def sharper(coarse: np.ndarray, fine: np.ndarray, values: np.ndarray) -> tuple[float, float, int]:
    """How often records agree within coarse and within fine groups, over the same records.

    If the finer split means nothing both figures are the same but for chance.

    Parameters
    ----------
    coarse, fine, values : ndarray of int64, shape (n,)
        Codes; negative ones are left out.

    Returns
    -------
    tuple of float, float, int
        Agreement within coarse groups, within fine ones, and the number of records in fine groups of two or more.
    """
    held = np.flatnonzero((coarse >= 0) & (fine >= 0) & (values >= 0))
    size = int(values.max(initial=0)) + 1
    fine_voters = _tally(fine[held])
    held = held[fine_voters >= 2]
    if not len(held):
        return 0.0, 0.0, 0
    kept = values[held]
    shares = []
    for keys in (coarse, fine):
        everyone = np.flatnonzero((keys >= 0) & (values >= 0))
        voters, same = np.zeros(len(keys)), np.zeros(len(keys))
        voters[everyone], same[everyone] = _tally(keys[everyone]), _tally(keys[everyone] * size + values[everyone])
        shares.append((same[held] - 1) / np.maximum(voters[held] - 1, 1))
    weight = np.minimum(fine_voters[fine_voters >= 2] - 1, ENOUGH_VOTERS) / fine_voters[fine_voters >= 2]
    coarse_share, fine_share = ((weight * share).sum() / weight.sum() for share in shares)
    return float(coarse_share), float(fine_share), len(kept)


def _tally(codes: np.ndarray) -> np.ndarray:
    """(n,) int64: how often each record's code occurs."""
    _, at, count = np.unique(codes, return_inverse=True, return_counts=True)
    tally: np.ndarray = count[at]
    return tally
