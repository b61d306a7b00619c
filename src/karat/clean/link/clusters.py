"""What follows from pairs taken together: clusters within a table, partners between two."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from karat.core.degrees import A_FEW, SHAPE_SAMPLE

AWAY = -30.0  # cost: log odds so far out are as good as never
CLIPPED = 10.0  # unproven: no pair alone decides about two clusters (nats)
SEEN_PAIRS = 48  # cost: pairs looked at between two clusters before they are joined
AT_LEAST = 0.5  # definition: pairs of one cluster count as likelier one thing than not
BY_OTHERS = 0.95  # unproven: probability at most where only other pairs speak for one
APART = 0.49  # definition: just under one half: the highest probability of a pair that belongs to two clusters

Score = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass
class KnownPairs:
    """Pairs of records and what speaks for them; grows as more pairs are looked at.

    Parameters
    ----------
    left, right : ndarray of int64, shape (p,)
        Positions, left before right, each pair once.
    log_odds : ndarray of float64, shape (p,)
    score : callable
        Log odds of further pairs.
    """

    left: np.ndarray
    right: np.ndarray
    log_odds: np.ndarray
    score: Score

    def add(self, left: np.ndarray, right: np.ndarray) -> None:
        """Look at further pairs; those that are known already are passed over."""
        size = int(max(self.right.max(initial=0), right.max(initial=0))) + 1
        low, high = np.minimum(left, right), np.maximum(left, right)
        keys = np.unique(low * size + high)
        keys = keys[~np.isin(keys, self.left * size + self.right)]
        if len(keys):
            low, high = keys // size, keys % size
            self.left, self.right = np.concatenate([self.left, low]), np.concatenate([self.right, high])
            self.log_odds = np.concatenate([self.log_odds, self.score(low, high)])


def clustered(known: KnownPairs, size: int) -> np.ndarray:
    """(n,) the cluster of every record, after clusters were joined as long as their pairs speak for it on the whole.

    A chain (a like b, b like c) is a question, not an answer: of two clusters up to 48 pairs are looked at, and they
    are joined where the mean is in favour, those with the strongest mean first.

    Parameters
    ----------
    size : int
        Number of records.

    Source: Bansal, Blum & Chawla (2004), Correlation clustering; average linkage.
    """
    home = np.arange(size)
    rng = np.random.default_rng(0)
    while True:
        cluster, other, mean = _between(known, home, rng)
        joined = mean >= 0
        cluster, other, mean = cluster[joined], other[joined], mean[joined]
        if not len(cluster):
            return _without_kinds(home)
        order = np.argsort(mean, kind="stable")  # the strongest is written last
        best = np.full(size, -1)
        strongest = np.full(size, -np.inf)
        np.maximum.at(strongest, cluster, mean)
        np.maximum.at(strongest, other, mean)
        ends, opposite = (np.stack(sides, axis=1)[order].ravel() for sides in ((cluster, other), (other, cluster)))
        top = np.repeat(mean[order], 2) == strongest[ends]
        best[ends[top]] = opposite[top]
        mutual = np.flatnonzero((best >= 0) & (best[best] == np.arange(size)))
        root = np.arange(size)
        root[mutual] = np.minimum(mutual, best[mutual])
        home = root[home]


def _without_kinds(home: np.ndarray) -> np.ndarray:
    """Clusters so large that they are a kind of thing, taken apart."""
    sizes = np.bincount(home, minlength=len(home))
    large = sizes > max(SHAPE_SAMPLE, A_FEW * len(home))
    out: np.ndarray = np.where(large[home], np.arange(len(home)), home)
    return out


def _between(
    known: KnownPairs, home: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of clusters with a pair in favour, and the mean log odds of the pairs between them."""
    cluster, other, mean, seen = _means(known, home)
    sizes = np.bincount(home, minlength=len(home))
    wanted = np.minimum(sizes[cluster] * sizes[other], SEEN_PAIRS)
    short = (seen < wanted) & (mean >= 0)
    if not short.any():
        return cluster, other, mean
    members = np.argsort(home, kind="stable")
    begins = np.searchsorted(home[members], np.arange(len(home)))
    count = np.where(sizes[cluster] * sizes[other] <= SEEN_PAIRS, wanted, wanted - seen)[short]
    here, there = np.repeat(cluster[short], count), np.repeat(other[short], count)
    few = np.repeat((sizes[cluster] * sizes[other] <= SEEN_PAIRS)[short], count)
    turn = np.arange(len(here)) - np.repeat(np.cumsum(count) - count, count)
    left = np.where(few, turn // sizes[there], rng.integers(0, 1 << 40, len(here)) % sizes[here])
    right = np.where(few, turn % sizes[there], rng.integers(0, 1 << 40, len(here)) % sizes[there])
    known.add(members[begins[here] + left], members[begins[there] + right])
    cluster, other, mean, _ = _means(known, home)
    return cluster, other, mean


def _means(known: KnownPairs, home: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of clusters with a pair in favour: mean log odds of the pairs between them, and how many are known."""
    a, b = home[known.left], home[known.right]
    apart = np.flatnonzero(a != b)
    low, high = np.minimum(a, b)[apart], np.maximum(a, b)[apart]
    keys, back, seen = np.unique(low * len(home) + high, return_inverse=True, return_counts=True)
    odds = known.log_odds[apart]
    mean = np.bincount(back, np.clip(odds, -CLIPPED, CLIPPED), minlength=len(keys)) / np.maximum(seen, 1)
    favoured = np.bincount(back, odds >= 0, minlength=len(keys)) > 0
    return keys[favoured] // len(home), keys[favoured] % len(home), mean[favoured], seen[favoured]


def settled(known: KnownPairs, home: np.ndarray) -> np.ndarray:
    """(p,) the probability of every known pair once all pairs inside clusters are known.

    Below 0.5 between clusters. Inside one, a pair that alone does not look alike is as sure as the pairs of its two
    records are on average.
    """
    inner = [members[np.stack(np.triu_indices(len(members), 1))] for members in _groups(home)]
    if inner:
        known.add(*np.concatenate(inner, axis=1))
    probability = 1 / (1 + np.exp(-np.clip(known.log_odds, AWAY, -AWAY)))
    inside = home[known.left] == home[known.right]
    ends = np.concatenate([known.left[inside], known.right[inside]])
    total = np.bincount(ends, np.tile(probability[inside], 2), minlength=len(home))
    mean = total / np.maximum(1, np.bincount(ends, minlength=len(home)))
    by_others = np.clip(mean[known.left] * mean[known.right], AT_LEAST, BY_OTHERS)
    out: np.ndarray = np.where(inside, np.maximum(probability, by_others), np.minimum(probability, APART))
    return out


def _groups(home: np.ndarray) -> list[np.ndarray]:
    """The members of every cluster of two or more."""
    members = np.argsort(home, kind="stable")
    starts = np.flatnonzero(np.diff(home[members], prepend=-1))
    return [group for group in np.split(members, starts[1:]) if len(group) > 1]


def _components(left: np.ndarray, right: np.ndarray) -> list[list[int]]:
    parent: dict[int, int] = {}

    def root(at: int) -> int:
        while parent.setdefault(at, at) != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        top, other = root(a), root(b)
        parent[max(top, other)] = min(top, other)
    groups: dict[int, list[int]] = {}
    for at in sorted(parent):
        groups.setdefault(root(at), []).append(at)
    return list(groups.values())


def partners(left: np.ndarray, right: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """(p,) bool: the pairs of the best one-to-one choice.

    Parameters
    ----------
    left, right : ndarray of int64, shape (p,)
        Positions in either table.
    log_odds : ndarray of float64, shape (p,)

    Source: Kuhn (1955), The Hungarian method for the assignment problem.
    """
    from scipy.optimize import linear_sum_assignment

    chosen = np.zeros(len(left), bool)
    far = np.clip(log_odds, AWAY, -AWAY)
    shifted = right + int(left.max(initial=-1)) + 1  # one numbering for both sides
    for group in _components(left, shifted):
        inside = np.flatnonzero(np.isin(left, group)) if len(group) < len(left) // 4 else np.arange(len(left))
        inside = inside[np.isin(left[inside], group)]
        rows, at = np.unique(left[inside], return_inverse=True)
        columns, to = np.unique(right[inside], return_inverse=True)
        cost = np.full((len(rows), len(columns)), -2 * AWAY)
        cost[at, to] = -far[inside]
        picked = np.stack(linear_sum_assignment(cost), axis=1)
        taken = np.zeros(cost.shape, bool)
        taken[picked[:, 0], picked[:, 1]] = True
        chosen[inside] = taken[at, to]
    return chosen
