"""Near-duplicates among texts: MinHash proposes, the exact Jaccard of shingles decides.

Source: Broder (1997), On the resemblance and containment of documents; Lee et al. (2022), Deduplicating training data
makes language models better.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from karat.clean.duplicate_pairs import (
    Corpus,
    Fetch,
    Pairs,
    affordable,
    bands_for,
    by_position,
    first_of_each,
)
from karat.clean.memory_mapped_arrays import IN_MEMORY, Scratch
from karat.clean.signatures import Signatures, as_arrow, sign

LISTED = 20_000_000  # cost: pairs that are listed; beyond, the first of a group stands for it
SAME, NEAR = "exact", "near"


@dataclass(frozen=True, eq=False)
class Groups:
    """Texts with the same shingles in the same order, in the order of keeping.

    Parameters
    ----------
    place : ndarray of int64, shape (n,)
        Where each text of the order stands in the input; texts that are null are not among them.
    first : ndarray of int64, shape (n,)
        The first text of each one's group.
    heads : ndarray of int64, shape (g,)
        The texts that are first in their group, increasing.
    """

    place: np.ndarray
    first: np.ndarray
    heads: np.ndarray

    @classmethod
    def of(cls, signatures: Signatures, order: np.ndarray | None) -> "Groups":
        """Of all texts that are not null; ``order`` (n,): the smaller, the sooner kept (default: as they stand)."""
        place = np.arange(len(signatures)) if order is None else np.argsort(order, kind="stable")
        place = place[signatures.shingles[place] > 0]
        first = first_of_each(signatures.folded[place])
        return cls(place, first, np.flatnonzero(first == np.arange(len(first))))

    def corpus(
        self, signatures: Signatures, fetch: Fetch, threshold: float, workers: int, scratch: Scratch | None = None
    ) -> Corpus:
        """The first text of each group, ready to be compared; ``fetch`` takes positions of the input."""
        chosen = self.place[self.heads]
        whole = len(chosen) == len(signatures) and bool((np.diff(chosen) == 1).all())
        firsts = signatures if whole else signatures.take(chosen, scratch)
        return Corpus(firsts, lambda positions: fetch(chosen[positions]), threshold, workers, scratch or IN_MEMORY)


def near_duplicates(texts: Any, threshold: float = 0.8, workers: int = 2) -> pa.Table:
    """All pairs of texts whose shingles have at least the given Jaccard.

    A model that has seen a text many times memorises it, and a text that stands in training and test alike makes
    every figure too good. Candidates share a band of their MinHash signatures; every one of them is verified, so no
    pair is reported by chance, and pairs at the threshold are missed less than once in ten thousand at 0.8.

    Parameters
    ----------
    texts : list of str, or Arrow string array, shape (n,)
        A null has no duplicates; empty texts are duplicates of each other.
    threshold : float
        Least Jaccard of two shingle sets, in (0, 1].
    workers : int
        Threads; the answer does not depend on them.

    Returns
    -------
    pyarrow.Table
        ``left``, ``right`` int64 (positions, left < right), ``jaccard`` float64, sorted. Where groups of duplicates are
        so large that their pairs cannot be listed, each of their texts stands beside the first of its group, a warning
        says so, and the table's metadata has ``left_out``.

    Raises
    ------
    InputError
        These are not texts.
    OptionError
        The threshold is not in (0, 1].

    Examples
    --------
    >>> text = "the quick brown fox jumps over the lazy dog again and again"
    >>> near_duplicates([text, "something else", text + "!", None]).to_pylist()
    [{'left': 0, 'right': 2, 'jaccard': 1.0}]
    """
    column = as_arrow(texts)
    bands, rows = bands_for(threshold)
    signatures = sign(column, bands, rows, workers)
    groups = Groups.of(signatures, None)
    corpus = groups.corpus(signatures, by_position(column, np.arange(len(column))), threshold, workers)
    candidates = corpus.candidates()
    pairs = corpus.verified(candidates.left, candidates.right)
    crowd = np.unique(np.concatenate(candidates.crowded)) if candidates.crowded else np.empty(0, np.int64)
    beside, short = corpus.settled(crowd)
    listed = Pairs.of([(p.left, p.right, p.jaccard) for p in (pairs, beside)])
    return _listing(groups, listed, bool(candidates.crowded), short)


def _listing(groups: Groups, pairs: Pairs, crowded: bool, short: int) -> pa.Table:
    """Pairs of first texts as pairs of all texts of their groups."""
    members = np.argsort(groups.first, kind="stable")
    begins = np.searchsorted(groups.first[members], groups.heads)
    sizes = np.diff(np.append(begins, len(members)))
    large = np.flatnonzero(sizes > 1)
    group, other = np.concatenate((pairs.left, large)), np.concatenate((pairs.right, large))
    jaccard = np.concatenate((pairs.jaccard, np.ones(len(large))))
    m, n = sizes[group], sizes[other]
    fits = affordable(m * n, LISTED)
    inner = group == other
    # too many to list: the first of a group stands for it
    star, rest = ~fits, ~fits & ~inner
    boxes = [
        (begins[group][fits], m[fits], begins[other][fits], n[fits], jaccard[fits]),
        (begins[group][star], m[star] * 0 + 1, begins[other][star] + inner[star], n[star] - inner[star], jaccard[star]),
        (begins[group][rest] + 1, m[rest] - 1, begins[other][rest], n[rest] * 0 + 1, jaccard[rest]),
    ]
    left, right, measure = (np.concatenate(c) for c in zip(*(_cells(members, box) for box in boxes), strict=True))
    left, right = groups.place[left], groups.place[right]
    left, right = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((right, left))
    table = pa.table({"left": left[order], "right": right[order], "jaccard": measure[order]})
    if not (star.any() or crowded):
        return table
    warning = "some groups of duplicates are too large to list every pair: each text is paired with the first only"
    warnings.warn(warning, stacklevel=3)
    return table.replace_schema_metadata({"left_out": "true", "not_compared": str(short)})


def _cells(members: np.ndarray, box: tuple[np.ndarray, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every pair of two stretches of members; within one stretch each pair once."""
    begin_a, m, begin_b, n, jaccard = box
    total = m * n
    which = np.repeat(np.arange(len(total)), total)
    inside = np.arange(len(which)) - np.repeat(np.cumsum(total) - total, total)
    a = begin_a[which] + inside // np.maximum(n, 1)[which]
    b = begin_b[which] + inside % np.maximum(n, 1)[which]
    keep = (begin_a[which] != begin_b[which]) | (a < b)
    return members[a[keep]], members[b[keep]], jaccard[which[keep]]


