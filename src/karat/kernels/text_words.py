"""Words of English text, cut as spaCy 3.8 cuts them: signs off the front and the end, then inside, web addresses whole.

Each function looks at one stretch without white space: ``codes`` and ``flags`` hold its characters and their classes.
"""

from typing import Any

import numpy as np

from karat.kernels import text_contractions as contractions
from karat.kernels.text_addresses import COLON, DASH, DOT, SLASH, is_address
from karat.kernels.text_classes import (
    ALPHA,
    ASTRAL_HAN,
    BEFORE_STOP,
    CURRENCY,
    DIGIT,
    HAN_TO,
    ICON,
    INFIX,
    LOWER,
    PREFIX,
    QUOTE,
    SIZE,
    SUFFIX,
    UPPER,
)
from karat.kernels.text_compiled import compiled, eight_at, four_at
from karat.kernels.text_contractions import HINTS, MAX_BYTES, MAX_PIECES, SPECIAL_SIZE

STEP, MIX = np.uint64(contractions.STEP), np.uint64(contractions.MIX)
HALF, SIX, ONE = np.uint64(32), np.uint64(6), np.uint64(1)
HINT_MASK, BIT_MASK, PLACE_MASK = np.uint64(HINTS - 1), np.uint64(63), np.uint64(SPECIAL_SIZE - 1)
STOP3 = 0x2026  # definition: Unicode's horizontal ellipsis
MAX_UNIT = 4  # definition: characters of the longest unit below
UNITS = """km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft kg g mg µg t lb oz m/s km/h kmh mph hPa
Pa mbar mb MB kb KB gb GB tb TB T G M K % км км² км³ м м² м³ дм дм² дм³ см см² см³ мм мм² мм³ нм кг г мг м/с км/ч кПа Па
мбар Кб КБ кб Мб МБ мб Гб ГБ гб Тб ТБ тб"""


def _packed(text: str) -> int:
    value = 0
    for sign in text:
        value = value * 0x10000 + ord(sign)
    return value


PACKED_UNITS = np.array(sorted({_packed(unit) for unit in UNITS.split()}), np.uint64)


@compiled
def decode(buf: Any, at: int) -> Any:
    """The code point that starts at a byte, and its width."""
    first = np.int64(buf[at])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        return ((first & 0x1F) << 6) | (np.int64(buf[at + 1]) & 0x3F), 2
    if first < 0xF0:
        second, third = np.int64(buf[at + 1]) & 0x3F, np.int64(buf[at + 2]) & 0x3F
        return ((first & 0x0F) << 12) | (second << 6) | third, 3
    second, third = np.int64(buf[at + 1]) & 0x3F, np.int64(buf[at + 2]) & 0x3F
    return ((first & 0x07) << 18) | (second << 12) | (third << 6) | (np.int64(buf[at + 3]) & 0x3F), 4


@compiled
def class_of(classes: Any, code: int) -> Any:
    """The flags of a code point."""
    if code < SIZE:
        return np.int64(classes[code])
    return ASTRAL_HAN if code <= HAN_TO else 0


@compiled
def stirred(value: Any, more: Any) -> Any:
    """Takes eight bytes more into a hash."""
    value = (value ^ more) * MIX
    return value ^ (value >> HALF)


@compiled
def hashed(buf: Any, start: int, end: int) -> Any:
    """A hash of a stretch of bytes, eight at a time; the last eight overlap those before them."""
    size = end - start
    value = np.uint64(size) * STEP
    if size >= 8:
        at = start
        while at + 8 <= end:
            value = stirred(value, eight_at(buf, at))
            at += 8
        return stirred(value, eight_at(buf, end - 8)) if at < end else value
    if size == 0:
        return value
    if size >= 4:
        last = np.uint64(four_at(buf, end - 4)) << np.uint64(8 * (size - 4))
        return stirred(value, np.uint64(four_at(buf, start)) | last)
    middle, last = np.uint64(buf[start + (size >> 1)]), np.uint64(buf[end - 1])
    return stirred(
        value, np.uint64(buf[start]) | middle << np.uint64(8 * (size >> 1)) | last << np.uint64(8 * size - 8)
    )


