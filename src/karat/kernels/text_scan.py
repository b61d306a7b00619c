"""One line of text: its words with their hashes, its sentences, the phrases in it."""

from typing import Any, NamedTuple

import numpy as np

from karat.kernels.text_addresses import DOT
from karat.kernels.text_classes import LETTER, LINE_BREAK, MARK, SENTENCE, SPACE, SYMBOL, UPPER
from karat.kernels.text_columns import AT
from karat.kernels.text_compiled import compiled, eight_at, pointer
from karat.kernels.text_contractions import hash_bytes
from karat.kernels.text_words import OFFSET, PRIME, class_of, cut, decode, hashed, special_at

REAL_WORDS, REAL_CHARACTERS = AT["real_words"], AT["real_word_characters"]
LETTER_WORDS, STOP_WORDS, STOP_COUNT = AT["letter_words"], AT["stop_words"], AT["stop_word_count"]
HALF = np.uint64(32)
MIX = np.uint64(0x9FB21C651E98DF25)
# Gopher's eight; a table in which each has a place of its own
STOPS = ("the", "be", "to", "of", "and", "that", "have", "with")
STOP_MASK = np.uint64(63)
# what a line's facts are written to
SPACED, LONGEST, SENTENCES, WORDS_IN, SEEN, GAP, FACTS = 0, 1, 2, 3, 4, 5, 6


def _stop_table() -> tuple[np.ndarray, np.ndarray]:
    keys, bits = np.zeros(64, np.uint64), np.zeros(64, np.int64)
    for at, word in enumerate(STOPS):
        key = hash_bytes(word.encode())
        place = (key ^ (key >> 32)) & 63
        while keys[place]:
            place = (place + 1) & 63
        keys[place], bits[place] = key, 1 << at
    return keys, bits


STOP_KEYS, STOP_BITS = _stop_table()

EDIT = np.uint64(hash_bytes(b"[edit]"))
NEEDED = np.uint64(hash_bytes(b"[citation needed]"))


class Bench(NamedTuple):
    """Scratch space of one thread, and the tables it reads; arrays, and inside the kernels pointers to them."""

    classes: Any  # uint32 (SIZE,), flags of characters
    special_keys: Any  # uint64
    special_pieces: Any  # int64, MAX_PIECES each
    hashes: Any  # uint64, one per word
    ends: Any  # int64, characters up to each word
    keys: Any  # uint64
    places: Any  # int64
    times: Any  # int64
    slots: Any  # int64, four times as long
    codes: Any  # int64, one stretch without white space
    flags: Any  # int64
    spots: Any  # int64
    cuts: Any  # int64, two each
    line_keys: Any  # uint64, one per line
    line_slots: Any  # int64, four times as long
    edited: Any  # uint8, one line
    phrases: Any  # uint8, 16 each: lower-case ASCII
    phrase_facts: Any  # int64, 4 each: length, place of its rarest letter, that letter, bit
    signs: Any  # uint64 (128,), what each ASCII character adds to the counts of its line
    facts: Any  # int64 (FACTS,), one line
    shape: Any  # int64 (3,), one line
    spare: Any  # int64, a row of counts that nobody reads


@compiled
def hashed_fast(buf: Any, start: int, end: int) -> Any:
    """A hash of a long stretch of bytes, eight at a time; not that of ``hashed``."""
    value = OFFSET ^ np.uint64(end - start)
    at = start
    while at + 8 <= end:
        value = (value ^ eight_at(buf, at)) * MIX
        value ^= value >> HALF
        at += 8
    while at < end:
        value = (value ^ np.uint64(buf[at])) * PRIME
        at += 1
    return value


@compiled
def wide_space(buf: Any, at: int, classes: Any) -> int:
    """The width of a white space beyond ASCII that starts at a byte, 0 for none."""
    first = buf[at]
    if first != 0xC2 and (first < 0xE1 or first > 0xE3):
        return 0
    code, width = decode(buf, at)
    return width if class_of(classes, code) & SPACE else 0


@compiled
def space_width(buf: Any, at: int, classes: Any) -> int:
    """The width of the white space that starts at a byte, 0 for none."""
    if buf[at] < 0x80:
        return 1 if classes[buf[at]] & SPACE else 0
    return wide_space(buf, at, classes)


