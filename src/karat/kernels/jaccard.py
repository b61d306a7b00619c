"""Which texts of a bucket may be alike, and how alike they really are.

A bucket holds texts that share a band of their signatures. Numbers of texts are positions in the order of keeping.
"""

from typing import Any

import numpy as np

from karat.kernels.compile import native

ONE, SIX = np.uint64(1), np.uint64(6)


@native
def matches(sketch: Any, text: int, other: int) -> int:
    """How many bytes of two sketches agree."""
    count = 0
    for k in range(sketch.shape[1]):
        count += sketch[text, k] == sketch[other, k]
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
            text = members[i]
            for j in range(i + 1, offsets[run + 1]):
                other = members[j]
                if matches(sketch, text, other) < least:
                    continue
                known = False
                for earlier in range(band):
                    if bands[text, earlier] == bands[other, earlier]:
                        known = known or not (crowded[text] >> np.uint64(earlier)) & ONE
                if not known:
                    out[put, 0], out[put, 1] = text, other
                    put += 1
    return put


@native
def shared(values: Any, begins: Any, counts: Any, text: int, other: int) -> int:
    """How many numbers two increasing lists have in common."""
    i, j = begins[text], begins[other]
    last, end = i + counts[text], j + counts[other]
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
    """Cuts pairs into batches whose texts weigh at most ``room`` together; ``out``: the batch of each pair."""
    seen = np.full(len(weights), -1, np.int64)
    batch = weight = 0
    for at in range(len(left)):
        more = 0
        for text in (left[at], right[at]):
            more += weights[text] if seen[text] != batch else 0
        if weight and weight + more > room:
            batch += 1
            weight = 0
            more = weights[left[at]] + weights[right[at]]
        seen[left[at]] = seen[right[at]] = batch
        weight += more
        out[at] = batch
    return batch + 1
