"""Every statistic of every document, in one visit to its bytes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from karat.kernels.scan_buffers import Bench, pointers
from karat.kernels.text_classes import DIGIT, HAN, HANGUL, KANA, LATIN, SENTENCE, SPACE, character_classes
from karat.kernels.text_columns import AT, COLUMNS, SIGNS, WORDS
from karat.kernels.text_compiled import compiled, moved, pointer
from karat.kernels.text_contractions import special_table
from karat.kernels.text_lines import (
    FULL,
    PARAGRAPHS,
    RUNS,
    note_shape,
    pair_table,
    phrase_table,
    scan_lines,
    sign_table,
)
from karat.kernels.text_repetition import mask_for, repetition, seen_before
from karat.kernels.text_scan import FACTS, MEMO, MEMO_WIDTH, byte_kinds, next_feed, stripped
from karat.kernels.text_words import class_of, decode, hashed

PART_BYTES = 1 << 20  # cost: what a worker takes at a time
SIGN_STOPS = (*"的了是在和有不我", "这這", *"就也人都一上", "他她它", "们們")
CHARACTERS, SENTENCES_OF_SIGNS, STOPS_OF_SIGNS = AT["characters"], AT["sign_sentences"], AT["sign_stop_words"]
STOP_WORDS = AT["stop_words"]
HAN_LETTERS, KANA_LETTERS, ALL_LETTERS = AT["han"], AT["kana"], AT["letters"]
MIX = np.uint64(0xFF51AFD7ED558CCD)


def _stop_signs() -> np.ndarray:
    pairs = [(ord(sign), at) for at, group in enumerate(SIGN_STOPS) for sign in group]
    return np.array(sorted(pairs), np.int64)


STOP_SIGNS = _stop_signs()


@compiled
def scan_runs(buf: Any, start: int, end: int, mask: int, bench: Any, out: Any) -> None:
    """Lines between line feeds: those of Gopher (runs of line feeds are one) and those of FineWeb (not blank)."""
    bench.line_slots[0] += 1
    number, first = start - start, start
    while first <= end:
        at = next_feed(buf, first, end)
        if at < end:
            out[FULL + 5] += 1
        if at > first:
            size = 0
            for place in range(first, at):
                size += 1 if buf[place] & 0xC0 != 0x80 else 0
            out[RUNS] += 1
            out[FULL + 4] += size
            bench.line_keys[number] = hashed(buf, first, at)
            again = seen_before(bench.line_slots, bench.line_keys, number, mask) >= 0
            if again:
                out[RUNS + 1] += 1
                out[RUNS + 2] += size
            low, high = stripped(buf, first, at, bench.classes)
            if low < high:
                note_shape(buf, first, at, size, again, bench, out, FULL)
            number += 1
        first = at + 1
    edges = (1 if buf[start] == 10 else 0) + (1 if buf[end - 1] == 10 else 0)
    out[RUNS] += edges  # splitting leaves an empty piece at either end
    out[RUNS + 1] += 1 if edges > 1 else 0


@compiled
def scan_paragraphs(buf: Any, start: int, end: int, mask: int, bench: Any, out: Any) -> None:
    """Paragraphs: stretches between two or more line feeds."""
    bench.line_slots[0] += 1
    start, end = stripped(buf, start, end, bench.classes)
    number, first, at = start - start, start, start
    while at <= end:
        at = next_feed(buf, at, end)
        if at < end and (at + 1 == end or buf[at + 1] != 10):
            at += 1
            continue
        bench.line_keys[number] = hashed(buf, first, at)
        out[PARAGRAPHS] += 1
        if seen_before(bench.line_slots, bench.line_keys, number, mask) >= 0:
            out[PARAGRAPHS + 1] += 1
            for place in range(first, at):
                out[PARAGRAPHS + 2] += 1 if buf[place] & 0xC0 != 0x80 else 0
        number += 1
        while at < end and buf[at] == 10:
            at += 1
        first = at
        if at >= end:
            return


@compiled
def scan_bytes(buf: Any, start: int, end: int) -> tuple[int, int, int, int]:
    """Characters, line feeds, what may break a line, and pairs of line feeds."""
    characters, breaks, controls, pairs = 0, 0, 0, 0
    for at in range(start, end):
        byte = buf[at]
        characters += 1 if byte & 0xC0 != 0x80 else 0
        breaks += 1 if byte == 10 else 0
        controls += 1 if byte < 32 or 0x85 <= byte <= 0xA9 else 0
    for at in range(start + 1, end):
        pairs += 1 if buf[at] == 10 and buf[at - 1] == 10 else 0
    return characters, breaks, controls, pairs


@compiled
def scan_signs(buf: Any, start: int, end: int, bench: Any, out: Any) -> int:
    """Units of a text without spaces: each Chinese or Japanese character or sign, each run of other letters."""
    count, at, stops, ended = 0, start, 0, True
    while at < end:
        first = at
        code, width = decode(buf, at)
        flag = class_of(bench.classes, code)
        at += width
        if flag & SPACE:
            continue
        size = 1
        if flag & (LATIN | DIGIT | HANGUL):
            while at < end:
                code, width = decode(buf, at)
                if not class_of(bench.classes, code) & (LATIN | DIGIT | HANGUL):
                    break
                at += width
                size += 1
        bench.hashes[count] = hashed(buf, first, at) * MIX
        bench.ends[count + 1] = bench.ends[count] + size
        count += 1
        if flag & SENTENCE:
            out[SENTENCES_OF_SIGNS] += 0 if ended else 1
            ended = True
        elif flag & (HAN | KANA | LATIN | DIGIT):
            ended = False
            for sign in range(STOP_SIGNS.shape[0]):
                if STOP_SIGNS[sign, 0] == code:
                    stops |= 1 << STOP_SIGNS[sign, 1]
    out[SENTENCES_OF_SIGNS] += 0 if ended else 1
    out[STOPS_OF_SIGNS] = bits(stops)
    return count


@compiled
def bits(value: int) -> int:
    """How many bits are set."""
    count = 0
    while value:
        value &= value - 1
        count += 1
    return count


@compiled
def measure_one(buf: Any, start: int, end: int, bench: Any, out: Any) -> None:
    """Fill one row."""
    out[0] = end - start
    if start == end:
        return
    characters, breaks, controls, pairs = scan_bytes(buf, start, end)
    out[CHARACTERS] = characters
    mask, line_mask = mask_for(breaks + 2), mask_for(controls + 2)
    count = scan_lines(buf, start, end, line_mask, bench, out)
    out[STOP_WORDS] = bits(out[STOP_WORDS])
    scan_runs(buf, start, end, mask, bench, out)
    if pairs:
        scan_paragraphs(buf, start, end, mask, bench, out)
    else:
        out[PARAGRAPHS] = 1
    # not 0 or 1: of a written number a copy of the code is made
    columns, gap, scratch = moved(out, WORDS), min(count, 1), (bench.keys, bench.places, bench.times, bench.slots)
    repetition(bench.hashes, bench.ends, count, gap, *scratch, bench.marks, columns)
    if 10 * (out[HAN_LETTERS] + out[KANA_LETTERS]) >= 3 * out[ALL_LETTERS] and out[ALL_LETTERS]:
        count, gap = scan_signs(buf, start, end, bench, out), 0 * gap
        columns = moved(out, SIGNS)
        repetition(bench.hashes, bench.ends, count, gap, *scratch, bench.marks, columns)


@compiled
def measure_part(buf: Any, offsets: Any, first: int, last: int, bench: Any, out: Any) -> None:
    """Fill the rows of a stretch of documents; ``out`` holds zeros."""
    text, rows, inside = pointer(buf), pointer(out), pointers(bench)
    for at in range(first, last):
        measure_one(text, offsets[at], offsets[at + 1], inside, moved(rows, at * len(COLUMNS)))


def kept_on_disk() -> bool:
    """Does the machine code of an earlier run lie on this disk?"""
    dispatcher: Any = measure_part
    return any(Path(dispatcher.stats.cache_path).glob("text_statistics.measure_part-*.nbi"))


def bench_for(size: int) -> Bench:
    """Scratch space for documents of up to so many bytes; what is not touched costs no memory."""
    keys, pieces = special_table()
    phrases, phrase_facts = phrase_table()
    room = size + 16
    numbers = [np.empty(room, np.int64) for _ in range(6)]
    return Bench(
        classes=character_classes(),
        special_keys=keys,
        special_pieces=pieces,
        hashes=np.empty(room, np.uint64),
        ends=np.zeros(room, np.int64),
        keys=np.empty(room, np.uint64),
        places=numbers[0],
        times=numbers[1],
        slots=np.zeros(4 * room + 64, np.int64),
        codes=numbers[2],
        flags=numbers[3],
        memo=np.zeros(MEMO * MEMO_WIDTH, np.uint64),
        kinds=byte_kinds(character_classes()),
        spots=numbers[4],
        marks=np.empty(16 * room + 64, np.uint8),
        cuts=np.empty((room, 2), np.int64),
        line_keys=np.empty(room, np.uint64),
        line_slots=np.zeros(8 * room + 64, np.int64),
        edited=np.empty(room, np.uint8),
        phrases=phrases,
        phrase_facts=phrase_facts,
        pairs=pair_table(),
        signs=sign_table(character_classes()),
        facts=np.zeros(FACTS, np.int64),
        shape=np.zeros(3, np.int64),
        spare=np.zeros(len(COLUMNS), np.int64),
    )


def measure(buf: np.ndarray, offsets: np.ndarray, workers: int = 2) -> np.ndarray:
    """Every statistic of every document.

    Parameters
    ----------
    buf : ndarray of uint8
        UTF-8 bytes of all documents.
    offsets : ndarray of int64, shape (n + 1,)
        Where each document begins, and where the last ends.
    workers : int
        Threads; the answer does not depend on them.

    Returns
    -------
    ndarray of int64, shape (n, len(COLUMNS))
    """
    count = len(offsets) - 1
    out = np.zeros((count, len(COLUMNS)), np.int64)
    sizes = np.diff(offsets)
    if count == 0:
        return out
    total = int(offsets[-1] - offsets[0])
    parts = max(
        1, min(count, total // PART_BYTES, 4 * workers if total < 64 * PART_BYTES else total // (8 * PART_BYTES))
    )
    marks = np.searchsorted(offsets, offsets[0] + np.linspace(0, total, parts + 1))
    marks[0], marks[-1] = 0, count

    def run(part: int) -> None:
        first, last = int(marks[part]), int(marks[part + 1])
        if last > first:
            bench = bench_for(int(sizes[first:last].max()))
            measure_part(buf, offsets, first, last, bench, out)

    if parts == 1 or workers == 1:
        for part in range(parts):
            run(part)
    else:
        measure_part(buf, offsets, 0, 0, bench_for(1), out)  # compiled or read from the cache by one thread
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, range(parts)))
    return out
