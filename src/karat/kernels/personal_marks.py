"""Mail addresses, and runs of digits that may be a number of a person, found in one pass over the bytes of texts."""

from typing import Any

import numpy as np

from karat.kernels.text_compiled import compiled, moved, pointer

MAIL, NUMBER = 0, 1
MOST_LOCAL, MOST_LABEL, LEAST_TOP, MOST_TOP = 64, 63, 2, 24  # RFC 5321, RFC 1035, IANA's list of top domains
FEWEST_DIGITS = 7  # unproven: shorter numbers are mostly none of a person
LETTER, DIGIT, LOCAL, RUN = 1, 2, 4, 8
CLASSES = np.zeros(256, np.uint8)
CLASSES[[*range(65, 91), *range(97, 123)]] = LETTER | LOCAL
CLASSES[48:58] = DIGIT | LOCAL | RUN
CLASSES[[ord(sign) for sign in "._%+-"]] |= LOCAL
CLASSES[[ord(sign) for sign in " .()-/"]] |= RUN


@compiled
def local_part(buf: Any, at: int, least: int, first: int) -> int:
    """Where the address with its @ at a place begins; -1 for none."""
    begin = at
    low = max(least, at - MOST_LOCAL)
    while begin > low and CLASSES[buf[begin - 1]] & LOCAL:
        begin -= 1
    while begin < at:
        if CLASSES[buf[begin]] & (LETTER | DIGIT) and (
            begin == first or not CLASSES[buf[begin - 1]] & (LETTER | DIGIT)
        ):
            return begin
        begin += 1
    return -1


@compiled
def host_part(buf: Any, at: int, stop: int) -> int:
    """Where the host behind an @ ends; -1 where there is none."""
    host_end = -1
    while True:
        size = 0
        while at < stop and size <= MOST_LABEL and (CLASSES[buf[at]] & (LETTER | DIGIT) or buf[at] == 45):
            at += 1
            size += 1
        if not 1 <= size <= MOST_LABEL or at >= stop or buf[at] != 46:
            return host_end
        at += 1
        end = at
        while end < stop and CLASSES[buf[end]] & LETTER:
            end += 1
        if LEAST_TOP <= end - at <= MOST_TOP and (end == stop or not CLASSES[buf[end]] & DIGIT):
            host_end = end


@compiled
def marks_of(buf: Any, first: int, stop: int, row: int, out: Any, count: int, room: int) -> int:
    """Add the marks of one text; how many there are with those before. What finds no room is only counted."""
    wider = least = digits = 0  # bytes that begin no character; where the next address may begin; digits of the run
    run = -1
    least = first
    for at in range(first, stop + 1):
        kind = CLASSES[buf[at]] if at < stop else np.uint8(0)
        if kind & RUN:
            if kind & DIGIT:
                run = at - wider if run < 0 else run
                digits += 1
        else:
            if digits >= FEWEST_DIGITS:
                if count < room:
                    place = moved(out, 4 * count)
                    place[0], place[1], place[2], place[3] = row, NUMBER, run - first, at - wider - first
                count += 1
            run, digits = -1, 0
        if at == stop:
            break
        if buf[at] == 64:
            begin, end = local_part(buf, at, least, first), host_part(buf, at + 1, stop)
            if begin >= 0 and end >= 0:
                if count < room:
                    place = moved(out, 4 * count)
                    place[0], place[1], place[2], place[3] = row, MAIL, begin - wider - first, end - wider - first
                count += 1
                least = end
        wider += (buf[at] & 0xC0) == 0x80
    return count


@compiled
def marks(data: np.ndarray, offsets: np.ndarray, out: np.ndarray) -> int:
    """Every mail address, and every run of digits and what stands between them that has seven digits or more.

    Parameters
    ----------
    data : ndarray of uint8
        Texts in UTF-8, one after the other.
    offsets : ndarray of int64, shape (n + 1,)
    out : ndarray of int64, shape (m, 4)
        Filled with text, ``MAIL`` or ``NUMBER``, beginning and end in characters, as far as there is room.

    Returns
    -------
    int
        How many there are.
    """
    text, places, room, count = pointer(data), pointer(out), len(out), 0
    for row in range(len(offsets) - 1):
        count = marks_of(text, offsets[row], offsets[row + 1], row, places, count, room)
    return count
