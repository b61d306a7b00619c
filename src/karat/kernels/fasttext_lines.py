"""Texts as fastText reads them: words, letters of words and runs of words, each a row of one matrix; their mean row."""

from typing import Any

import numpy as np
from numba import njit

# fastText's own numbers (Bojanowski et al. 2017 and its program): FNV-1a of 32 bits, and the factor of runs of words
FNV_BASIS, FNV_PRIME, RUN_FACTOR = np.uint32(2166136261), np.uint32(16777619), np.uint64(116049371)
BLANKS = np.zeros(256, np.bool_)
BLANKS[[0, 9, 10, 11, 12, 13, 32]] = True
FIRST, LAST = np.uint8(60), np.uint8(62)  # < and > around a word


@njit(cache=True, nogil=True)
def hashed(data: np.ndarray, begin: int, end: int) -> np.uint32:
    """FNV-1a, each byte taken as a signed number."""
    value = FNV_BASIS
    for at in range(begin, end):
        value = np.uint32(value ^ np.uint32(np.int8(data[at])))
        value = np.uint32(value * FNV_PRIME)
    return value


@njit(cache=True, nogil=True)
def word_table(data: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """An open hash table of words: int32, a power of two of places, -1 where there is none."""
    size = 16
    while size < 2 * len(offsets):
        size *= 2
    table = np.full(size, -1, np.int32)
    for word in range(len(offsets) - 1):
        at = int(hashed(data, offsets[word], offsets[word + 1])) & (size - 1)
        while table[at] >= 0:
            at = (at + 1) & (size - 1)
        table[at] = word
    return table


@njit(cache=True, nogil=True)
def place_of(data: np.ndarray, begin: int, end: int, value: np.uint32, words: Any) -> int:
    """The number of a word, -1 where the model does not know it."""
    known, offsets, table = words
    at = int(value) & (len(table) - 1)
    while table[at] >= 0:
        first = offsets[table[at]]
        if offsets[table[at] + 1] - first == end - begin:
            same = True
            for step in range(end - begin):
                if known[first + step] != data[begin + step]:
                    same = False
                    break
            if same:
                return int(table[at])
        at = (at + 1) & (len(table) - 1)
    return -1


@njit(cache=True, nogil=True)
def add_row(matrix: np.ndarray, row: int, out: np.ndarray) -> None:
    """Add one row of the matrix."""
    for at in range(len(out)):
        out[at] += matrix[row, at]


@njit(cache=True, nogil=True)
def add_bucket(model: Any, matrix: np.ndarray, bucket: int, out: np.ndarray) -> int:
    """Add the row of a bucket; 0 where the model was made smaller and has none."""
    words, _, _, _, kept = model
    if len(kept):
        bucket = kept[bucket]
    if bucket < 0:
        return 0
    add_row(matrix, words + bucket, out)
    return 1


@njit(cache=True, nogil=True)
def add_letters(word: np.ndarray, size: int, model: Any, matrix: np.ndarray, out: np.ndarray) -> int:
    """Add the runs of letters of a word that stands between < and >; how many there were."""
    _, buckets, least, most, _ = model
    count = 0
    for begin in range(size):
        if (word[begin] & 0xC0) == 0x80:
            continue
        end, letters = begin, 0
        while end < size and letters < most:
            end += 1
            while end < size and (word[end] & 0xC0) == 0x80:
                end += 1
            letters += 1
            if letters >= least and not (letters == 1 and (begin == 0 or end == size)):
                bucket = np.int64(hashed(word, begin, end)) % buckets
                count += add_bucket(model, matrix, bucket, out)
    return count


@njit(cache=True, nogil=True)
def add_runs(values: np.ndarray, size: int, longest: int, model: Any, matrix: np.ndarray, out: np.ndarray) -> int:
    """Add the runs of two to ``longest`` words, from the hashes of the words; how many there were."""
    buckets, count = np.uint64(model[1]), 0
    for begin in range(size):
        run = np.uint64(np.int64(values[begin]))
        for at in range(begin + 1, min(size, begin + longest)):
            run = run * RUN_FACTOR + np.uint64(np.int64(values[at]))
            count += add_bucket(model, matrix, np.int64(run % buckets), out)  # type: ignore[arg-type]
    return count


@njit(cache=True, nogil=True)
def is_end(data: np.ndarray, begin: int, end: int) -> bool:
    """Is a word fastText's sign of the end, </s>?"""
    if end - begin != 4 or data[begin] != FIRST or data[begin + 1] != 47:
        return False
    return data[begin + 2] == 115 and data[begin + 3] == LAST


@njit(cache=True, nogil=True)
def is_label(data: np.ndarray, begin: int, end: int, prefix: np.ndarray) -> bool:
    """Does a word begin as labels do?"""
    if end - begin < len(prefix):
        return False
    same = True
    for step in range(len(prefix)):
        same &= data[begin + step] == prefix[step]
    return same


@njit(cache=True, nogil=True)
def add_word(
    data: np.ndarray, begin: int, end: int, words: Any, prefix: np.ndarray, model: Any, matrix: np.ndarray, out: Any
) -> tuple[int, np.uint32]:
    """Add the rows of a word and of its letters: how many there were, -1 for a label; and the hash of the word."""
    value = hashed(data, begin, end)
    place = place_of(data, begin, end, value, words)
    if place >= model[0] or (place < 0 and is_label(data, begin, end, prefix)):
        return -1, value
    count = 0
    if place >= 0:
        add_row(matrix, place, out)
        count = 1
    if model[3] > 0 and not is_end(data, begin, end):
        spelled = np.empty(end - begin + 2, np.uint8)
        spelled[0], spelled[end - begin + 1] = FIRST, LAST
        spelled[1 : end - begin + 1] = data[begin:end]
        count += add_letters(spelled, len(spelled), model, matrix, out)
    return count, value


@njit(cache=True, nogil=True)
def mean_rows(
    data: np.ndarray,
    offsets: np.ndarray,
    words: Any,
    prefix: np.ndarray,
    model: Any,
    longest: int,
    matrix: np.ndarray,
    out: np.ndarray,
) -> None:
    """The mean row of each text.

    Parameters
    ----------
    data, offsets : uint8 and int64 (n + 1,)
        Texts in UTF-8; a line break is a blank, and each text ends in fastText's sign of the end.
    words : (uint8, int64 (w + 1,), int32)
        Bytes and offsets of the known words and labels, the sign of the end among them, and their table.
    prefix : uint8
        How labels begin.
    model : (int, int, int, int, int64 array)
        Number of words that are no labels, buckets, least and most letters of a run, row of each bucket (empty: all).
    longest : int
        Words of the longest run.
    matrix : float32 (rows, d)
    out : float64 (n, d); written
    """
    sign = np.array([60, 47, 115, 62], np.uint8)
    for text in range(len(offsets) - 1):
        at, stop = offsets[text], offsets[text + 1]
        values = np.empty((stop - at) // 2 + 2, np.int32)
        seen = rows = 0
        ended = False
        while not ended:
            while at < stop and BLANKS[data[at]]:
                at += 1
            begin = at
            while at < stop and not BLANKS[data[at]]:
                at += 1
            if begin == at:
                count, value = add_word(sign, 0, 4, words, prefix, model, matrix, out[text])
            else:
                count, value = add_word(data, begin, at, words, prefix, model, matrix, out[text])
            ended = begin == at or is_end(data, begin, at)
            if count >= 0:
                rows += count
                values[seen] = np.int32(value)
                seen += 1
        rows += add_runs(values, seen, longest, model, matrix, out[text])
        if rows:
            out[text] /= rows
