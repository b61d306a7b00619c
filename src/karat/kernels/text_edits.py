"""Which lines of a text fall to rules for lines, and where they stand."""

from typing import Any

import numpy as np

from karat.kernels.scan_buffers import Bench, pointers
from karat.kernels.text_compiled import compiled, pointer
from karat.kernels.text_lines import (
    BRACKET,
    CART,
    CITATION,
    JAVASCRIPT,
    LOREM,
    MAX_WORD,
    MIN_LINE_WORDS,
    MORE,
    POLICY,
    ends_with_dots,
    is_counter,
    is_number,
    line_signs,
)
from karat.kernels.text_scan import break_width, citation_width, space_width, stripped
from karat.kernels.text_statistics import bench_for

CUT_CITATION = 9  # definition: the number of the rule, after those of lines
SPAN = 6  # definition: document, first and last byte, first and last character, rule


@compiled
def chunk_sizes(buf: Any, start: int, end: int, classes: Any) -> tuple[int, int]:
    """Stretches without white space in a line, and characters of the longest."""
    count, longest, size, at = 0, 0, 0, start
    while at < end:
        width = space_width(buf, at, classes)
        if width:
            longest = max(longest, size)
            size = 0
            at += width
            continue
        if size == 0:
            count += 1
        size += 1 if buf[at] & 0xC0 != 0x80 else 0
        at += 1
    return count, max(longest, size)


@compiled
def line_verdict(buf: Any, start: int, end: int, wanted: int, bench: Any, out: Any, shape: Any) -> tuple[int, int]:
    """The rule that a stripped line falls to, -1 for none, and the phrases in it."""
    words, longest = chunk_sizes(buf, start, end, bench.classes)
    phrases = line_signs(buf, start, end, bench, out, shape)
    last = buf[end - 1]
    ended = last in (46, 63, 33, 34, 39) and not ends_with_dots(buf, start, end)
    broken = (1 if longest > MAX_WORD else 0) | (2 if words < MIN_LINE_WORDS else 0) | (0 if ended else 4)
    if not phrases & LOREM:
        broken |= 8 if phrases & JAVASCRIPT else 0
        broken |= 16 if phrases & POLICY and not phrases & BRACKET else 0
    broken |= 32 if 2 * shape[1] > shape[0] else 0
    broken |= 64 if is_number(shape, words) else 0
    broken |= 128 if is_counter(buf, start, end) else 0
    broken |= 256 if words <= 10 and phrases & (CART | MORE) else 0
    broken &= wanted
    for rule in range(CUT_CITATION):
        if broken & (1 << rule):
            return rule, phrases
    return -1, phrases


@compiled
def note_span(spans: Any, count: int, document: int, start: int, end: int, characters: int, rule: int, buf: Any) -> int:
    """Write one span; returns how many there are."""
    size = 0
    for at in range(start, end):
        size += 1 if buf[at] & 0xC0 != 0x80 else 0
    if count < spans.shape[0]:
        spans[count, 0], spans[count, 1], spans[count, 2] = document, start, end
        spans[count, 3], spans[count, 4], spans[count, 5] = characters, characters + size, rule
    return count + 1


@compiled
def find_spans(  # noqa: C901  one loop over lines
    whole: Any, offsets: Any, wanted: int, arrays: Any, spans: Any
) -> int:
    """Write the spans to cut, as far as there is room; returns how many there are."""
    buf, bench = pointer(whole), pointers(arrays)
    out, shape = bench.spare, bench.shape
    count = 0
    for document in range(offsets.size - 1):
        start, end = offsets[document], offsets[document + 1]
        characters, counted = 0, start
        while start < end:
            stop = start
            while stop < end and break_width(buf, stop, end, bench.classes) == 0:
                stop += 1
            after = stop + break_width(buf, stop, end, bench.classes) if stop < end else stop
            low, high = stripped(buf, start, stop, bench.classes)
            rule, phrases = -1, 0
            if low < high:
                rule, phrases = line_verdict(buf, low, high, wanted, bench, out, shape)
            at = start
            while counted < start:
                characters += 1 if buf[counted] & 0xC0 != 0x80 else 0
                counted += 1
            if rule >= 0:
                count = note_span(spans, count, document, start, after, characters, rule, buf)
            elif phrases & CITATION and wanted & (1 << CUT_CITATION):
                while at < high:
                    width = citation_width(buf, at, high) if buf[at] == 91 else 0
                    if width:
                        while counted < at:
                            characters += 1 if buf[counted] & 0xC0 != 0x80 else 0
                            counted += 1
                        count = note_span(spans, count, document, at, at + width, characters, CUT_CITATION, buf)
                    at += max(width, 1)
            start = after
    return count


@compiled
def keep_rest(buf: Any, offsets: Any, spans: Any, count: int, to: Any, ends: Any) -> int:
    """Copy all bytes outside the spans; ``ends`` gets where each document ends. Returns how many bytes are left."""
    put, span = 0, 0
    for document in range(offsets.size - 1):
        at = offsets[document]
        while at < offsets[document + 1]:
            if span < count and spans[span, 0] == document and spans[span, 1] == at:
                at = spans[span, 2]
                span += 1
                continue
            to[put] = buf[at]
            put += 1
            at += 1
        ends[document + 1] = put
    return put


def spans_of(buf: np.ndarray, offsets: np.ndarray, wanted: int) -> np.ndarray:
    """Where lines, or citations in them, fall to rules for lines.

    Parameters
    ----------
    buf, offsets : ndarray of uint8, ndarray of int64 (n + 1,)
        The documents.
    wanted : int
        A bit for each rule that is asked.

    Returns
    -------
    ndarray of int64, shape (k, 6)
        Document, first and last byte, first and last character in the document, rule; last ones are not in the span.
    """
    bench: Bench = bench_for(int(np.diff(offsets).max(initial=0)))
    room = np.empty((max(64, len(offsets)), SPAN), np.int64)
    count = find_spans(buf, offsets, wanted, bench, room)
    if count > len(room):
        room = np.empty((count, SPAN), np.int64)
        find_spans(buf, offsets, wanted, bench, room)
    return room[:count]


def without_spans(buf: np.ndarray, offsets: np.ndarray, spans: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bytes outside the spans, and their offsets."""
    to = np.empty(int(offsets[-1] - offsets[0]), np.uint8)
    ends = np.zeros(len(offsets), np.int64)
    size = keep_rest(buf, offsets, spans, len(spans), to, ends)
    return to[:size], ends
