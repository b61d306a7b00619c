"""Which texts of a bucket may be alike, how alike they really are, and which of them are kept.

A bucket holds texts that share a band of their signatures. Numbers of texts are positions in the order of keeping.
"""

from typing import Any

import numpy as np

from karat.kernels.native import native

ONE, SIX = np.uint64(1), np.uint64(6)


@native
def matches(sketch: Any, one: int, other: int) -> int:
    """How many bytes of two sketches agree."""
    count = 0
    for k in range(sketch.shape[1]):
        count += sketch[one, k] == sketch[other, k]
    return count


@native
def sort_runs(members: Any, offsets: Any) -> None:
    """Puts the members of each bucket in increasing order."""
    for run in range(len(offsets) - 1):
        members[offsets[run] : offsets[run + 1]].sort()


@native
def pair_up(members: Any, offsets: Any, band: int, bands: Any, crowded: Any, sketch: Any, least: int, out: Any) -> int:
    """Pairs of one band's buckets whose sketches agree in ``least`` places, each only in the first band they share.

    Parameters
    ----------
    members, offsets : ndarray of int64
        Texts of all buckets, and where each bucket begins.
    bands : ndarray of int64, shape (n, b)
    crowded : ndarray of uint64, shape (n,)
        Bit b is set where the text's bucket in band b is too large to be paired up: such a band does not count.
    sketch : ndarray of uint8, shape (n, k)
    out : writable ndarray of int64, shape (room, 2)
    """
    put = 0
    for run in range(len(offsets) - 1):
        for i in range(offsets[run], offsets[run + 1]):
            one = members[i]
            for j in range(i + 1, offsets[run + 1]):
                other = members[j]
                if matches(sketch, one, other) < least:
                    continue
                known = False
                for earlier in range(band):
                    if bands[one, earlier] == bands[other, earlier]:
                        known = known or not (crowded[one] >> np.uint64(earlier)) & ONE
                if not known:
                    out[put, 0], out[put, 1] = one, other
                    put += 1
    return put


@native
def shared(values: Any, begins: Any, counts: Any, one: int, other: int) -> int:
    """How many numbers two increasing lists have in common."""
    i, j = begins[one], begins[other]
    last, end = i + counts[one], j + counts[other]
    both = 0
    while i < last and j < end:
        a, b = values[i], values[j]
        both += a == b
        i += a <= b
        j += b <= a
    return both


@native
def resemblance(values: Any, begins: Any, counts: Any, left: Any, right: Any, out: Any) -> None:
    """Exact Jaccard of pairs of shingle sets (indices into ``begins``), into ``out``."""
    for at in range(len(left)):
        both = shared(values, begins, counts, left[at], right[at])
        out[at] = both / (counts[left[at]] + counts[right[at]] - both)


@native
def follow(
    members: Any, sketch: Any, least: int, sets: Any, threshold: float, most: int, leader: Any, measure: Any
) -> int:
    """Sorts a crowded bucket into leaders and those that are like an earlier leader; how many could not be placed.

    Parameters
    ----------
    members : ndarray of int64, shape (k,)
        In the order of keeping.
    sets : tuple of ndarrays
        Shingles, where each member's begin, and how many there are.
    most : int
        Leaders there may be; a text that comes later and is like none of them is not placed.
    leader, measure : writable ndarrays, shape (k,)
        The place of the leader among the members (-1: none) and the Jaccard with it.
    """
    values, begins, counts = sets
    leaders = np.empty(min(most, len(members)), np.int64)
    count = lost = 0
    for at in range(len(members)):
        leader[at], measure[at] = -1, 0.0
        for k in range(count):
            if matches(sketch, members[leaders[k]], members[at]) < least:
                continue
            both = shared(values, begins, counts, leaders[k], at)
            alike = both / (counts[leaders[k]] + counts[at] - both)
            if alike >= threshold:
                leader[at], measure[at] = leaders[k], alike
                break
        if leader[at] < 0:
            if count < len(leaders):
                leaders[count] = at
                count += 1
            else:
                lost += 1
    return lost


@native
def components(size: int, left: Any, right: Any) -> Any:
    """The least member of each text's connected component."""
    root = np.arange(size)
    for at in range(len(left)):
        a, b = left[at], right[at]
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        while root[b] != b:
            root[b] = root[root[b]]
            b = root[b]
        root[max(a, b)] = min(a, b)
    for at in range(size):
        root[at] = root[root[at]]
    return root


@native
def cut_batches(left: Any, right: Any, weights: Any, room: int, out: Any) -> int:
    """Cuts pairs into batches whose texts weigh at most ``room`` together (or hold one pair); ``out``: batch of each."""
    seen = np.full(len(weights), -1, np.int64)
    batch = held = 0
    for at in range(len(left)):
        more = 0
        for one in (left[at], right[at]):
            more += weights[one] if seen[one] != batch else 0
        if held and held + more > room:
            batch += 1
            held = 0
            more = weights[left[at]] + weights[right[at]]
        seen[left[at]] = seen[right[at]] = batch
        held += more
        out[at] = batch
    return batch + 1


@native
def keep_first(size: int, later: Any, earlier: Any, jaccard: Any, keeper: Any, measure: Any) -> None:
    """Decides in order: a text goes only beside one that is kept, the most alike, the earliest of equals.

    Parameters
    ----------
    later, earlier : ndarray of int64, shape (pairs,)
        Sorted by ``later``, then ``earlier``.
    keeper, measure : writable ndarrays, shape (size,)
        The text kept in its place (-1: it is kept itself) and the Jaccard with it.
    """
    keeper[:] = -1
    measure[:] = 0.0
    for at in range(len(later)):
        if keeper[earlier[at]] < 0 and jaccard[at] > measure[later[at]]:
            keeper[later[at]] = earlier[at]
            measure[later[at]] = jaccard[at]
