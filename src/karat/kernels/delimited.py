"""Splits delimited text into records and fields in one pass, and never swallows what it cannot split.

The rules are those of RFC 4180: a field may be quoted, a quote inside is doubled (or escaped), a quoted field may span
lines. What breaks them is handed back as a fault with its lines, and reading resumes at a place that can be trusted.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

GOOD, FEW, MANY, AFTER_QUOTE, UNCLOSED = range(5)
PLAIN, QUOTED, ESCAPED = range(3)
CR = 13  # definition: carriage return
# cost: below, plain Python is faster than importing Numba; a little less than what is looked at of a longer file first,
# for which Numba is needed anyway
SMALL_BYTES = 15 << 16
OPEN = -1  # definition: a mark beside the faults above
MORE, LAST, GIVE_UP = range(3)


def quoted_end(buf: Any, size: int, at: int, quote: int, escape: int) -> tuple[int, int]:
    """Position of the closing quote of a field whose text starts at ``at`` (-1: none), and whether it holds escapes."""
    flag = 1
    while at < size:
        byte = buf[at]
        if byte == escape and escape != quote and at + 1 < size:
            flag = 2
            at += 2
        elif byte != quote:
            at += 1
        elif escape == quote and at + 1 < size and buf[at + 1] == quote:
            flag = 2
            at += 2
        else:
            return at, flag
    return -1, flag


def plain_end(buf: Any, size: int, at: int, delimiter: int, newline: int) -> int:
    """Position of the delimiter or newline that ends an unquoted field, ``size`` when none does."""
    while at < size and buf[at] != delimiter and buf[at] != newline:
        at += 1
    return at


def line_end(buf: Any, size: int, at: int, newline: int) -> int:
    """Position of the next newline, ``size`` when there is none."""
    while at < size and buf[at] != newline:
        at += 1
    return at


def read_record(
    buf: Any, size: int, pos: int, rules: Any, width: int, put: int, starts: Any, ends: Any, flags: Any
) -> tuple[int, int, int]:
    """One record from ``pos``: where the next begins, its fields, its fault (``OPEN``: the buffer ended inside)."""
    delimiter, quote, escape, newline = rules
    at = pos
    count = 0
    while True:
        flag = PLAIN
        begin = at
        if at < size and buf[at] == quote:
            begin = at + 1
            stop, flag = quoted_end(buf, size, begin, quote, escape)
            if stop < 0:
                return pos, count + 1, UNCLOSED
            at = stop + 1
            if newline != CR and at < size and buf[at] == CR and (at + 1 == size or buf[at + 1] == newline):
                at += 1
            if at < size and buf[at] != delimiter and buf[at] != newline:
                opens = stop > begin and (buf[stop - 1] == delimiter or buf[stop - 1] == newline)
                return (pos if opens else stop), count + 1, AFTER_QUOTE
        else:
            at = plain_end(buf, size, at, delimiter, newline)
            stop = at
            if newline != CR and stop > begin and buf[stop - 1] == CR and (at == size or buf[at] == newline):
                stop -= 1
        if count < width:
            starts[put + count] = begin
            ends[put + count] = stop
            flags[put + count] = flag
        count += 1
        if at >= size:
            return size, count, OPEN
        at += 1
        if buf[at - 1] == newline:
            return at, count, GOOD


def looks_swallowed(buf: Any, size: int, begin: int, end: int, rules: Any, width: int, flags: Any, fault: int) -> bool:
    """Is the second line of a stretch a record of its own, so that the first must have lost a closing quote?

    The rest of a quoted field that was opened behind a delimiter has too few fields for that; in the first field an odd
    number of quotes tells the rest of a field from a record.
    """
    second = line_end(buf, end, begin, rules[3]) + 1
    if second >= end:
        return False
    after, count, bad = read_record(buf, size, second, rules, 0, 0, flags, flags, flags)
    behind = fault != MANY and count_byte(buf, begin, second, rules[0]) > 0
    return count == width and bad in (GOOD, OPEN) and (behind or count_byte(buf, second, after, rules[1]) % 2 == 0)


def skip_blank(buf: Any, size: int, pos: int, newline: int) -> int:
    """Where the line after a blank one begins, ``pos`` when the line is not blank."""
    if buf[pos] == newline:
        return pos + 1
    if newline != CR and buf[pos] == CR and (pos + 1 == size or buf[pos + 1] == newline):
        return min(pos + 2, size)
    return pos


def blank_run(buf: Any, size: int, pos: int, newline: int) -> int:
    """Where the first line that is not blank begins, ``size`` when there is none."""
    while pos < size:
        after = skip_blank(buf, size, pos, newline)
        if after == pos:
            return pos
        pos = after
    return size


def count_byte(buf: Any, begin: int, end: int, byte: int) -> int:
    """How often a byte stands between two positions."""
    times = 0
    for at in range(begin, end):
        if buf[at] == byte:
            times += 1
    return times


def scan(  # noqa: C901  one pass, kept in one place
    buf: Any,
    size: int,
    halt: int,
    rules: Any,
    width: int,
    final: int,
    starts: Any,
    ends: Any,
    flags: Any,
    line: Any,
    span: Any,
    fault: Any,
    field_counts: Any,
) -> tuple[int, int, int]:
    """Split a buffer that starts at the beginning of a record.

    Parameters
    ----------
    buf : bytes or ndarray of uint8, shape (size,)
    halt : int
        No record is begun at or after this position.
    rules : tuple of int
        Delimiter (-1: none), quote (-1: none), escape (the quote itself: doubled), newline, as bytes.
    width : int
        Fields per record.
    final : int
        LAST: the input ends here. MORE: what may go on after the buffer is left for the next call. GIVE_UP: more would
        follow, but the first record has been waited for long enough.
    starts, ends, flags : writable, one entry per field of the good records
        Byte positions, and PLAIN, QUOTED or ESCAPED.
    line, span, fault, field_counts : writable, one entry per record
        First physical line (from 0), lines covered, fault, fields found.

    Returns
    -------
    tuple of int
        Bytes consumed, records written, lines consumed.
    """
    pos = row = records = put = sure = 0
    newline = rules[3]
    while pos < min(size, halt):
        if skip_blank(buf, size, pos, newline) > pos:
            if pos >= sure:
                sure = blank_run(buf, size, pos, newline)
            if width > 1 or (sure >= size and final == LAST):
                row += count_byte(buf, pos, sure, newline)
                pos = sure
                continue
            if sure >= size:
                break
        after, count, bad = read_record(buf, size, pos, rules, width, put, starts, ends, flags)
        if final != LAST and (bad == OPEN or (bad == UNCLOSED and (final == MORE or records > 0))):
            break
        if bad in (OPEN, GOOD):
            bad = FEW if count < width else MANY if count > width else GOOD
        else:
            after = line_end(buf, size, after, newline) + 1
        first = line_end(buf, min(after, size), pos, newline) + 1
        doubtful = first < after and (bad != GOOD or count_byte(buf, pos, after, rules[1]) % 2 == 1)
        if doubtful and looks_swallowed(buf, size, pos, min(after, size), rules, width, flags, bad):
            after = first
            bad = UNCLOSED
        if after > size:
            if final != LAST:
                break
            after = size
        line[records] = row
        span[records] = max(1, count_byte(buf, pos, after, newline))
        fault[records] = bad
        field_counts[records] = count
        row += span[records]
        records += 1
        put += width if bad == GOOD else 0
        pos = after
    return pos, records, row


def gather(buf: Any, starts: Any, ends: Any, out: Any) -> None:
    """Copy the stretches ``buf[starts[i]:ends[i]]`` one after the other into ``out``."""
    put = 0
    for i in range(len(starts)):
        for at in range(starts[i], ends[i]):
            out[put] = buf[at]
            put += 1


@cache
def compiled() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """``scan`` and ``gather`` as machine code; the plain functions above stay as they are."""
    from types import FunctionType

    from numba import njit

    space = dict(globals())
    for part in (
        quoted_end,
        plain_end,
        line_end,
        skip_blank,
        blank_run,
        count_byte,
        read_record,
        looks_swallowed,
        scan,
        gather,
    ):
        copy = FunctionType(part.__code__, space, part.__name__)
        copy.__module__, copy.__qualname__ = part.__module__, part.__qualname__
        space[part.__name__] = njit(copy, cache=True, nogil=True)
    return space["scan"], space["gather"]


def take_stretches(buf: np.ndarray, starts: np.ndarray, ends: np.ndarray, fast: bool) -> np.ndarray:
    """The bytes of all stretches, one after the other.

    Parameters
    ----------
    buf : ndarray of uint8
    starts, ends : ndarray of int64, shape (k,)
    fast : bool
        Use machine code.
    """
    lengths = ends - starts
    total = int(lengths.sum())
    out: np.ndarray = np.empty(total, np.uint8)
    if fast:
        compiled()[1](buf, starts, ends, out)
    else:
        before = np.cumsum(lengths) - lengths
        np.take(buf, np.arange(total) + np.repeat(starts - before, lengths), out=out)
    return out
