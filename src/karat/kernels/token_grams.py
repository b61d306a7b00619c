"""Hashes of runs of tokens, in one pass over UTF-8: words, and single characters where a script writes without spaces.

A token is a run of letters and digits, folded to lower case (Latin, Greek, Cyrillic) and to half width; a Han, Kana or
Hangul character is a token of its own. Everything else separates. Import this module only where it is needed: it
imports Numba.
"""

import numpy as np
from numba import njit

SEED = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)
STEP = np.uint64(0x9E3779B97F4A7C15)  # odd: multiplying by it loses nothing
MIX = np.uint64(0xBF58476D1CE4E5B9)
SHIFT = np.uint64(31)
BREAK, LETTER, ALONE = 0, 1, 2  # what a character is: a separator, part of a word, a token of its own
MAX_GRAM = 64  # cost: room for the tokens of the longest run
ASCII = np.array(
    [c + 32 if 65 <= c <= 90 else c if 97 <= c <= 122 or 48 <= c <= 57 else 0 for c in range(128)], np.uint8
)


@njit(cache=True, nogil=True)
def folded(code: int) -> tuple[int, int]:  # noqa: PLR0911  one return per range
    """What a code point is, and the code point it is folded to."""
    if code < 128:
        if 97 <= code <= 122 or 48 <= code <= 57:
            return LETTER, code
        return (LETTER, code + 32) if 65 <= code <= 90 else (BREAK, code)
    if code < 0x800:
        if code < 0xC0 or code in (0xD7, 0xF7):
            return (LETTER, code) if code in (0xAA, 0xB5, 0xBA) else (BREAK, code)
        if code <= 0xDE or 0x391 <= code <= 0x3A9 or 0x410 <= code <= 0x42F:
            return LETTER, code + 32
        return LETTER, code + 80 if 0x400 <= code <= 0x40F else code
    if 0xFF00 <= code <= 0xFF5E:
        return folded_width(code)
    alone = 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF
    if alone or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF:
        return ALONE, code
    sign = 0x2000 <= code <= 0x2BFF or 0x3000 <= code <= 0x303F or 0xFE00 <= code <= 0xFE6F
    return (BREAK if sign or code >= 0xFEFF else LETTER), code


@njit(cache=True, nogil=True)
def folded_width(code: int) -> tuple[int, int]:
    """``folded`` for a full-width form: as its ASCII twin."""
    twin = code - 0xFEE0
    if 97 <= twin <= 122 or 48 <= twin <= 57:
        return LETTER, twin
    return (LETTER, twin + 32) if 65 <= twin <= 90 else (BREAK, twin)


@njit(cache=True, nogil=True)
def decoded(data: np.ndarray, at: int) -> tuple[int, int]:
    """The code point that starts at a byte, and how many bytes it takes; the text must be UTF-8."""
    byte = int(data[at])
    if byte < 0x80:
        return byte, 1
    if byte < 0xE0:
        return ((byte & 0x1F) << 6) | (int(data[at + 1]) & 0x3F), 2
    if byte < 0xF0:
        return ((byte & 0x0F) << 12) | ((int(data[at + 1]) & 0x3F) << 6) | (int(data[at + 2]) & 0x3F), 3
    high = ((byte & 0x07) << 18) | ((int(data[at + 1]) & 0x3F) << 12)
    return high | ((int(data[at + 2]) & 0x3F) << 6) | (int(data[at + 3]) & 0x3F), 4


@njit(cache=True, nogil=True)
def next_token(data: np.ndarray, at: int, end: int) -> tuple[np.uint64, int, int, bool]:
    """The next token from a byte on: its hash, where it begins and ends, and is it a character that stands alone.

    It begins at ``end`` when there is none.
    """
    token_hash, begin = SEED, -1
    while at < end:
        byte = data[at]
        if byte < 128:  # the plain case first: it is nearly all of an English text
            low, size = int(ASCII[byte]), 1
            what = LETTER if low else BREAK
        else:
            code, size = decoded(data, at)
            what, low = folded(code)
        if what == LETTER:
            if begin < 0:
                begin = at
            token_hash = (token_hash ^ np.uint64(low)) * PRIME
        elif begin >= 0:
            return mixed(token_hash), begin, at, False
        elif what == ALONE:
            return mixed((token_hash ^ np.uint64(low)) * PRIME), at, at + size, True
        at += size
    return mixed(token_hash), begin if begin >= 0 else end, end, False


