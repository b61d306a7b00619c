"""One line of text: its words with their hashes, its sentences, the phrases in it."""

from typing import Any

import numpy as np

from karat.kernels.text_addresses import DOT
from karat.kernels.text_classes import LETTER, LINE_BREAK, MARK, SENTENCE, SPACE, SYMBOL, UPPER
from karat.kernels.text_columns import AT
from karat.kernels.text_compiled import compiled, eight_at, moved, zeros_below
from karat.kernels.text_contractions import hash_bytes
from karat.kernels.text_words import class_of, cut, decode, hashed, special_at

REAL_WORDS, REAL_CHARACTERS = AT["real_words"], AT["real_word_characters"]
LETTER_WORDS, STOP_WORDS, STOP_COUNT = AT["letter_words"], AT["stop_words"], AT["stop_word_count"]
HALF = np.uint64(32)
FEEDS, ONES, TOPS, CASES, BELOW_A, BEYOND_Z = (
    np.uint64(byte * 0x0101010101010101) for byte in (10, 1, 0x80, 0x20, 0x80 - 97, 0x80 - 123)
)
BLANK, SIGN, WIDE = 1, 2, 3  # kinds of bytes that are no letter; beyond WIDE: the first byte of a wide character
MEMO, MEMO_WORDS, MEMO_WIDTH = 4096, 3, 8
MEMO_MASK = np.uint64(MEMO - 1)
# Gopher's eight; a table in which each has a place of its own
STOPS = ("the", "be", "to", "of", "and", "that", "have", "with")
STOP_ROOM = 64  # cost: places in the table of stop words
STOP_MASK = np.uint64(STOP_ROOM - 1)
# what a line's facts are written to
SPACED, LONGEST, SENTENCES, WORDS_IN, SEEN, GAP, FACTS = 0, 1, 2, 3, 4, 5, 6


def _stop_table() -> tuple[np.ndarray, np.ndarray]:
    keys, bits = np.zeros(STOP_ROOM, np.uint64), np.zeros(STOP_ROOM, np.int64)
    for at, word in enumerate(STOPS):
        key = hash_bytes(word.encode())
        place = key & (STOP_ROOM - 1)
        assert not keys[place]
        keys[place], bits[place] = key, 1 << at
    return keys, bits


STOP_KEYS, STOP_BITS = _stop_table()


def byte_kinds(classes: np.ndarray) -> np.ndarray:
    """What each byte is to a word: 0 a letter, or ``BLANK``, ``SIGN``, ``WIDE``, or the first of a wide character."""
    kinds = np.full(256, SIGN, np.uint8)
    kinds[:128][(classes[:128] & LETTER) > 0] = 0
    kinds[:128][(classes[:128] & SPACE) > 0] = BLANK
    kinds[0x80:0xC0] = WIDE
    kinds[0xC0:] = WIDE + 1
    return kinds


EDIT = np.uint64(hash_bytes(b"[edit]"))
NEEDED = np.uint64(hash_bytes(b"[citation needed]"))


@compiled
def next_feed(buf: Any, at: int, end: int) -> int:
    """Where the next line feed stands, or the end."""
    while at + 8 <= end:
        other = eight_at(buf, at) ^ FEEDS
        if (other - ONES) & ~other & TOPS:
            break
        at += 8
    while at < end and buf[at] != 10:
        at += 1
    return at


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
def stop_bit(key: Any) -> int:
    """The bit of a stop word by its hash, 0 for another word."""
    at = key & STOP_MASK
    return STOP_BITS[at] if STOP_KEYS[at] == key else 0


