"""Questions as directions: hashed words weighed by their rarity, drawn at random into few numbers, and their topics."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.hashes import row_hashes, text_hashes
from karat.quality.turns import loose

WIDTH = 96  # cost: numbers of a direction; fewer blur topics, more take longer
BUCKETS = 1 << 16  # cost: places for words; fewer let more words share one
ROUNDS = 12  # cost: of k-means; fewer may not settle, more take longer
ONE_TOPIC = 0.6  # unproven: cosine of two centres that are one topic; lower merges more
STRETCH = 2048  # cost: texts at a time
WORDS = r"\p{Han}|[\p{L}\p{N}][\p{L}\p{N}'’]*"
SPACED_HAN = r"(\p{Han})"


def words_of(texts: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """All words of some texts in a row, Han characters each alone: (w,) the text each stands in, and the words."""
    plain = pc.replace_substring_regex(loose(texts), SPACED_HAN, r" \1 ")
    listed = pc.split_pattern_regex(plain, r"[^\p{L}\p{N}]+")
    of = pc.list_parent_indices(listed).to_numpy()
    words = pc.list_flatten(listed)
    full = ~np.asarray(pc.match_substring_regex(words, r"^\p{N}*$"))  # numbers say nothing of a topic
    return of[full], words.filter(pa.array(full)).cast(pa.large_string())


def directions(texts: pa.Array) -> np.ndarray:
    """(n, 96) float32 of length 1: texts of like words point the same way; zeros for a text without a word.

    Parameters
    ----------
    texts : pyarrow.Array of large string, length n

    Source: Achlioptas (2003), Database-friendly random projections.
    """
    of, words = words_of(texts)
    hashes = text_hashes(words)
    bucket = (hashes % np.uint64(BUCKETS)).astype(np.int64)
    pair = np.unique(of * BUCKETS + bucket)  # a word counts once in a text
    of, bucket = pair // BUCKETS, pair % BUCKETS
    rarity = np.log(1 + len(texts) / np.maximum(1, np.bincount(bucket, minlength=BUCKETS)))
    out = np.zeros((len(texts), WIDTH), np.float32)
    signs = _signs()
    ends = np.searchsorted(of, np.arange(len(texts) + 1))  # `of` rises
    for text in range(0, len(texts), STRETCH):
        cut = ends[text : text + STRETCH + 1]
        part = slice(cut[0], cut[-1])
        sums = np.cumsum(signs[bucket[part]] * rarity[bucket[part], None], axis=0, dtype=np.float64)
        sums = np.concatenate([np.zeros((1, WIDTH)), sums])
        out[text : text + len(cut) - 1] = sums[cut[1:] - cut[0]] - sums[cut[:-1] - cut[0]]
    size = np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(out / np.maximum(size, 1e-9), np.float32)


def _signs() -> np.ndarray:
    """(buckets, width) of +1 and -1, the same everywhere."""
    bits = row_hashes(np.arange(BUCKETS * WIDTH // 64)).view(np.uint8)
    return (np.unpackbits(bits).reshape(BUCKETS, WIDTH) * 2.0 - 1.0).astype(np.float32)


def farthest(points: np.ndarray, size: int, first: int) -> np.ndarray:
    """Positions of ``size`` points that lie far from each other: each the farthest from those before it.

    Source: Gonzalez (1985), Clustering to minimize the maximum intercluster distance.
    """
    chosen = np.zeros(size, np.int64)
    nearest = np.full(len(points), -np.inf)
    at = first
    for step in range(size):
        chosen[step] = at
        nearest = np.maximum(nearest, points @ points[at])
        nearest[at] = np.inf
        at = int(np.argmin(nearest))
    return chosen


def grouped(points: np.ndarray, groups: int) -> np.ndarray:
    """(n,) the group of each point, by spherical k-means from far points; no chance in it."""
    centres = points[farthest(points, min(groups, len(points)), 0)]
    for _ in range(ROUNDS):
        home = np.argmax(points @ centres.T, axis=1)
        sums = np.stack([points[home == group].sum(axis=0) for group in range(len(centres))])
        size = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(size > 0, sums / np.maximum(size, 1e-9), centres)
    home = np.argmax(points @ centres.T, axis=1)
    same = np.argmax(centres @ centres.T >= ONE_TOPIC, axis=1)  # the first centre that points the same way
    return np.asarray(same[home], np.int64)


def terms(texts: pa.Array, inside: np.ndarray, count: int = 5) -> Sequence[str]:
    """The words that set some texts apart from the rest.

    Parameters
    ----------
    inside : ndarray of bool, shape (n,)
    """
    of, words = words_of(texts)
    coded = pc.dictionary_encode(words)
    code = coded.indices.to_numpy()
    pair = np.unique(of * max(1, len(coded.dictionary)) + code)
    of, code = pair // max(1, len(coded.dictionary)), pair % max(1, len(coded.dictionary))
    here = np.bincount(code[inside[of]], minlength=len(coded.dictionary)) / max(1, inside.sum())
    there = np.bincount(code[~inside[of]], minlength=len(coded.dictionary)) / max(1, (~inside).sum())
    best = np.lexsort((np.arange(len(here)), there - here))[:count]
    return [coded.dictionary[int(at)].as_py() for at in best if here[at] > there[at]]
