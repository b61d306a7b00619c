"""Shingles of texts, hashed in one pass over UTF-8 bytes.

A shingle is five consecutive words (lower case, runs of letters, digits and the low line), or five consecutive
characters without white space where at least 30 % of the letters are Chinese, Japanese or Korean. A shorter text is
one shingle, and a text without any word is one shingle of all its characters. A shingle is known by a 64-bit hash.
"""

from functools import cache
from typing import Any

import numpy as np

from karat.kernels.compile import native

WIDTH = 5  # words or characters, as in Lee et al. 2022
WORD, SPACE, IDEOGRAPH = 1, 2, 4
LOOKED_AT = 2000  # cost: characters from which the script of a text is told
IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))  # definition: Unicode blocks
POINTS = 0x323C0  # definition: Unicode 15: no letter and no white space stands beyond
U = np.uint64
BASIS, PRIME, MIX_1, MIX_2 = U(0xCBF29CE484222325), U(0x9E3779B97F4A7C15), U(0xFF51AFD7ED558CCD), U(0xC4CEB9FE1A85EC53)
C0, C1, C2, C3 = U(0x9FB21C651E98DF25), U(0xA0761D6478BD642F), U(0xE7037ED1A0B428DB), U(0x8EBC6AF09C88C6E3)
SHORT, WORDLESS = U(0x589965CC75374CC3), U(0x1D8E4E27C47D124F)
S5, S27, S31, S33, S37, S59 = U(5), U(27), U(31), U(33), U(37), U(59)


@cache
def letters() -> tuple[np.ndarray, np.ndarray]:
    """What each code point is (WORD, SPACE and IDEOGRAPH added up, uint8), and its lower case (int32)."""
    kind: np.ndarray = np.zeros(POINTS, np.uint8)
    lower: np.ndarray = np.arange(POINTS, dtype=np.int32)
    for point in range(POINTS):
        sign = chr(point)
        if sign.isalnum():
            kind[point] = WORD
            small = sign.lower()
            if len(small) == 1:
                lower[point] = ord(small)
        elif sign.isspace():
            kind[point] = SPACE
    kind[ord("_")] = WORD
    for first, last in IDEOGRAPHS:
        kind[first : last + 1] |= IDEOGRAPH
    return kind, lower


@native
def mix(value: Any) -> Any:
    """Spreads every bit of a 64-bit number over all of them."""
    value ^= value >> S33
    value *= MIX_1
    value ^= value >> S33
    value *= MIX_2
    return value ^ (value >> S33)


@native
def decode(buf: Any, at: Any, end: int) -> tuple[Any, Any]:
    """The code point at a position and where the next begins; a byte that is not UTF-8 stands for itself."""
    first = np.int64(buf[at])
    if first < 0xC0:
        return first, at + 1
    if first < 0xE0 and at + 1 < end:
        return ((first & 0x1F) << 6) | (np.int64(buf[at + 1]) & 0x3F), at + 2
    if 0xE0 <= first < 0xF0 and at + 2 < end:
        middle = (np.int64(buf[at + 1]) & 0x3F) << 6
        return ((first & 0x0F) << 12) | middle | (np.int64(buf[at + 2]) & 0x3F), at + 3
    if first >= 0xF0 and at + 3 < end:
        middle = ((np.int64(buf[at + 1]) & 0x3F) << 12) | ((np.int64(buf[at + 2]) & 0x3F) << 6)
        return ((first & 0x07) << 18) | middle | (np.int64(buf[at + 3]) & 0x3F), at + 4
    return first, at + 1


@native
def by_characters(buf: Any, start: int, end: int, kind: Any) -> bool:
    """Are at least 30 % of the letters at the head of a text Chinese, Japanese or Korean?"""
    at = start
    stop = min(end, start + 4 * LOOKED_AT)
    while at < stop and buf[at] < 0xE3:  # their UTF-8 begins with such a byte
        at += 1
    if at >= stop:
        return False
    letter_count = ideographs = seen = 0
    at = start
    while at < end and seen < LOOKED_AT:
        point, at = decode(buf, at, end)
        seen += 1
        if point < POINTS:
            what = kind[point]
            letter_count += what & WORD
            if what & IDEOGRAPH:
                ideographs += 1
    return letter_count > 0 and ideographs >= 0.3 * letter_count


@native
def characters(buf: Any, start: int, end: int, kind: Any, out: Any) -> int:
    """Hashes of all characters but white space."""
    at = start
    count = 0
    while at < end:
        point, at = decode(buf, at, end)
        if point >= POINTS or not kind[point] & SPACE:
            out[count] = mix(U(point) * PRIME + BASIS)
            count += 1
    return count


