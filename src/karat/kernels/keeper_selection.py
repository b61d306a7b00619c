"""Decides in order which texts are kept: a text goes only beside one that is kept and is itself like it.

Only texts that are kept stand in the buckets, so ten thousand copies of a template are compared with one text each.
Buckets are lists: ``heads`` (buckets,) has the last text kept in each, ``nexts`` (n, b) the one before; -1 is an end.
"""

from typing import Any

import numpy as np

from karat.kernels.compile import native
from karat.kernels.jaccard import matches, shared


@native
def keep(text: int, ids: Any, heads: Any, nexts: Any) -> None:
    """Puts a text that is kept into its buckets."""
    for band in range(ids.shape[1]):
        bucket = ids[text, band]
        if bucket >= 0:
            nexts[text, band] = heads[bucket]
            heads[bucket] = text


@native
def keep_all(texts: Any, ids: Any, heads: Any, nexts: Any) -> None:
    """Puts all of them into their buckets."""
    for at in range(len(texts)):
        keep(texts[at], ids, heads, nexts)


@native
def propose(texts: Any, ids: Any, heads: Any, nexts: Any, sketch: Any, least: int, most: int, out: Any) -> Any:
    """Texts beside every text kept so far that shares a bucket and whose sketch agrees in ``least`` places.

    Parameters
    ----------
    texts : ndarray of int64
    ids : ndarray of int32, shape (n, b)
        The bucket of each text in each band; -1: it stands there alone.
    most : int
        At most so many for one text.
    out : writable ndarray of int64, shape (room, 2)
        Text kept, text; when there are more than ``room``, the rest is only counted.

    Returns
    -------
    tuple of int
        Pairs, and texts that had more than ``most``.
    """
    seen = np.full(len(ids), -1, np.int32)
    count = short = 0
    for at in range(len(texts)):
        text = texts[at]
        begin = count
        for band in range(ids.shape[1]):
            other = heads[ids[text, band]] if ids[text, band] >= 0 else -1
            while other >= 0 and count - begin <= most:
                if seen[other] != at and matches(sketch, text, other) >= least:
                    if count < len(out):
                        out[count, 0], out[count, 1] = other, text
                    count += 1
                seen[other] = at
                other = nexts[other, band]
        short += count - begin > most
    return count, short


@native
def decide(
    texts: Any,
    since: int,
    ids: Any,
    lists: Any,
    sketch: Any,
    least: int,
    most: int,
    sets: Any,
    threshold: float,
    out: Any,
) -> int:
    """Keeps each text or puts it beside the most alike of those kept; the earliest of equals.

    Parameters
    ----------
    texts : ndarray of int64
        In the order of keeping.
    since : int
        Texts before it have been compared already.
    lists : tuple
        ``heads`` and ``nexts``.
    sets : tuple of ndarrays
        Shingles, where those of each of ``texts`` begin, and how many there are.
    out : tuple of writable ndarrays
        The text kept in its place (-1: it is kept itself) and the Jaccard with it, of each of ``texts``.

    Returns
    -------
    int
        Texts that had more than ``most`` others to be compared with.
    """
    heads, nexts = lists
    values, begins, counts = sets
    keeper, measure = out
    place = np.full(len(ids), -1, np.int64)
    seen = np.full(len(ids), -1, np.int32)
    short = 0
    for at in range(len(texts)):
        text = texts[at]
        keeper[at], measure[at] = -1, 0.0
        compared = 0
        for band in range(ids.shape[1]):
            other = heads[ids[text, band]] if ids[text, band] >= 0 else -1
            while other >= since and compared <= most:
                if seen[other] != at and matches(sketch, text, other) >= least:
                    compared += 1
                    there = place[other]
                    both = shared(values, begins, counts, there, at)
                    alike = both / (counts[there] + counts[at] - both)
                    better = alike > measure[at] or (alike == measure[at] and other < keeper[at])
                    if alike >= threshold and better:
                        keeper[at], measure[at] = other, alike
                seen[other] = at
                other = nexts[other, band]
        short += compared > most
        if keeper[at] < 0:
            place[text] = at
            keep(text, ids, heads, nexts)
    return short


@native
def keep_first(later: Any, earlier: Any, jaccard: Any, keeper: Any, measure: Any) -> None:
    """From pairs: a text goes only beside one that is kept, the most alike, the earliest of equals.

    Parameters
    ----------
    later, earlier : ndarray of int64, shape (pairs,)
        Sorted by ``later``, then ``earlier``.
    keeper, measure : writable ndarrays, shape (n,)
        The text kept in its place (-1: it is kept itself) and the Jaccard with it.
    """
    keeper[:] = -1
    measure[:] = 0.0
    for at in range(len(later)):
        if keeper[earlier[at]] < 0 and jaccard[at] > measure[later[at]]:
            keeper[later[at]] = earlier[at]
            measure[later[at]] = jaccard[at]