@compiled
def special_at(keys: Any, key: Any) -> Any:
    """The place of a special text by its hash, -1 for none; the table begins with a bit for each that may be one."""
    spread = key ^ (key >> HALF)
    if keys[(spread >> SIX) & HINT_MASK] & (ONE << (spread & BIT_MASK)) == 0:
        return -1
    at = spread & PLACE_MASK
    while keys[HINTS + np.int64(at)] != 0:
        if keys[HINTS + np.int64(at)] == key:
            return np.int64(at)
        at = (at + ONE) & PLACE_MASK
    return -1


@compiled
def special(buf: Any, places: Any, start: int, end: int, keys: Any) -> Any:
    """The place of the characters ``start`` to ``end`` among the special texts, -1 for none."""
    if places[end] - places[start] > MAX_BYTES:
        return -1
    return special_at(keys, hashed(buf, places[start], places[end]))


@compiled
def prefix_length(codes: Any, flags: Any, start: int, end: int) -> int:
    """How many characters are split off the front."""
    code = codes[start]
    if code == 43:  # a plus, but not of a number
        return 0 if start + 1 < end and flags[start + 1] & DIGIT else 1
    if flags[start] & PREFIX:
        return 1
    if code == DOT:
        at = start
        while at < end and codes[at] == DOT:
            at += 1
        return at - start if at - start > 1 else 0
    if code == 85 and start + 2 < end and codes[start + 1] == 83 and codes[start + 2] == 36:
        return 3  # US$
    if (code in (65, 67)) and start + 1 < end and codes[start + 1] == 36:
        return 2  # A$, C$
    return 0


@compiled
def suffix_length(codes: Any, flags: Any, start: int, end: int) -> int:  # noqa: PLR0911  one line a kind of end
    """How many characters are split off the end."""
    last = end - 1
    if last < start:
        return 0
    code = codes[last]
    if code == DOT:
        return stop_length(codes, flags, start, last)
    if code == STOP3 and last > start and codes[last - 1] == STOP3:
        return 2
    if flags[last] & SUFFIX:
        return 1
    if last == start:
        return 0
    if code in (115, 83) and (codes[last - 1] in (39, 0x2019)):
        return 2  # 's
    if code == 43 and flags[last - 1] & DIGIT:
        return 1
    return unit_length(codes, flags, start, end)


@compiled
def stop_length(codes: Any, flags: Any, start: int, last: int) -> int:
    """A full stop at the end: its run, itself alone, or 0 when it belongs to the word."""
    at = last
    while at > start and codes[at - 1] == DOT:
        at -= 1
    if at < last:
        return last - at + 1
    if last == start:
        return 0
    before = flags[last - 1]
    if before & (BEFORE_STOP | DIGIT):
        return 1
    if last - 2 < start:
        return 0
    if before & UPPER and flags[last - 2] & UPPER:
        return 1
    return 1 if codes[last - 2] == 0xB0 and codes[last - 1] in (67, 70, 75) else 0


@compiled
def unit_length(codes: Any, flags: Any, start: int, end: int) -> int:
    """A unit or a currency behind a digit: its length, 0 for none."""
    at = end - 1
    packed = np.uint64(0)
    scale = np.uint64(1)
    while at >= start and end - at <= MAX_UNIT and not flags[at] & DIGIT:
        if codes[at] > 0xFFFF:
            return 0
        packed += scale * np.uint64(codes[at])
        scale *= np.uint64(0x10000)
        at -= 1
    if at < start or not flags[at] & DIGIT or at == end - 1:
        return 0
    size = end - 1 - at
    if flags[end - 1] & CURRENCY:
        if size == 1 or (codes[end - 1] == 36 and size == prefix_length(codes, flags, at + 1, end)):
            return size
        return 0
    for unit in PACKED_UNITS:
        if unit == packed:
            return size
    return 0


@compiled
def infix_length(  # noqa: C901, PLR0911, PLR0912  one line a kind of sign
    codes: Any, flags: Any, at: int, start: int, end: int
) -> int:
    """How many characters at a place inside a word are a sign of their own."""
    code = codes[at]
    if code == DOT and at + 1 < end and codes[at + 1] == DOT:
        stop = at
        while stop < end and codes[stop] == DOT:
            stop += 1
        return stop - at
    if code == STOP3 or flags[at] & ICON:
        return 1
    if at == start or at + 1 >= end:
        return 0
    before, after, following = flags[at - 1], flags[at + 1], codes[at + 1]
    if (code in (43, 45, 42, 94)) and before & DIGIT and (after & DIGIT or following == DASH):
        return 1
    if code == DOT:
        return 1 if before & (LOWER | QUOTE) and after & (UPPER | QUOTE) else 0
    if code == 44:
        return 1 if before & ALPHA and after & ALPHA else 0
    if not before & (ALPHA | DIGIT):
        return 0
    if code in (COLON, 60, 62, 61, SLASH, 0x2013, 126):
        return 1 if after & ALPHA else 0
    if code in (DASH, 0x2014):
        longest = 3 if code == DASH else 2
        stop = at + 1
        while stop < end and stop - at <= longest:
            if flags[stop] & ALPHA:
                return stop - at
            if codes[stop] != code:
                return 0
            stop += 1
    return 0


