"""Counts words that a corpus should not teach, English and Chinese."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import OptionError
from karat.quality.flagged_lists import CHINESE, ENGLISH


def flagged(texts: Any, words: Iterable[str] = ()) -> pa.Array:
    """How many flagged words each text holds, float64 as a share of its words; of Chinese, of its characters.

    What a model reads often it says. A share, not a count: a long honest text may name such a thing once.

    Parameters
    ----------
    texts : pyarrow.Array or ChunkedArray of string, or list of str
        Null gives 0.
    words : iterable of str
        A list of your own instead: words of letters are met as whole words in any case, Chinese anywhere.

    Raises
    ------
    OptionError
        The list is given and holds no word.

    Source: Laurençon et al. (2022), ROOTS, filter on flagged words; the lists are our own.
    """
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    column = pc.fill_null(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column, "")
    latin, chinese = _lists(tuple(words))
    hits = np.zeros(len(column))
    if latin:
        hits += _count(column, rf"(?i)\b(?:{latin})\b")
    if chinese:
        matched = pc.match_substring_regex(column, chinese)
        here = np.asarray(matched)
        if here.any():
            hits[here] += 2 * _count(column.filter(matched), chinese)  # a Chinese word is about two characters
    some = np.flatnonzero(hits)
    share = np.zeros(len(column))
    if len(some):
        suspects = column.take(pa.array(some))
        size = _count(suspects, r"\p{Han}|[^\s\p{Han}\p{P}]+")
        share[some] = np.minimum(1.0, hits[some] / np.maximum(1, size))
    return pa.array(share)


def _lists(words: tuple[str, ...]) -> tuple[str, str]:
    if not words:
        return ENGLISH, CHINESE
    clean = [word.strip() for word in words if word.strip()]
    if not clean:
        raise OptionError("the list of flagged words is empty", "Name at least one word, or leave the list out")
    han = re.compile("[\u3400-\u9fff]")
    latin = "|".join(re.escape(word) for word in clean if not han.search(word))
    return latin, "|".join(re.escape(word) for word in clean if han.search(word))


def _count(column: pa.Array, pattern: str) -> np.ndarray:
    counts: np.ndarray = pc.count_substring_regex(column, pattern).to_numpy(zero_copy_only=False)
    return counts.astype(np.float64)
