"""Lines and runs of words that stand in several texts, in one pass over UTF-8 bytes."""

from typing import Any

import numpy as np

from karat.kernels.compile import native
from karat.kernels.shingles import (
    C0,
    MIX_1,
    MIX_2,
    POINTS,
    PRIME,
    SPACE,
    WORD,
    U,
    by_characters,
    characters,
    decode,
    hash_bytes,
    mix,
    words,
)

ONE, SIX, LOW = U(1), U(6), U(63)
NEWLINE = 10  # definition: line feed


@native
def count_lines(buf: Any, starts: Any, ends: Any) -> int:
    """At most so many lines are in the texts."""
    count = len(starts)
    for at in range(len(starts)):
        for k in range(starts[at], ends[at]):
            count += buf[k] == NEWLINE
    return count


@native
def next_end(buf: Any, at: int, end: int, paragraphs: bool) -> int:
    """Where the line (or paragraph: lines up to a blank one) that begins at a byte ends, its line break included."""
    while at < end:
        while at < end and buf[at] != NEWLINE:
            at += 1
        at = min(at + 1, end)
        if not paragraphs:
            return at
        after = at
        while after < end and buf[after] in (32, 9, 13):
            after += 1
        if after >= end or buf[after] == NEWLINE:
            return at
    return end


@native
def trimmed(buf: Any, start: int, end: int) -> tuple[int, int]:
    """A stretch without the spaces, tabs and line breaks at its ends."""
    while start < end and buf[start] in (32, 9, 10, 11, 12, 13):
        start += 1
    while end > start and buf[end - 1] in (32, 9, 10, 11, 12, 13):
        end -= 1
    return start, end


@native
def hash_lines(buf: Any, starts: Any, ends: Any, paragraphs: bool, fewest: int, out: Any) -> int:
    """Lines with ``fewest`` characters or more.

    Parameters
    ----------
    out : tuple of writable ndarrays, as long as ``count_lines`` says
        Hash (m, 2) uint64, number of the text int64, span in characters (m, 2) int64.
    """
    hashes, text, span = out
    put = 0
    for at in range(len(starts)):
        here, passed = starts[at], 0
        while here < ends[at]:
            after = next_end(buf, here, ends[at], paragraphs)
            size = 0
            for k in range(here, after):
                size += (buf[k] & 0xC0) != 0x80
            first, last = trimmed(buf, here, after)
            long = 0
            for k in range(first, last):
                long += (buf[k] & 0xC0) != 0x80
            if long >= fewest and last > first:
                hash_bytes(buf, first, last, hashes[put])
                text[put] = at
                span[put, 0], span[put, 1] = passed, passed + size
                put += 1
            here, passed = after, passed + size
    return put


@native
def token_hashes(buf: Any, start: int, end: int, kind: Any, lower: Any, out: Any) -> int:
    """Hashes of the words of a text, or of its characters where it is written without spaces."""
    if by_characters(buf, start, end, kind):
        return characters(buf, start, end, kind, out)
    return words(buf, start, end, kind, lower, out)


@native
def windows(tokens: Any, count: int, width: int, out: Any) -> int:
    """A 64-bit hash of every run of ``width`` tokens, into ``out``; how many there are."""
    if count < width:
        return 0
    last = U(1)
    for _ in range(width):
        last *= C0
    value = U(0)
    for at in range(count):
        value = value * C0 + tokens[at]
        if at >= width:
            value -= tokens[at - width] * last
        if at >= width - 1:
            out[at - width + 1] = mix(value)
    return count - width + 1


@native
def mark(buf: Any, starts: Any, ends: Any, kind: Any, lower: Any, width: int, once: Any, twice: Any) -> None:
    """Sets the bit of every window in ``once``, and in ``twice`` where it was set before."""
    longest = np.max(ends - starts) if len(starts) else 0
    tokens, runs = np.empty(longest + 1, np.uint64), np.empty(longest + 1, np.uint64)
    room = U(len(once) * 64 - 1)
    for at in range(len(starts)):
        count = windows(tokens, token_hashes(buf, starts[at], ends[at], kind, lower, tokens), width, runs)
        for k in range(count):
            bit = runs[k] & room
            place, flag = bit >> SIX, ONE << (bit & LOW)
            twice[place] |= once[place] & flag
            once[place] |= flag


@native
def collect(
    buf: Any, starts: Any, ends: Any, kind: Any, lower: Any, width: int, twice: Any, out: Any, text: Any
) -> int:
    """Windows whose bit is set in ``twice``: two hashes, and where they begin; those beyond the room are counted.

    Parameters
    ----------
    out : writable ndarray of uint64, shape (m, 2)
    text : writable ndarray of int64, shape (m, 2)
        Number of the text, and of the token.
    """
    longest = np.max(ends - starts) if len(starts) else 0
    tokens, runs = np.empty(longest + 1, np.uint64), np.empty(longest + 1, np.uint64)
    room = U(len(twice) * 64 - 1)
    put = 0
    for at in range(len(starts)):
        count = windows(tokens, token_hashes(buf, starts[at], ends[at], kind, lower, tokens), width, runs)
        for k in range(count):
            bit = runs[k] & room
            if (twice[bit >> SIX] >> (bit & LOW)) & ONE:
                if put < len(out):
                    second = U(width)
                    for j in range(k, k + width):
                        second = (second ^ tokens[j]) * MIX_1 + PRIME
                        second ^= second >> SIX
                    out[put, 0], out[put, 1] = runs[k], second * MIX_2
                    text[put, 0], text[put, 1] = at, k
                put += 1
    return put


@native
def token_spans(buf: Any, start: int, end: int, kind: Any, out: Any) -> int:
    """Where the tokens of a text begin, in characters, into ``out``, and where it ends; how many there are."""
    single = by_characters(buf, start, end, kind)
    count = passed = 0
    at = start
    inside = False
    while at < end:
        point, at = decode(buf, at, end)
        what = kind[point] if point < POINTS else 0
        if single:
            if not what & SPACE:
                out[count] = passed
                count += 1
        elif what & WORD and not inside:
            out[count] = passed
            count += 1
        inside = bool(what & WORD)
        passed += 1
    out[count] = passed
    return count