@compiled
def note_word(hashes: Any, ends: Any, count: int, key: Any, size: int, kind: int, out: Any, facts: Any) -> int:
    """Add a word: its hash, its characters, and what they are.

    ``kind`` holds LETTER where one is a letter, SYMBOL where all are signs, MARK where all are punctuation, SENTENCE
    where the word is the end of a sentence. Sentences are cut as spaCy's sentencizer cuts them.
    """
    hashes[count] = key
    ends[count + 1] = ends[count] + size
    real, letter, stop = kind & SYMBOL == 0, kind & LETTER != 0, stop_bit(key)
    out[REAL_WORDS] += real
    out[REAL_CHARACTERS] += size * real
    out[LETTER_WORDS] += letter
    out[STOP_WORDS] |= stop
    out[STOP_COUNT] += stop != 0
    begins = facts[SEEN] * (facts[GAP] != 0 or kind & (MARK | SENTENCE) == 0)
    facts[SENTENCES] += begins
    facts[SEEN] = 1 if kind & SENTENCE else facts[SEEN] - begins
    facts[GAP] = 0
    return count + 1


@compiled
def scan_words(buf: Any, start: int, end: int, bench: Any, count: int, out: Any, facts: Any) -> int:
    """Cut a line into words; returns how many words the document has by now."""
    classes, kinds, hashes, ends = bench.classes, bench.kinds, bench.hashes, bench.ends
    for at in range(FACTS):
        facts[at] = 0
    facts[SENTENCES] = 1
    begun, spaced, longest = count, 0, 0
    plain, letters, stops, stop_words = 0, 0, 0, 0  # words of letters alone, and what is known of them
    at = skip_gap(buf, start, end, classes, facts)  # what citations leave may begin with a space
    while at < end:
        first = at
        at, odd, wide = stretch_end(buf, first, end, kinds, classes)
        spaced += 1
        longest = max(longest, at - first - wide)
        key = hashed(buf, first, at)
        if is_word(buf, first, odd, at, key, bench):
            if odd < at:
                key = hashed(buf, first, odd)
            hashes[count] = key
            ends[count + 1] = ends[count] + (odd - first)
            count += 1
            plain += 1
            letters += odd - first
            stop = stop_bit(key)
            stop_words |= stop
            stops += stop > 0
            facts[SENTENCES] += facts[SEEN]
            facts[SEEN] = facts[GAP] = 0
            if odd < at:
                kind = SYMBOL | MARK | (SENTENCE if classes[buf[odd]] & SENTENCE else 0)
                count = note_word(hashes, ends, count, hashed(buf, odd, at), 1, kind, out, facts)
        else:
            count = cut_stretch(buf, first, at, key, bench, count, out, facts)
        if at + 1 < end and buf[at] == 32 and buf[at + 1] > 32 and buf[at + 1] < 0x80:
            at += 1
        else:
            at = skip_gap(buf, at, end, classes, facts)
    note_plain(plain, letters, stops, stop_words, out)
    facts[SPACED], facts[LONGEST], facts[WORDS_IN] = spaced, longest, count - begun
    return count


@compiled
def is_word(buf: Any, first: int, odd: int, end: int, key: Any, bench: Any) -> bool:
    """Is a stretch one word of letters alone, or with one sign behind it?"""
    if odd == end:
        return special_at(bench.special_keys, key) < 0
    signed = odd == end - 1 and bench.kinds[buf[odd]] == SIGN
    return signed and is_plain(buf, first, end, key, bench.classes, bench.special_keys)


@compiled
def cut_stretch(buf: Any, first: int, end: int, key: Any, bench: Any, count: int, out: Any, facts: Any) -> int:
    """Cut a stretch by the rules, or as they cut the same one before."""
    entry, words = moved(bench.memo, np.int64(key & MEMO_MASK) * MEMO_WIDTH), count
    if entry[0] == key and entry[1]:
        return cut_again(entry, bench.hashes, bench.ends, count, out, facts)
    count = cut_by_rules(buf, first, end, bench, count, out, facts)
    remember(entry, key, words, count, bench)
    return count


@compiled
def note_plain(words: int, letters: int, stops: int, stop_words: int, out: Any) -> None:
    """Add words of letters alone."""
    out[REAL_WORDS] += words
    out[LETTER_WORDS] += words
    out[REAL_CHARACTERS] += letters
    out[STOP_COUNT] += stops
    out[STOP_WORDS] |= stop_words