@njit(cache=True, nogil=True)
def mixed(value: np.uint64) -> np.uint64:
    """All bits of a hash depend on all bits of a value."""
    value = (value ^ (value >> SHIFT)) * MIX
    return value ^ (value >> SHIFT)


@njit(cache=True, nogil=True)
def whole_texts(
    data: np.ndarray, offsets: np.ndarray, most: int, out: np.ndarray, tokens: np.ndarray, alone: np.ndarray
) -> None:
    """Per text: the hash of all its tokens in order, how many they are, and how many of them stand alone.

    Parameters
    ----------
    data : uint8, all texts one after the other
    offsets : int64, shape (n + 1,)
    most : a text of more tokens is left after them
    out, tokens, alone : uint64, int64, int64, shape (n,); written
    """
    for text in range(len(offsets) - 1):
        at, end = offsets[text], offsets[text + 1]
        text_hash = SEED
        while at < end and tokens[text] <= most:
            value, begin, at, single = next_token(data, at, end)
            if begin < end:
                text_hash = text_hash * STEP + value
                tokens[text] += 1
                alone[text] += single
        out[text] = mixed(text_hash)


@njit(cache=True, nogil=True)
def list_grams(data: np.ndarray, offsets: np.ndarray, size: int, out: np.ndarray, of: np.ndarray) -> int:
    """Every run of ``size`` tokens as a hash, and the text it stands in; returns how many there are.

    ``out`` and ``of`` need room for as many as there are bytes.
    """
    ring = np.zeros(MAX_GRAM, np.uint64)
    gone = STEP
    for _ in range(size - 1):
        gone = gone * STEP
    count = 0
    for text in range(len(offsets) - 1):
        at, end = offsets[text], offsets[text + 1]
        seen, gram_hash = 0, np.uint64(0)
        while at < end:
            value, begin, at, _ = next_token(data, at, end)
            if begin >= end:
                break
            place = seen % size
            gram_hash = gram_hash * STEP + value
            if seen >= size:
                gram_hash -= ring[place] * gone
            ring[place] = value
            seen += 1
            if seen >= size:
                out[count], of[count] = mixed(gram_hash), text
                count += 1
    return count


@njit(cache=True, nogil=True)
def filled(keys: np.ndarray, slots: np.ndarray) -> None:
    """Put the numbers of keys (+ 1) into an open-addressed table whose size is a power of two."""
    mask = np.uint64(len(slots) - 1)
    for key in range(len(keys)):
        place = keys[key] & mask
        while slots[place]:
            place = (place + np.uint64(1)) & mask
        slots[place] = key + 1


@njit(cache=True, nogil=True)
def known_grams(
    data: np.ndarray, offsets: np.ndarray, size: int, keys: np.ndarray, slots: np.ndarray, hits: np.ndarray
) -> int:
    """Every run of ``size`` tokens whose hash is among the keys; returns how many there are, even beyond the room.

    Parameters
    ----------
    keys : uint64, shape (k,); distinct
    slots : int32; a table made by ``filled``
    hits : int64, shape (room, 4); written: text, key, first byte, byte after the last
    """
    ring, begins = np.zeros(MAX_GRAM, np.uint64), np.zeros(MAX_GRAM, np.int64)
    mask = np.uint64(len(slots) - 1)
    gone = STEP
    for _ in range(size - 1):
        gone = gone * STEP
    count = 0
    for text in range(len(offsets) - 1):
        at, end = offsets[text], offsets[text + 1]
        seen, place, gram_hash = 0, 0, np.uint64(0)
        while at < end:
            value, begin, at, _ = next_token(data, at, end)
            if begin >= end:
                break
            gram_hash = gram_hash * STEP + value
            if seen >= size:
                gram_hash -= ring[place] * gone
            ring[place], begins[place] = value, begin
            seen += 1
            place = place + 1 if place + 1 < size else 0
            if seen < size:
                continue
            key = mixed(gram_hash)
            slot = key & mask
            while slots[slot] and keys[slots[slot] - 1] != key:
                slot = (slot + np.uint64(1)) & mask
            if slots[slot]:
                if count < len(hits):
                    hits[count, 0], hits[count, 1] = text, slots[slot] - 1
                    hits[count, 2], hits[count, 3] = begins[place], at
                count += 1
    return count
