"""The lines and paragraphs of a document: how they begin and end, which stand twice, what the rules for lines say."""

from typing import Any

import numpy as np

from karat.kernels.text_classes import CAPITAL, DIGIT, HAN, HANGUL, KANA, LATIN, LETTER, MARK, TERMINAL
from karat.kernels.text_columns import AT
from karat.kernels.text_compiled import compiled, eight_at
from karat.kernels.text_repetition import seen_before
from karat.kernels.text_scan import (
    LONGEST,
    SENTENCES,
    SPACED,
    TOPS,
    WORDS_IN,
    break_width,
    scan_words,
    stripped,
    without_citations,
)
from karat.kernels.text_words import STOP3, class_of, decode, hashed

LINES, BULLETS, ELLIPSIS_ENDS = AT["lines"], AT["bullet_lines"], AT["ellipsis_lines"]
HASHES, ELLIPSES = AT["hashes"], AT["ellipses"]
C4, ENDED = AT["c4_sentences"], AT["ended_sentences"]  # then lines, brackets, lorem
FULL, EDITED = AT["full_lines"], AT["edited_lines"]  # then ended, short, repeated, characters, breaks, words
RUNS, PARAGRAPHS = AT["runs"], AT["paragraphs"]
SPACED_WORDS, DROPPED = AT["spaced_words"], AT["dropped_words"]
LETTERS, LONGEST_WORD = AT["letters"], AT["longest_word"]
CAPITALS, DIGITS, MARKS = AT["capitals"], AT["digits"], AT["marks"]
JAVASCRIPT, LOREM, POLICY, CART, BRACKET, CITATION, MORE = 1, 2, 4, 8, 16, 32, 64
# text, place of its rarest letter, its bit: C4 (Raffel et al. 2020), the last three RefinedWeb (Penedo et al. 2023)
PHRASES = (
    ("javascript", 2, JAVASCRIPT),
    ("lorem ipsum", 4, LOREM),
    ("terms of use", 3, POLICY),
    ("privacy policy", 3, POLICY),
    ("cookie policy", 3, POLICY),
    ("uses cookies", 8, POLICY),
    ("use of cookies", 10, POLICY),
    ("use cookies", 7, POLICY),
    ("items in cart", 3, CART),
    ("read more...", 5, MORE),
    ("sign-in", 4, MORE),
)
PHRASE_COUNT = len(PHRASES)
FIELD, FIELD_FULL = 12, 4000  # bits of a count, and how many characters it can take
FIELD_MASK, COUNTS, STOP_HERE = np.uint64(0xFFF), np.uint64((1 << 60) - 1), np.uint64(1 << 63)
F1, F2, F3, F4 = np.uint64(12), np.uint64(24), np.uint64(36), np.uint64(48)
STOPPED_AT = ".#{[" + "".join({rare for phrase, at, _ in PHRASES for rare in (phrase[at], phrase[at].upper())})
SPACES = np.uint64(0x2020202020202020)
MAX_WORD = 1000  # characters: C4 (Raffel et al. 2020)
COUNTED = "likes shares comments retweets reposts quotes bookmarks upvotes downvotes downloads views followers"
OFFSET, PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # definition: FNV-1a (Fowler, Noll, Vo)
SHORT_LINE = 30  # characters: FineWeb (Penedo et al. 2024)
MIN_LINE_WORDS = 3  # C4 (Raffel et al. 2020)


def _counter(word: str) -> int:
    value = int(OFFSET)
    for byte in word.encode():
        value = ((value ^ byte) * int(PRIME)) & 0xFFFFFFFFFFFFFFFF
    return value


COUNTERS = np.array([_counter(word) for word in COUNTED.split()], np.uint64)


def phrase_table() -> tuple[np.ndarray, np.ndarray]:
    """The phrases as bytes (p, 16), and length, place of the rarest letter, that letter, bit (p, 4)."""
    letters, facts = np.zeros((len(PHRASES), 16), np.uint8), np.zeros((len(PHRASES), 4), np.int64)
    for at, (phrase, rare, bit) in enumerate(PHRASES):
        letters[at, : len(phrase)] = np.frombuffer(phrase.encode(), np.uint8)
        facts[at] = len(phrase), rare, ord(phrase[rare]), bit
    return letters, facts