@compiled
def put(cuts: Any, count: int, start: int, end: int) -> int:
    """Note one word; returns how many there are."""
    cuts[2 * count] = start
    cuts[2 * count + 1] = end
    return count + 1


@compiled
def put_pieces(cuts: Any, count: int, start: int, pieces: Any, place: int) -> int:
    """Note the pieces of the special text at a place."""
    for part in range(place * MAX_PIECES, (place + 1) * MAX_PIECES):
        if pieces[part] == 0:
            break
        count = put(cuts, count, start, start + pieces[part])
        start += pieces[part]
    return count


@compiled
def cut_core(
    buf: Any, places: Any, codes: Any, flags: Any, start: int, end: int, keys: Any, pieces: Any, cuts: Any, count: int
) -> int:
    """Cut what is left between the signs of the front and the end."""
    if start >= end:
        return count
    place = special(buf, places, start, end, keys)
    if place >= 0:
        return put_pieces(cuts, count, start, pieces, place)
    if is_address(codes, flags, start, end):
        return put(cuts, count, start, end)
    at, begun = start, start
    while at < end:
        size = infix_length(codes, flags, at, start, end) if flags[at] & INFIX else 0
        if size and at > start:
            if at > begun:
                count = put(cuts, count, begun, at)
            count = put(cuts, count, at, at + size)
            begun = at + size
        at += max(size, 1)
    return put(cuts, count, begun, end) if begun < end else count


@compiled
def cut(buf: Any, places: Any, codes: Any, flags: Any, size: int, keys: Any, pieces: Any, cuts: Any) -> int:
    """Cut a stretch without white space into words.

    ``places`` are the byte positions of its ``size`` characters and of its end; where the words begin and end is
    written to ``cuts`` in turn (room for ``size`` pairs); returns how many there are.
    """
    nothing = size - size  # not 0: of a written number a copy of the code is made
    start, end, count, last_width, tail = nothing, size, nothing, -1, size
    while start < end and end - start != last_width:
        if special(buf, places, start, end, keys) >= 0:
            break
        last_width = end - start
        front = prefix_length(codes, flags, start, end)
        if front and start + front < end and special(buf, places, start + front, end, keys) >= 0:
            count = put(cuts, count, start, start + front)
            start += front
            break
        back = suffix_length(codes, flags, start + front, end)
        if back:  # kept at the far end until the words before it are known
            tail = put(cuts, tail - 1, end - back, end) - 1
            end -= back
            if end > start and special(buf, places, start, end, keys) >= 0:
                break
        if front:
            count = put(cuts, count, start, start + front)
            start += front
    count = cut_core(buf, places, codes, flags, start, end, keys, pieces, cuts, count)
    while tail < size:
        count = put(cuts, count, cuts[2 * tail], cuts[2 * tail + 1])
        tail += 1
    return joined_faces(buf, places, count, keys, pieces, cuts)


@compiled
def joined_faces(buf: Any, places: Any, count: int, keys: Any, pieces: Any, cuts: Any) -> int:
    """Join neighbours that make a special text together, as a face of three signs behind a word."""
    if count < 2:
        return count
    kept, at = 0, 0
    while at < count:
        last, first = at, cuts[2 * at]
        if at + 1 < count and (cuts[2 * at + 1] - first <= 2 or buf[places[cuts[2 * at + 2]]] == DOT):
            for end in range(min(count, at + 8) - 1, at, -1):
                place = special(buf, places, first, cuts[2 * end + 1], keys)
                if place >= 0 and pieces[place * MAX_PIECES + 1] == 0:
                    last = end
                    break
        kept = put(cuts, kept, first, cuts[2 * last + 1])
        at = last + 1
    return kept