@native
def words(buf: Any, start: int, end: int, kind: Any, lower: Any, out: Any) -> int:
    """Hashes of all words in lower case."""
    at = start
    count = 0
    inside = False
    value = BASIS
    while at < end:
        point: Any = np.int64(buf[at])
        if point < 0x80:
            at += 1
        else:
            point, at = decode(buf, at, end)
        if point < POINTS and kind[point] & WORD:
            value = (value ^ U(lower[point])) * PRIME
            value ^= value >> S37
            inside = True
        elif inside:
            out[count] = value
            count += 1
            value = BASIS
            inside = False
    if inside:
        out[count] = value
        count += 1
    return count


@native
def shingles_of(buf: Any, start: int, end: int, kind: Any, lower: Any, out: Any, whole: Any) -> int:
    """Hashes of the shingles of one text, in their order, and a 128-bit hash of the words they are made of.

    Parameters
    ----------
    buf : ndarray of uint8
    start, end : int
        Where the text stands in ``buf``.
    kind, lower : ndarray
        From ``letters``.
    out : writable ndarray of uint64
        At least ``end - start + 1`` long.
    whole : writable ndarray of uint64, shape (2,)
    """
    salt = U(0)
    if by_characters(buf, start, end, kind):
        salt = SHORT
        count = characters(buf, start, end, kind, out)
    else:
        count = words(buf, start, end, kind, lower, out)
        if count == 0:
            salt = WORDLESS
            count = characters(buf, start, end, kind, out)
    first, second = salt ^ U(count), salt ^ PRIME
    for at in range(count):
        first = ((first << S5) | (first >> S59)) * MIX_1 ^ out[at]
        second = ((second << S27) | (second >> S37)) * MIX_2 + out[at]
    whole[0], whole[1] = mix(first), mix(second)
    if count < WIDTH or salt == WORDLESS:
        out[0] = mix(first ^ second ^ SHORT)
        return 1
    for at in range(count - WIDTH + 1):
        value = out[at] * C0 + out[at + 1] * C1 + out[at + 2] * C2 + out[at + 3] * C3 + out[at + 4] + salt
        value ^= value >> S31
        value *= MIX_1
        out[at] = value ^ (value >> S33)
    return count - WIDTH + 1


@native
def odd_texts(buf: Any, starts: Any, ends: Any, out: Any) -> None:
    """Marks texts with a letter whose lower case is not one letter of its own: a capital sigma, a dotted capital i."""
    for at in range(len(starts)):
        count = 0
        for k in range(starts[at], ends[at] - 1):
            count += (buf[k] == 0xCE) & (buf[k + 1] == 0xA3) | (buf[k] == 0xC4) & (buf[k + 1] == 0xB0)
        out[at] = count > 0


@native
def hash_bytes(buf: Any, start: int, end: int, out: Any) -> None:
    """A 128-bit hash of a stretch of bytes, into ``out`` (2,) uint64."""
    first, second = U(end - start) * PRIME, U(end - start) ^ BASIS
    at = start
    while at < end:
        value = U(0)
        if at + 8 <= end:
            for byte in range(8):
                value |= U(buf[at + byte]) << U(8 * byte)
        else:
            for byte in range(end - at):
                value |= U(buf[at + byte]) << U(8 * byte)
        first = (((first ^ value) << S27) | ((first ^ value) >> S37)) * MIX_1
        second = (((second + value * C0) << S31) | ((second + value * C0) >> S33)) * MIX_2
        at += 8
    out[0], out[1] = mix(first), mix(second ^ first)


@native
def fill_shingles(buf: Any, starts: Any, ends: Any, kind: Any, lower: Any, begins: Any, out: Any) -> Any:
    """The distinct shingles of each text, in increasing order, from ``begins[i]`` on in ``out``; how many each has."""
    longest = 0
    for at in range(len(starts)):
        longest = max(longest, ends[at] - starts[at])
    scratch = np.empty(longest + 1, np.uint64)
    whole = np.empty(2, np.uint64)
    counts = np.empty(len(starts), np.int64)
    for at in range(len(starts)):
        count = shingles_of(buf, starts[at], ends[at], kind, lower, scratch, whole)
        scratch[:count].sort()
        put = begins[at]
        for k in range(count):
            if k == 0 or scratch[k] != scratch[k - 1]:
                out[put] = scratch[k]
                put += 1
        counts[at] = put - begins[at]
    return counts