def pair_table() -> np.ndarray:
    """For each letter (five bits of it) a bit for each rarest letter of a phrase that may follow; uint32 (32,)."""
    pairs = np.zeros(32, np.uint32)
    for phrase, at, _ in PHRASES:
        pairs[ord(phrase[at - 1]) & 31] |= np.uint32(1 << (ord(phrase[at]) & 31))
    return pairs


@compiled
def may_stop(buf: Any, at: int, start: int, end: int, pairs: Any) -> bool:
    """Can a rare character of a line tell anything, its neighbours looked at?"""
    byte = buf[at]
    if byte == 46:
        return at + 1 < end and buf[at + 1] == 46
    if byte == 35 or byte == 123 or byte == 91:  # noqa: PLR1714  machine code has no tuple to search
        return True
    return at > start and (pairs[buf[at - 1] & 31] >> (byte & 31)) & 1 != 0


@compiled
def phrases_at(buf: Any, at: int, start: int, end: int, bench: Any) -> int:
    """The bits of the phrases whose rarest letter stands at a place."""
    letter, bits = np.int64(buf[at]) | 32, 0
    for phrase in range(PHRASE_COUNT):
        if bench.phrase_facts[4 * phrase + 2] != letter:
            continue
        first = at - bench.phrase_facts[4 * phrase + 1]
        size = bench.phrase_facts[4 * phrase]
        if first < start or first + size > end:
            continue
        same = True
        for step in range(size):
            byte = np.int64(buf[first + step])
            if 65 <= byte <= 90:
                byte |= 32
            if byte != bench.phrases[16 * phrase + step]:
                same = False
                break
        if same:
            bits |= bench.phrase_facts[4 * phrase + 3]
    return bits


def sign_table(classes: np.ndarray) -> np.ndarray:
    """What each ASCII character adds to a line's counts, twelve bits a count: capitals, digits, letters, marks, all."""
    table = np.zeros(128, np.uint64)
    for place, flag in enumerate((CAPITAL, DIGIT, LETTER, MARK)):
        table |= ((classes[:128] & flag) > 0).astype(np.uint64) << np.uint64(FIELD * place)
    table |= np.uint64(1 << (4 * FIELD))
    table[[ord(sign) for sign in STOPPED_AT]] |= STOP_HERE
    return table


@compiled
def stop_at(buf: Any, at: int, start: int, end: int, bench: Any, out: Any, free: int) -> tuple[int, int]:
    """What a rare character of a line tells: the bits of phrases, and where the next ellipsis may begin."""
    byte = buf[at]
    if byte == 46:
        if at >= free and at + 2 < end and buf[at + 1] == 46 and buf[at + 2] == 46:
            out[ELLIPSES] += 1
            return 0, at + 3
        return 0, free
    if byte == 35:
        out[HASHES] += 1
        return 0, free
    if byte == 123:
        return BRACKET, free
    if byte == 91:
        return CITATION, free
    return phrases_at(buf, at, start, end, bench), free


@compiled
def line_signs(buf: Any, start: int, end: int, bench: Any, out: Any, shape: Any) -> int:
    """Count the letters and signs of a line; returns its phrases. ``shape``: characters, capitals, digits."""
    shape[0], shape[1], shape[2] = 0, 0, 0
    phrases, free, at = 0, start, start
    while at < end:
        packed = np.uint64(0)
        stop = min(end, at + FIELD_FULL)
        while at < stop and buf[at] < 0x80:
            adds = bench.signs[buf[at]]
            packed += adds & COUNTS
            if adds & STOP_HERE and may_stop(buf, at, start, end, bench.pairs):
                bits, free = stop_at(buf, at, start, end, bench, out, free)
                phrases |= bits
            at += 1
        note_signs(packed, shape, out)
        if at < end and buf[at] >= 0x80:
            at += note_wide(buf, at, shape, bench, out)
    return phrases


