"""The lines of a document with hard-wrapped paragraphs joined and the head of a message left out."""

from typing import Any

import numpy as np

from karat.kernels.text_compiled import compiled, eight_at, moved, pointer

COLUMNS = ("joined_lines", "joined_ended", "wrapped")
WRAPPED_FROM, WRAPPED_TO = 45, 100  # unproven: characters of a line that may go on in the next
MIN_WRAPPED = 2  # unproven: lines that go on, below which a document counts as not wrapped
MOST_LONG = 10  # unproven: a wrapped document has at most one line in so many that is longer than that
MIN_FIELDS = 3  # unproven: "Name: value" lines at the top that make the head of a message
ONES, TOPS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
BREAKS = np.uint64(0x0A0A0A0A0A0A0A0A)
CLOSING = np.zeros(128, np.bool_)
CLOSING[[ord(sign) for sign in ".!?\"'"]] = True
# ’ ” … 。 ！ ？ ‼ ⁉ । as UTF-8, three bytes each
WIDE = np.array([int.from_bytes(sign.encode(), "big") for sign in "’”…。！？‼⁉।"], np.int64)


@compiled
def closes(buf: Any, end: int, start: int) -> bool:
    """Does a line end as sentences do?"""
    last = buf[end - 1]
    if last < 128:
        return bool(CLOSING[last])
    if end - start < 3:
        return False
    code = (np.int64(buf[end - 3]) << 16) | (np.int64(buf[end - 2]) << 8) | np.int64(last)
    return bool((code == WIDE).any())


@compiled
def is_field(buf: Any, start: int, end: int) -> bool:
    """Is a line "Name: value", as in the head of a letter or a message?"""
    at = start
    while at < end and (97 <= (buf[at] | 32) <= 122 or buf[at] == 45):
        at += 1
    return at > start + 1 and at < end and buf[at] == 58 and (at + 1 == end or buf[at + 1] == 32 or buf[at + 1] == 9)


@compiled
def end_of_line(buf: Any, at: int, stop: int) -> int:
    """Where the next line break stands, eight bytes at a time."""
    while at + 8 <= stop:
        word = eight_at(buf, at) ^ BREAKS
        if (word - ONES) & ~word & TOPS:
            break
        at += 8
    while at < stop and buf[at] != 10:
        at += 1
    return at


@compiled
def width(buf: Any, start: int, end: int) -> int:
    """Characters of a line; of one with more bytes than any wrapped line, its bytes."""
    if end - start > 4 * WRAPPED_TO or end - start < WRAPPED_FROM:
        return end - start
    count = 0
    for at in range(start, end):
        count += (buf[at] & 0xC0) != 0x80
    return count


@compiled
def joined_one(buf: Any, at: int, stop: int, out: Any) -> None:
    """Fill the row of a document."""
    lines = ended = wrapped = long = seen = fields = head_ended = last = 0
    in_head, going_on = True, False
    while at < stop:
        start, end = at, end_of_line(buf, at, stop)
        at = end + 1
        while end > start and buf[end - 1] <= 32:
            end -= 1
        first = start
        while start < end and buf[start] <= 32:
            start += 1
        if end == start:
            in_head = in_head and not fields
            going_on = False
            continue
        if in_head and is_field(buf, start, end):
            fields += 1
            head_ended += closes(buf, end, start)
            continue
        in_head = in_head and fields > 0 and start > first  # a field that goes on is moved in
        if in_head:
            continue
        size = width(buf, start, end)
        closed = int(closes(buf, end, start))
        seen += 1
        long += size > WRAPPED_TO
        wrapped += going_on
        lines += not going_on
        ended += closed - (last if going_on else 0)  # what the line before added is taken back where it goes on
        last = closed
        going_on = WRAPPED_FROM <= size <= WRAPPED_TO
    if fields < MIN_FIELDS:
        lines, ended = lines + fields, ended + head_ended
    plain = fields < MIN_FIELDS and (wrapped < MIN_WRAPPED or MOST_LONG * long > seen)
    out[0], out[1], out[2] = lines, ended, not plain


@compiled
def joined(buf: Any, offsets: Any, out: Any) -> None:
    """Fill a row a document: lines, those that end as sentences do, and whether anything was joined or left out.

    Parameters
    ----------
    buf : ndarray of uint8
    offsets : ndarray of int64, shape (n + 1,)
    out : ndarray of int32, shape (n, 3)
    """
    text, rows = pointer(buf), pointer(out)
    for at in range(len(offsets) - 1):
        joined_one(text, offsets[at], offsets[at + 1], moved(rows, at * len(COLUMNS)))