@compiled
def stretch_end(buf: Any, at: int, end: int, kinds: Any, classes: Any) -> tuple[int, int, int]:
    """Where a stretch without white space ends, its first byte that is no letter, and its bytes beyond characters."""
    while at + 8 <= end:
        few = letters_at(eight_at(buf, at))
        at += few
        if few < 8:
            break
    while at < end and kinds[buf[at]] == 0:
        at += 1
    odd, wide = at, 0
    while at < end:
        what = kinds[buf[at]]
        if what == BLANK or (what > WIDE and wide_space(buf, at, classes)):
            break
        wide += what == WIDE
        at += 1
    return at, odd, wide


@compiled
def letters_at(eight: Any) -> int:
    """How many of eight bytes are ASCII letters before the first that is none."""
    small = eight | CASES
    low = (small & ~TOPS) + BELOW_A  # the top bit of a byte: it is not below a
    high = (small & ~TOPS) + BEYOND_Z  # the top bit of a byte: it is beyond z
    return zeros_below((~low | high | small) & TOPS) >> 3


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
def is_plain(buf: Any, first: int, end: int, key: Any, classes: Any, specials: Any) -> bool:
    """Letters and one sign behind them: is the sign cut off, and is nothing here a special text?"""
    size = end - first
    if size == 1:
        return False
    sign = np.int64(buf[end - 1])
    if sign == DOT:
        if classes[buf[end - 2]] & UPPER and not (size > 2 and classes[buf[end - 3]] & UPPER):
            return False
    elif sign != 44 and sign not in (59, 58, 33, 63, 41, 34, 39):
        return False
    return special_at(specials, key) < 0 and special_at(specials, hashed(buf, first, end - 1)) < 0


@compiled
def cut_again(entry: Any, hashes: Any, ends: Any, count: int, out: Any, facts: Any) -> int:
    """What ``cut_by_rules`` said of the same stretch before."""
    for word in range(np.int64(entry[1])):
        what = np.int64(entry[2 * word + 3])
        count = note_word(hashes, ends, count, entry[2 * word + 2], int(what >> 32), int(what & 0xFFFFFFFF), out, facts)
    return count


@compiled
def remember(entry: Any, key: Any, begun: int, count: int, bench: Any) -> None:
    """Keep what ``cut_by_rules`` has just said of a stretch, if it is not too long."""
    words = count - begun
    if words > MEMO_WORDS:
        return
    entry[0], entry[1] = key, np.uint64(words)
    for word in range(words):
        size = bench.ends[begun + word + 1] - bench.ends[begun + word]
        entry[2 * word + 2] = bench.hashes[begun + word]
        entry[2 * word + 3] = np.uint64((size << 32) | bench.codes[word])


@compiled
def cut_by_rules(buf: Any, first: int, end: int, bench: Any, count: int, out: Any, facts: Any) -> int:
    """Cut any stretch without white space."""
    hashes, ends, classes, cuts = bench.hashes, bench.ends, bench.classes, bench.cuts
    codes, flags, spots = bench.codes, bench.flags, bench.spots
    size, at = 0, first
    while at < end and buf[at] < 0x80:
        codes[size] = buf[at]
        flags[size] = classes[buf[at]]
        spots[size] = at
        size += 1
        at += 1
    while at < end:
        code, width = decode(buf, at)
        codes[size] = code
        flags[size] = class_of(classes, code)
        spots[size] = at
        size += 1
        at += width
    spots[size] = end
    words = cut(buf, spots, codes, flags, size, bench.special_keys, bench.special_pieces, cuts)
    for word in range(words):
        low, high = cuts[2 * word], cuts[2 * word + 1]
        some, every = 0, SYMBOL | MARK
        for place in range(low, high):
            some |= flags[place]
            every &= flags[place]
        kind = (some & LETTER) | every
        if high - low == 1:
            kind |= some & SENTENCE
        key = hashed(buf, spots[low], spots[high])
        count = note_word(hashes, ends, count, key, high - low, kind, out, facts)
        codes[word] = kind  # for who asks again: its characters are done with
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