@compiled
def note_signs(packed: Any, shape: Any, out: Any) -> None:
    """Add packed counts of ASCII characters."""
    capitals, digits = np.int64(packed & FIELD_MASK), np.int64((packed >> F1) & FIELD_MASK)
    letters, marks = np.int64((packed >> F2) & FIELD_MASK), np.int64((packed >> F3) & FIELD_MASK)
    shape[0] += np.int64(packed >> F4)
    shape[1] += capitals
    shape[2] += digits
    out[LETTERS] += letters
    out[LETTERS + 1] += letters
    out[CAPITALS] += capitals
    out[DIGITS] += digits
    out[MARKS] += marks


@compiled
def note_wide(buf: Any, at: int, shape: Any, bench: Any, out: Any) -> int:
    """Count a character beyond ASCII; returns its width."""
    code, width = decode(buf, at)
    flag = class_of(bench.classes, code)
    shape[0] += 1
    if flag & CAPITAL:
        shape[1] += 1
        out[CAPITALS] += 1
    if flag & LETTER:
        out[LETTERS] += 1
        out[LETTERS + 1] += 1 if flag & LATIN else 0
        out[LETTERS + 2] += 1 if flag & HAN else 0
        out[LETTERS + 3] += 1 if flag & KANA else 0
        out[LETTERS + 4] += 1 if flag & HANGUL else 0
    elif flag & MARK:
        out[MARKS] += 1
        out[ELLIPSES] += 1 if code == STOP3 else 0
    return width


@compiled
def ends_with_ellipsis(buf: Any, start: int, end: int) -> bool:
    """``...`` or the one sign for it."""
    if end - start < 3:
        return False
    if buf[end - 1] == 46:
        return buf[end - 2] == 46 and buf[end - 3] == 46
    return buf[end - 1] == 0xA6 and buf[end - 2] == 0x80 and buf[end - 3] == 0xE2


@compiled
def ends_with_dots(buf: Any, start: int, end: int) -> bool:
    """Three full stops."""
    return end - start >= 3 and buf[end - 1] == 46 and buf[end - 2] == 46 and buf[end - 3] == 46


@compiled
def ends_a_sentence(buf: Any, start: int, end: int, classes: Any) -> bool:
    """Is the last character an end mark of any script?"""
    at = end - 1
    while at > start and buf[at] & 0xC0 == 0x80:
        at -= 1
    code, _ = decode(buf, at)
    return class_of(classes, code) & TERMINAL != 0


@compiled
def note_shape(buf: Any, start: int, end: int, characters: int, again: bool, bench: Any, out: Any, first: int) -> None:
    """FineWeb's counts of a line, which begin at column ``first``: lines, ended, short, characters of repeated ones."""
    out[first] += 1
    out[first + 1] += 1 if ends_a_sentence(buf, start, end, bench.classes) else 0
    out[first + 2] += 1 if characters <= SHORT_LINE else 0
    out[first + 3] += characters if again else 0


@compiled
def note_line(buf: Any, start: int, end: int, number: int, mask: int, bench: Any, out: Any) -> None:
    """Add an edited line to FineWeb's counts."""
    characters = 0
    for at in range(start, end):
        characters += 1 if buf[at] & 0xC0 != 0x80 else 0
    bench.line_keys[number] = hashed(buf, start, end)
    again = seen_before(bench.line_slots, bench.line_keys, number, mask) >= 0
    note_shape(buf, start, end, characters, again, bench, out, EDITED)
    out[EDITED + 4] += characters


@compiled
def is_counter(buf: Any, start: int, end: int) -> bool:
    """A number and one word of those that count visitors: ``1,204 likes``."""
    at = start
    while at < end and (48 <= buf[at] <= 57 or buf[at] == 44 or buf[at] == 46):
        at += 1
    if at == start or at >= end or buf[start] < 48 or buf[start] > 57:
        return False
    if buf[at] | 32 in (107, 109, 98):
        at += 1
    if at >= end or buf[at] != 32:
        return False
    key = OFFSET
    for place in range(at + 1, end):
        key = (key ^ np.uint64(buf[place] | 32)) * PRIME
    for counter in COUNTERS:  # noqa: SIM110  machine code has no any()
        if counter == key:
            return True
    return False


@compiled
def is_number(shape: Any, words: int) -> bool:
    """Digits alone, in one word or several."""
    return shape[2] > 0 and shape[2] + words - 1 >= shape[0]