@compiled
def break_width(buf: Any, at: int, end: int, classes: Any) -> int:
    """The width of the line break that starts at a byte, 0 for none."""
    if buf[at] < 0x80:
        if not classes[buf[at]] & LINE_BREAK:
            return 0
        return 2 if buf[at] == 13 and at + 1 < end and buf[at + 1] == 10 else 1
    if buf[at] == 0xC2 and buf[at + 1] == 0x85:
        return 2
    if buf[at] == 0xE2 and buf[at + 1] == 0x80 and buf[at + 2] in (0xA8, 0xA9):
        return 3
    return 0


@compiled
def stripped(buf: Any, start: int, end: int, classes: Any) -> tuple[int, int]:
    """A stretch without the white space around it."""
    while start < end:
        width = space_width(buf, start, classes)
        if width == 0:
            break
        start += width
    while end > start:
        at = end - 1
        while at > start and buf[at] & 0xC0 == 0x80:
            at -= 1
        if space_width(buf, at, classes) == 0:
            break
        end = at
    return start, end


@compiled
def note_stop(key: Any, out: Any) -> None:
    """Count a word if it is a stop word; which ones stand here is a bit each."""
    at = (key ^ (key >> HALF)) & STOP_MASK
    while STOP_KEYS[at] != 0:
        if STOP_KEYS[at] == key:
            out[STOP_WORDS] |= STOP_BITS[at]
            out[STOP_COUNT] += 1
            return
        at = (at + np.uint64(1)) & STOP_MASK


@compiled
def note_word(bench: Any, count: int, key: Any, size: int, kind: int, out: Any, facts: Any) -> int:
    """Add a word: its hash, its characters, and what they are.

    ``kind`` holds LETTER where one is a letter, SYMBOL where all are signs, MARK where all are punctuation, SENTENCE
    where the word is the end of a sentence. Sentences are cut as spaCy's sentencizer cuts them.
    """
    bench.hashes[count] = key
    bench.ends[count + 1] = bench.ends[count] + size
    if not kind & SYMBOL:
        out[REAL_WORDS] += 1
        out[REAL_CHARACTERS] += size
    if kind & LETTER:
        out[LETTER_WORDS] += 1
        if 2 <= size <= 4:
            note_stop(key, out)
    if facts[SEEN] and (facts[GAP] or not kind & (MARK | SENTENCE)):
        facts[SENTENCES] += 1
        facts[SEEN] = 0
    if kind & SENTENCE:
        facts[SEEN] = 1
    facts[GAP] = 0
    return count + 1


@compiled
def scan_words(  # noqa: C901, PLR0912  the innermost loop of all
    buf: Any, start: int, end: int, bench: Any, count: int, out: Any, facts: Any
) -> int:
    """Cut a line into words; returns how many words the document has by now."""
    classes = bench.classes
    for at in range(FACTS):
        facts[at] = 0
    facts[SENTENCES] = 1
    begun, spaced, longest = count, 0, 0
    at = skip_gap(buf, start, end, classes, facts)  # what citations leave may begin with a space
    while at < end:
        first, odd, wide, last_odd = at, 0, 0, -1
        key, before = OFFSET, OFFSET
        while at < end:
            byte = buf[at]
            if byte < 0x80:
                flag = classes[byte]
                if flag & SPACE:
                    break
                if not flag & LETTER:
                    odd += 1
                    last_odd = at
            else:
                if byte >= 0xC0 and wide_space(buf, at, classes):
                    break
                odd += 2
                wide += 1 if byte & 0xC0 == 0x80 else 0
            before = key
            key = (key ^ np.uint64(byte)) * PRIME
            at += 1
        spaced += 1
        longest = max(longest, at - first - wide)
        if odd == 0 and special_at(bench.special_keys, key) < 0:
            count = note_letters(bench, count, key, at - first, out, facts)
        elif odd == 1 and last_odd == at - 1 and is_plain(buf, first, at, key, before, bench):
            count = note_letters(bench, count, before, at - 1 - first, out, facts)
            sign = buf[last_odd]
            kind = SYMBOL | MARK | (SENTENCE if classes[sign] & SENTENCE else 0)
            count = note_word(bench, count, (OFFSET ^ np.uint64(sign)) * PRIME, 1, kind, out, facts)
        else:
            count = cut_by_rules(buf, first, at, bench, count, out, facts)
        if at + 1 < end and buf[at] == 32 and buf[at + 1] > 32 and buf[at + 1] < 0x80:
            at += 1
        else:
            at = skip_gap(buf, at, end, classes, facts)
    facts[SPACED], facts[LONGEST] = spaced, longest
    facts[WORDS_IN] = count - begun
    return count


