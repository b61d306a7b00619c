"""Pairs of texts that may be alike, verified by their exact Jaccard; the engine of every near-duplicate command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from karat.clean.memory_mapped_arrays import IN_MEMORY, Scratch
from karat.clean.signatures import Signatures, as_arrow, in_threads, pieces, stretches
from karat.core.errors import OptionError

Fetch = Callable[[np.ndarray], Any]
PERMUTATIONS = 128  # cost: numbers of a signature, as many as datasketch has by default
MISSED = 0.0005  # cost: share of the pairs at the threshold that no band may propose; fewer take more bands
# definition: a sketch that is farther below the limit is not looked at: one true pair in three million
DEVIATIONS = 5.0
ROOM_PAIRS = 1 << 20  # cost: pairs that are in memory at first
HELD_SHINGLES = 1 << 25  # cost: shingles in memory at a time
MOST_COMPARED = 10_000  # cost: texts like one text; what has more is named as not fully compared
PIECE_PAIRS = 1 << 14  # cost: pairs that a thread takes at a time
FETCHED_SHINGLES = 1 << 22  # cost: texts of so many shingles are in memory at a time


def bands_for(threshold: float) -> tuple[int, int]:
    """Bands and rows that miss at most one pair in two thousand at the threshold, with 128 permutations at most.

    Raises OptionError when the threshold is not above 0 and at most 1.
    """
    if not 0 < threshold <= 1:
        raise OptionError(
            f"threshold is {threshold!r}, and must be a Jaccard similarity above 0 and at most 1", "Use 0.8"
        )
    shapes = [(PERMUTATIONS // rows, rows) for rows in range(1, 11)]
    good = [(bands, rows) for bands, rows in shapes if (1 - threshold**rows) ** min(bands, 64) <= MISSED]
    bands, rows = good[-1] if good else (64, 1)
    return min(bands, 64), rows


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of positions, left before right, with their exact Jaccard; sorted by left, then right."""

    left: np.ndarray
    right: np.ndarray
    jaccard: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> "Pairs":
        """All parts together, each pair once."""
        none = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        left, right, jaccard = (np.concatenate([*column]) for column in zip(none, *parts, strict=True))
        order = np.lexsort((right, left))
        left, right, jaccard = left[order], right[order], jaccard[order]
        new = np.ones(len(left), bool)
        new[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
        return cls(left[new], right[new], jaccard[new])


@dataclass(frozen=True, eq=False)
class Candidates:
    """What bands propose: pairs, and buckets that are too crowded to be paired up."""

    left: np.ndarray
    right: np.ndarray
    crowded: list[np.ndarray]


def buckets(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions that share a key with another, bucket by bucket, and where each bucket begins (one more at the end)."""
    from karat.kernels.jaccard import sort_runs

    order = np.argsort(keys)
    ordered = keys[order]
    edges = np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(keys)]))
    sizes = np.diff(edges)
    many = sizes > 1
    members = order[np.repeat(many, sizes)].astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(sizes[many]))).astype(np.int64)
    sort_runs(members, offsets)
    return members, offsets


def first_of_each(folded: np.ndarray) -> np.ndarray:
    """For each text the first one with the same 128-bit hash; int64, shape (n,)."""
    first = np.arange(len(folded))
    if not len(folded):
        return first
    members, _ = buckets(np.ascontiguousarray(folded[:, 0]))
    order = members[np.lexsort((members, folded[members, 1], folded[members, 0]))]
    if len(order):
        new = np.concatenate(([True], (folded[order][1:] != folded[order][:-1]).any(axis=1)))
        first[order] = np.repeat(order[new], np.diff([*np.flatnonzero(new), len(order)]))
    return first


@dataclass(frozen=True, eq=False)
class Corpus:
    """Different texts in the order of keeping, ready to be compared.

    Parameters
    ----------
    signatures : Signatures
        Of n texts, no two with the same ``folded`` hash.
    fetch : callable
        Gives the texts at increasing positions.
    threshold : float
        The least Jaccard, in (0, 1].
    rows : int
        Permutations in a band.
    workers : int
        Threads.
    scratch : Scratch
        Where the buckets of the texts lie.
    """

    signatures: Signatures
    fetch: Fetch = field(repr=False)
    threshold: float = 0.8
    workers: int = 2
    scratch: Scratch = IN_MEMORY

    @property
    def least(self) -> int:
        """Places in which the sketches of a pair must agree to be compared."""
        places = self.signatures.sketch.shape[1]
        agree = self.threshold + (1 - self.threshold) / 256
        return max(0, int(places * agree - DEVIATIONS * np.sqrt(places * agree * (1 - agree))))

    def candidates(self) -> Candidates:
        """Pairs that share a band; a bucket whose pairs would not fit in memory is handed back as it is."""
        from karat.kernels.jaccard import pair_up

        bands, sketch = self.signatures.bands, self.signatures.sketch
        room = max(ROOM_PAIRS, 4 * len(bands))
        width = bands.shape[1]
        by_band = in_threads(lambda b: _split(np.ascontiguousarray(bands[:, b]), room), range(width), self.workers)
        crowded: np.ndarray = np.zeros(len(bands), np.uint64)
        for band, (_, _, large) in enumerate(by_band):
            for members in large:
                crowded[members] |= np.uint64(1 << band)

        def pair(band: int) -> np.ndarray:
            members, offsets, _ = by_band[band]
            sizes = np.diff(offsets)
            out = np.empty((int((sizes * (sizes - 1) // 2).sum()), 2), np.int64)
            return out[: pair_up(members, offsets, band, bands, crowded, sketch, self.least, out)].copy()

        pairs = np.concatenate([np.empty((0, 2), np.int64), *in_threads(pair, range(width), self.workers)])
        return Candidates(
            pairs[:, 0].copy(), pairs[:, 1].copy(), [large for _, _, larges in by_band for large in larges]
        )

    def verified(self, left: np.ndarray, right: np.ndarray) -> Pairs:
        """The pairs whose exact Jaccard reaches the threshold; texts are fetched a batch at a time."""
        from karat.kernels.jaccard import components, cut_batches

        weights = self.signatures.shingles.astype(np.int64)
        order = np.lexsort((right, left, components(len(weights), left, right)[left])) if len(left) else left
        left, right = left[order], right[order]
        batch: np.ndarray = np.empty(len(left), np.int64)
        count = cut_batches(left, right, weights, HELD_SHINGLES, batch) if len(left) else 0
        edges = np.searchsorted(batch, np.arange(count + 1))
        parts = []
        for a, b in pairwise(edges.tolist()):
            exact = self._exact(left[a:b], right[a:b])
            good = exact >= self.threshold
            parts.append((left[a:b][good], right[a:b][good], exact[good]))
        return Pairs.of(parts)

    def _exact(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        from karat.kernels.jaccard import resemblance

        places, index = np.unique(np.concatenate((left, right)), return_inverse=True)
        sets = self._sets(places)
        first, other = index[: len(left)], index[len(left) :]
        out: np.ndarray = np.empty(len(left))

        def work(piece: slice) -> None:
            resemblance(*sets, first[piece], other[piece], out[piece])

        in_threads(work, pieces(np.ones(len(left), np.int64), PIECE_PAIRS), self.workers)
        return out

    def _sets(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Distinct shingles of the texts at the positions, where each text's begin, and how many there are."""
        sizes = self.signatures.shingles[places].astype(np.int64)
        begins = np.cumsum(sizes) - sizes
        values: np.ndarray = np.empty(int(sizes.sum()), np.uint64)
        counts: np.ndarray = np.zeros(len(sizes), np.int64)
        for piece in pieces(sizes, FETCHED_SHINGLES):
            fill_sets(self.fetch(places[piece]), begins[piece], values, counts[piece], self.workers)
        return values, begins, counts

    def settled(self, places: np.ndarray, kept: int = 0) -> tuple[Pairs, int]:
        """Each text that goes beside the text it is most like among those kept.

        Parameters
        ----------
        places : ndarray of int64
            Texts to be decided, increasing: the order of keeping.
        kept : int
            Texts before this position are kept already.

        Returns
        -------
        tuple of Pairs and int
            Text kept, text that goes, Jaccard; and texts that had more than ``MOST_COMPARED`` others like them.
        """
        from karat.kernels.keeper_selection import decide, keep_all

        ids, lists, shared = self._lists(np.concatenate((np.arange(kept), places[places >= kept])))
        sharing = np.flatnonzero(shared[:kept])
        keep_all(sharing, ids, *lists)
        rest = places[(places >= kept) & shared[places]]
        weight = np.cumsum(self.signatures.shingles[rest].astype(np.int64))
        parts, short, begun = [], 0, len(sharing) > 0
        for chunk in np.split(rest, np.flatnonzero(np.diff(weight // HELD_SHINGLES)) + 1) if len(rest) else []:
            open_ones = chunk
            if begun:
                beside, more = self._beside_kept(chunk, ids, lists)
                parts.append((beside.left, beside.right, beside.jaccard))
                open_ones, short = np.setdiff1d(chunk, beside.right), short + more
            keeper, measure = np.empty(len(open_ones), np.int64), np.empty(len(open_ones))
            settings = (self.signatures.sketch, self.least, MOST_COMPARED, self._sets(open_ones), self.threshold)
            since = int(chunk[0])
            short += decide(open_ones, since, ids, lists, *settings, (keeper, measure))
            gone = keeper >= 0
            parts.append((keeper[gone], open_ones[gone], measure[gone]))
            begun = True
        return Pairs.of(parts), short

    def _lists(self, places: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], np.ndarray]:
        """The bucket of each text in each band (-1: alone), empty lists for the buckets, and who is not alone."""
        bands, scratch = self.signatures.bands, self.scratch
        size, width = bands.shape
        ids = scratch.full((size, width), -1, np.int32)
        shared: np.ndarray = np.zeros(size, bool)
        base, step = 0, max(1, self.workers)
        for first in range(0, width, step):  # so that few bands are in memory at a time
            some = range(first, min(first + step, width))
            by_band = in_threads(lambda b: buckets(bands[places, b]), some, self.workers)
            for band, (members, offsets) in zip(some, by_band, strict=True):
                ids[places[members], band] = base + np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
                shared[places[members]] = True
                base += len(offsets) - 1
        return ids, (scratch.full((base,), -1, np.int32), scratch.full((size, width), -1, np.int32)), shared

    def _beside_kept(
        self, chunk: np.ndarray, ids: np.ndarray, lists: tuple[np.ndarray, np.ndarray]
    ) -> tuple[Pairs, int]:
        """The texts of a chunk that are like one kept before it, each beside the most alike, the earliest of equals."""
        from karat.kernels.keeper_selection import propose

        arguments = (chunk, ids, *lists, self.signatures.sketch, self.least, MOST_COMPARED)
        count, _ = propose(*arguments, np.empty((0, 2), np.int64))
        out: np.ndarray = np.empty((count, 2), np.int64)
        _, short = propose(*arguments, out)
        pairs = self.verified(out[:, 0].copy(), out[:, 1].copy())
        order = np.lexsort((pairs.left, -pairs.jaccard, pairs.right))
        best = order[np.unique(pairs.right[order], return_index=True)[1]]
        return Pairs(pairs.left[best], pairs.right[best], pairs.jaccard[best]), short


def _split(keys: np.ndarray, room: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Buckets that can be paired up within ``room`` pairs, smallest first, and the members of each that cannot."""
    members, offsets = buckets(keys)
    sizes = np.diff(offsets)
    fits = affordable(sizes * (sizes - 1) // 2, room)
    large = [members[offsets[k] : offsets[k + 1]] for k in np.flatnonzero(~fits)]
    small = np.concatenate(([0], np.cumsum(sizes[fits]))).astype(np.int64)
    return members[np.repeat(fits, sizes)], small, large


def affordable(costs: np.ndarray, room: int) -> np.ndarray:
    """Which can be paid within ``room`` if the cheap ones go first; equal costs share one fate."""
    levels, counts = np.unique(costs, return_counts=True)
    paid = np.cumsum(levels * counts) <= room
    limit = levels[paid].max() if paid.any() else -1
    fits: np.ndarray = costs <= limit
    return fits


def shingle_sets(texts: Any, sizes: np.ndarray, workers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct shingles of texts.

    Parameters
    ----------
    texts : list of str, or Arrow string array, shape (n,)
    sizes : ndarray of int, shape (n,)
        Shingles of each text with their repeats, as in ``Signatures.shingles``.

    Returns
    -------
    tuple of ndarray
        Hashes (uint64), where each text's begin, and how many there are; increasing within a text.
    """
    room = sizes.astype(np.int64)
    begins = np.cumsum(room) - room
    values: np.ndarray = np.empty(int(room.sum()), np.uint64)
    counts: np.ndarray = np.zeros(len(room), np.int64)
    fill_sets(texts, begins, values, counts, workers)
    return values, begins, counts


def fill_sets(texts: Any, begins: np.ndarray, values: np.ndarray, counts: np.ndarray, workers: int) -> None:
    """Write the distinct shingles of texts into ``values``, each text's from ``begins`` on, and ``counts`` of them."""
    from karat.kernels.shingles import fill_shingles, letters

    begin = 0
    for part in stretches(as_arrow(texts)):

        def work(piece: slice, part: Any = part, begin: int = begin) -> None:
            at = slice(begin + piece.start, begin + piece.stop)
            counts[at] = fill_shingles(part.bytes, part.starts[piece], part.ends[piece], *letters(), begins[at], values)

        in_threads(work, pieces(part.ends - part.starts), workers)
        begin += len(part.starts)


def by_position(texts: pa.ChunkedArray, places: np.ndarray) -> Fetch:
    """A fetch from texts in memory; ``places`` holds where each position stands."""
    begins = np.cumsum([0, *(len(chunk) for chunk in texts.chunks)])

    def fetch(positions: np.ndarray) -> Any:
        at = places[positions]
        chunk_of = np.searchsorted(begins, at, side="right") - 1
        if (np.diff(chunk_of) < 0).any():
            return texts.take(pa.array(at))
        # a take over chunks would first copy all of them into one
        parts = [texts.chunk(k).take(pa.array(at[chunk_of == k] - begins[k])) for k in np.unique(chunk_of).tolist()]
        return pa.chunked_array(parts, texts.type)

    return fetch