@compiled
def drops_line(buf: Any, start: int, end: int, phrases: int, shape: Any, words: int) -> bool:
    """Does RefinedWeb's list of line rules drop a line?"""
    if words < 2 or 2 * shape[1] > shape[0] or is_number(shape, words):
        return True
    if phrases & CART and words <= 10:
        return True
    if phrases & MORE and words <= 10:
        return True
    return is_counter(buf, start, end)


@compiled
def note_c4(buf: Any, start: int, end: int, phrases: int, sentences: int, out: Any) -> bool:
    """Apply C4's rules to a line of enough words; returns whether it is kept when end marks are not asked for."""
    last = buf[end - 1] if end > start else np.uint8(0)
    ended = last in (46, 63, 33, 34, 39) and not ends_with_dots(buf, start, end)
    for first in (C4, ENDED):
        if first == ENDED and not ended:
            continue
        stopped = out[first + 2] + out[first + 3]
        if phrases & LOREM:
            out[first + 3] += 1 if stopped == 0 else 0
        elif phrases & JAVASCRIPT:
            continue
        elif phrases & BRACKET:
            out[first + 2] += 1 if stopped == 0 else 0
        elif not phrases & POLICY:
            out[first] += sentences
            out[first + 1] += 1
    return phrases & (LOREM | JAVASCRIPT | BRACKET | POLICY) == 0


@compiled
def scan_line(buf: Any, start: int, end: int, count: int, mask: int, bench: Any, out: Any) -> int:
    """Everything about one line (of ``str.splitlines``); returns how many words the document has by now."""
    facts, shape = bench.facts, bench.shape
    out[LINES] += 1
    start, end = stripped(buf, start, end, bench.classes)
    if start == end:
        return count
    bullet = buf[start] == 45 or (end - start > 2 and buf[start] == 0xE2 and buf[start + 1] == 0x80)
    out[BULLETS] += 1 if bullet and (buf[start] == 45 or buf[start + 2] == 0xA2) else 0
    out[ELLIPSIS_ENDS] += 1 if ends_with_ellipsis(buf, start, end) else 0
    count = scan_words(buf, start, end, bench, count, out, facts)
    phrases = line_signs(buf, start, end, bench, out, shape)
    words = facts[SPACED]
    out[SPACED_WORDS] += words
    out[LONGEST_WORD] = max(out[LONGEST_WORD], facts[LONGEST])
    if drops_line(buf, start, end, phrases, shape, words):
        out[DROPPED] += words
    if facts[LONGEST] > MAX_WORD or words < MIN_LINE_WORDS:
        return count
    number = out[EDITED]
    if phrases & CITATION:
        size = without_citations(buf, start, end, bench.edited)
        if size != end - start:
            edited, first = bench.edited, start - start
            scan_words(edited, first, size, bench, count, bench.spare, facts)
            kept = note_c4(edited, first, size, phrases, facts[SENTENCES], out)
            if kept and facts[WORDS_IN]:
                note_line(edited, first, size, number, mask, bench, out)
                out[EDITED + 6] += facts[WORDS_IN]
            return count
    if note_c4(buf, start, end, phrases, facts[SENTENCES], out):
        note_line(buf, start, end, number, mask, bench, out)
        out[EDITED + 6] += facts[WORDS_IN]
    return count


@compiled
def no_break(eight: Any) -> bool:
    """Are none of eight bytes below a space or beyond ASCII?"""
    return ((eight - SPACES) | eight) & TOPS == 0


@compiled
def scan_lines(buf: Any, start: int, end: int, mask: int, bench: Any, out: Any) -> int:
    """Everything about the lines of a document; returns how many words it has."""
    bench.line_slots[0] += 1
    count, first, at = start - start, start, start  # not 0: of a written number a copy of the code is made
    while at < end:
        while at + 8 <= end and no_break(eight_at(buf, at)):
            at += 8
        if at == end:
            break
        byte = buf[at]
        if 31 <= byte < 0xC2:
            at += 1
            continue
        width = break_width(buf, at, end, bench.classes)
        if width:
            count = scan_line(buf, first, at, count, mask, bench, out)
            first = at + width
        at += max(width, 1)
    if first < end:
        count = scan_line(buf, first, end, count, mask, bench, out)
    out[EDITED + 5] = max(out[EDITED] - 1, 0)
    return count