@compiled
def skip_gap(buf: Any, at: int, end: int, classes: Any, facts: Any) -> int:
    """Go over white space; more than one plain space is noted."""
    gap = at
    while at < end:
        width = space_width(buf, at, classes)
        if width == 0:
            break
        at += width
    facts[GAP] = 1 if at - gap > 1 or (at > gap and buf[gap] != 32) else 0
    return at


@compiled
def is_plain(buf: Any, first: int, end: int, key: Any, before: Any, bench: Any) -> bool:
    """Letters and one sign behind them: is the sign cut off, and is nothing here a special text?"""
    size = end - first
    if size == 1:
        return False
    sign = np.int64(buf[end - 1])
    if sign == DOT:
        if bench.classes[buf[end - 2]] & UPPER and not (size > 2 and bench.classes[buf[end - 3]] & UPPER):
            return False
    elif sign != 44 and sign not in (59, 58, 33, 63, 41, 34, 39):
        return False
    return special_at(bench.special_keys, key) < 0 and special_at(bench.special_keys, before) < 0


@compiled
def note_letters(bench: Any, count: int, key: Any, size: int, out: Any, facts: Any) -> int:
    """Add a word of letters alone: what most words are."""
    bench.hashes[count] = key
    bench.ends[count + 1] = bench.ends[count] + size
    out[REAL_WORDS] += 1
    out[REAL_CHARACTERS] += size
    out[LETTER_WORDS] += 1
    if 2 <= size <= 4:
        note_stop(key, out)
    facts[SENTENCES] += facts[SEEN]
    facts[SEEN] = 0
    facts[GAP] = 0
    return count + 1


@compiled
def cut_by_rules(buf: Any, first: int, end: int, bench: Any, count: int, out: Any, facts: Any) -> int:
    """Cut any stretch without white space."""
    size, at = 0, first
    while at < end:
        code, width = decode(buf, at)
        bench.codes[size] = code
        bench.flags[size] = class_of(bench.classes, code)
        bench.spots[size] = at
        size += 1
        at += width
    bench.spots[size] = end
    words = cut(buf, bench.spots, bench.codes, bench.flags, size, bench.special_keys, bench.special_pieces, bench.cuts)
    for word in range(words):
        low, high = bench.cuts[2 * word], bench.cuts[2 * word + 1]
        some, every = 0, SYMBOL | MARK
        for place in range(low, high):
            some |= bench.flags[place]
            every &= bench.flags[place]
        kind = (some & LETTER) | every
        if high - low == 1:
            kind |= some & SENTENCE
        key = hashed(buf, bench.spots[low], bench.spots[high])
        count = note_word(bench, count, key, high - low, kind, out, facts)
    return count


@compiled
def citation_width(buf: Any, at: int, end: int) -> int:
    """The width of ``[12]``, ``[]``, ``[edit]`` or ``[citation needed]`` at a place, 0 for none."""
    stop = at + 1
    while stop < end and 48 <= buf[stop] <= 57:
        stop += 1
    if stop < end and buf[stop] == 93:
        return stop + 1 - at
    for size, key in ((6, EDIT), (17, NEEDED)):
        if at + size <= end and hashed(buf, at, at + size) == key:
            return size
    return 0


@compiled
def without_citations(buf: Any, start: int, end: int, to: Any) -> int:
    """Copy a line without its citations; returns how many bytes are left."""
    kept, at = 0, start
    while at < end:
        width = citation_width(buf, at, end) if buf[at] == 91 else 0
        if width:
            at += width
            continue
        to[kept] = buf[at]
        kept += 1
        at += 1
    return kept


@compiled
def pointers(bench: Any) -> Any:
    """The same bench, its arrays as pointers."""
    return Bench(
        pointer(bench.classes),
        pointer(bench.special_keys),
        pointer(bench.special_pieces),
        pointer(bench.hashes),
        pointer(bench.ends),
        pointer(bench.keys),
        pointer(bench.places),
        pointer(bench.times),
        pointer(bench.slots),
        pointer(bench.codes),
        pointer(bench.flags),
        pointer(bench.spots),
        pointer(bench.cuts),
        pointer(bench.line_keys),
        pointer(bench.line_slots),
        pointer(bench.edited),
        pointer(bench.phrases),
        pointer(bench.phrase_facts),
        pointer(bench.signs),
        pointer(bench.facts),
        pointer(bench.shape),
        pointer(bench.spare),
    )