def keepers(pairs: Pairs | pa.Table, order: np.ndarray | None = None) -> pa.Table:
    """Which texts go, each beside a text that is kept and is itself like it: nothing goes on a chain of likenesses.

    Parameters
    ----------
    pairs : Pairs, or a table left, right, jaccard
        Verified pairs of positions.
    order : ndarray, shape (n,)
        The smaller, the sooner kept; default: as they stand.

    Returns
    -------
    pyarrow.Table
        ``row``, ``keeper`` int64, ``jaccard`` float64, sorted by row.
    """
    from karat.kernels.keeper_selection import keep_first

    names = ("left", "right", "jaccard")
    arrays = {name: pairs[name].to_numpy() for name in names} if isinstance(pairs, pa.Table) else vars(pairs)
    left, right, jaccard = (arrays[name] for name in names)
    size = int(max(left.max(initial=-1), right.max(initial=-1))) + 1
    place = np.arange(size) if order is None else np.argsort(np.asarray(order)[:size], kind="stable")
    rank: np.ndarray = np.empty(size, np.int64)
    rank[place] = np.arange(size)
    earlier, later = np.minimum(rank[left], rank[right]), np.maximum(rank[left], rank[right])
    sort = np.lexsort((earlier, later))
    keeper, measure = np.empty(size, np.int64), np.empty(size)
    keep_first(later[sort], earlier[sort], jaccard[sort].astype(np.float64), keeper, measure)
    gone = np.flatnonzero(keeper >= 0)
    rows = place[gone]
    by_row = np.argsort(rows)
    columns = {"row": rows, "keeper": place[keeper[gone]], "jaccard": measure[gone]}
    return pa.table({name: values[by_row] for name, values in columns.items()})


def duplicates(
    signatures: Signatures,
    fetch: Fetch,
    threshold: float = 0.8,
    order: np.ndarray | None = None,
    workers: int = 2,
    kept: int = 0,
    scratch: Scratch | None = None,
) -> pa.Table:
    """Which texts go because a text that is kept is like them, however large the groups are.

    Parameters
    ----------
    signatures : Signatures
        Of all texts, from ``sign`` with ``bands_for(threshold)``.
    fetch : callable
        Gives the texts at the positions it is handed (ndarray of int64), in their order; called for candidates only.
    threshold : float
        Least Jaccard with the keeper, in (0, 1].
    order : ndarray, shape (n,)
        The smaller, the sooner kept; default: as they stand.
    workers : int
        Threads; the answer does not depend on them.
    kept : int
        The first so many of the order are kept whatever they are like (they were compared before).
    scratch : Scratch
        Where large arrays lie; default: in memory. The answer does not depend on it.

    Returns
    -------
    pyarrow.Table
        ``row``, ``keeper`` int64 (positions), ``jaccard`` float64, ``kind`` ("exact": the same bytes; "near"), sorted
        by row. Its metadata has ``not_compared`` where texts had more than 10,000 others to be compared with.
    """
    groups = Groups.of(signatures, order)
    corpus = groups.corpus(signatures, fetch, threshold, workers, scratch)
    gone, short = corpus.settled(np.arange(len(groups.heads)), int(np.searchsorted(groups.heads, kept)))
    metadata = {"not_compared": str(short)} if short else None
    return _with_groups(groups, gone, signatures).replace_schema_metadata(metadata)


def _with_groups(groups: Groups, gone: Pairs, signatures: Signatures) -> pa.Table:
    """What holds for the first text of a group holds for all of it: they have the same shingles."""
    target, measure = np.arange(len(groups.heads)), np.ones(len(groups.heads))
    target[gone.right] = gone.left
    measure[gone.right] = gone.jaccard
    head = np.searchsorted(groups.heads, groups.first)
    keeper = groups.heads[target[head]]
    out = np.flatnonzero(keeper != np.arange(len(keeper)))
    rows, kept, jaccard = groups.place[out], groups.place[keeper[out]], measure[head[out]]
    order = np.argsort(rows)
    rows, kept, jaccard = rows[order], kept[order], jaccard[order]
    same = (signatures.exact[rows] == signatures.exact[kept]).all(axis=1)
    return pa.table({"row": rows, "keeper": kept, "jaccard": jaccard, "kind": np.where(same, SAME, NEAR)})
