"""Counts that hold in every script: words as runs of letters, the commonest words of a language, line forms, signs."""

import unicodedata
from functools import cache
from typing import Any

import numpy as np

from karat.kernels.text_classes import HAN_TO, NEWER_ENDS, SENTENCE_ENDS, SIZE, stretches
from karat.kernels.text_compiled import compiled, moved, pointer
from karat.kernels.text_words import decode

COLUMNS = (
    "form_words",
    "form_word_letters",
    "form_common",  # words that are among the commonest of the language
    "form_distinct_common",
    "form_notices",  # words of notices, menus and adverts
    "form_mixed",  # words of two scripts, with a capital after a small letter, or with a digit between letters
    "form_unspeakable",  # words with many letters and no vowel, or many consonants in a row
    "form_broken",  # replacement characters, controls, UTF-8 read as Latin-1, question marks inside words
    "form_ends",  # sentence ends before a letter that has a case
    "form_ends_small",  # ... a small one
    "form_lines",
    "form_ended",  # lines that end in any sign of punctuation
    "form_short",  # lines of one to five words that do not
    "form_capital_lines",  # lines that begin with a capital, a bullet or a number
    "form_separators",  # signs of menus
    "form_cells",  # lines of two cells or more
    "form_links",
    "form_letters",
    "form_capitals",
    "form_digits",
    "form_shouts",  # exclamation marks
    "form_code",  # signs that programs, markup and formulas use
    "form_signs",  # all other signs
    "form_notice_kinds",
    "form_inside",  # signs of programs between two letters
    "form_stops",  # ends of sentences
    "form_brackets",  # closing ones
    "form_unmatched",  # ... that close none of their kind
)
AT = {name: at for at, name in enumerate(COLUMNS)}
WORDS, WORD_LETTERS, COMMON, DISTINCT, NOTICES, MIXED, UNSPEAKABLE, BROKEN, ENDS, ENDS_SMALL = range(10)
LINES, ENDED, SHORT, CAPITAL_LINES, SEPARATORS, CELLS, LINKS, LETTERS, CAPITALS, DIGITS = range(10, 20)
SHOUTS, CODE, SIGNS, NOTICE_KINDS, INSIDE, STOPS, BRACKETS, UNMATCHED = range(20, 28)

LETTER, UPPER, LOWER, VOWEL, DIGIT, SPACE, END, CLOSE, BAD, LEAD, TAIL, MENU, PROGRAM, ALONE, CASED = (
    1 << at for at in range(15)
)
SCRIPT = 16  # definition: the bits above hold the script of letters that look like those of another
LATIN, CYRILLIC, GREEK = 1, 2, 3
DEEPEST = 63  # cost: brackets within brackets that are told apart
SHORT_WORDS = 5  # unproven: words of a line of a menu
NO_VOWEL, CONSONANTS = 5, 6  # unproven: letters of a word that nobody can say
NOBODY = 1 << 30  # definition: no place in a text
SIEVE = np.uint64(0xFFFF)  # cost: bits of a key that are looked at first
PRIME, OFFSET = np.uint64(0x100000001B3), np.uint64(0xCBF29CE484222325)  # definition: FNV-1a
CASED_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")  # definition: whose sentences begin with a capital
MENUS = "|»›«‹·•©®™→►▸▶▼▲■□★☆✓✔"
PROGRAMS = "{}[]<>=+*/\\_#$&^~`@%"
CP1252 = "€‚ƒ†‡ˆ‰Š‹ŒŽ˜™š›œžŸ"


@cache
def form_classes() -> tuple[np.ndarray, np.ndarray]:
    """Flags (SIZE,) int32 and the small letter (SIZE,) int32 of each code point."""
    flags, small = np.zeros(SIZE, np.int32), np.arange(SIZE, dtype=np.int32)
    for code in range(SIZE):
        sign = chr(code)
        kind = unicodedata.category(sign)
        if kind[0] in "LM":
            flags[code] = LETTER
            lower = sign.lower()
            small[code] = ord(lower) if len(lower) == 1 and ord(lower) < SIZE else code
            if kind in ("Lu", "Ll") and unicodedata.name(sign, "").startswith(CASED_SCRIPTS):
                flags[code] |= CASED | (UPPER if kind == "Lu" else LOWER) | _script(sign)
        elif kind[0] == "Z" or sign in "\t\n\r\v\f":
            flags[code] = SPACE
        elif kind in ("Nd", "Nl", "No"):
            flags[code] = DIGIT
        elif kind[0] == "P":
            flags[code] = CLOSE
        if kind in ("Cc", "Co", "Cn") and sign not in "\t\n\r\v\f\x85" or code == 0xFFFD:
            flags[code] |= BAD
    for low, high in [*stretches(SENTENCE_ENDS), *stretches(NEWER_ENDS)]:
        flags[low : min(high + 1, SIZE)] |= END | CLOSE
    for low, high in stretches("3041-30ff 31f0-31ff 3400-4dbf 4e00-9fff f900-faff"):
        flags[low : high + 1] |= ALONE
    flags[0xC2:0xF5] |= LEAD
    flags[0x80:0xC0] |= TAIL
    flags[[ord(sign) for sign in "\xa0«»·°´"]] &= ~TAIL  # they follow letters by right
    for signs, flag in ((CP1252, TAIL), (MENUS, MENU), (PROGRAMS, PROGRAM)):
        flags[[ord(sign) for sign in signs]] |= flag
    return flags, small


def _script(sign: str) -> int:
    """The script of a cased letter, and whether it is a vowel."""
    base = unicodedata.normalize("NFD", sign)[0].lower()
    name = unicodedata.name(sign, "")
    for script, word, vowels in (
        (LATIN, "LATIN", "aeiouyæøœıəɛɔɪʊɩ"),
        (CYRILLIC, "CYRILLIC", "аеёиоуыэюяіїєӏәөүұѣӕў"),
        (GREEK, "GREEK", "αεηιουω"),
    ):
        if name.startswith(word):
            return script << SCRIPT | (VOWEL if base in vowels else 0)
    return 0


def key_of(word: str) -> int:
    """The hash of a word in small letters, as the kernel makes it."""
    value = int(OFFSET)
    for sign in word:
        value = ((value ^ ord(sign)) * int(PRIME)) & 0xFFFFFFFFFFFFFFFF
    return value


@compiled
def found(keys: Any, low: int, high: int, key: Any) -> int:
    """Where a key stands among sorted ones, -1 where it does not."""
    end = high
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < end and keys[low] == key else -1


@compiled
def count_known(key: Any, sieve: Any, known: Any, ranges: Any, met: Any, out: Any) -> None:
    """Count a word that is one of the commonest of its language, or one of notices, menus and adverts."""
    if sieve[key & SIEVE] == 0:
        return
    at = found(known, ranges[0], ranges[1], key)
    if at >= 0:
        out[COMMON] += 1
        out[DISTINCT] += 1 - met[at]
        met[at] = 1
    at = found(known, ranges[2], ranges[3], key)
    if at >= 0:
        out[NOTICES] += 1
        out[NOTICE_KINDS] += 1 - met[at]
        met[at] = 1


@compiled
def count_word(word: Any, out: Any) -> None:
    """Count what is odd in a word that is over; ``word`` says so of it, see ``form_one``."""
    out[WORDS] += 1
    out[WORD_LETTERS] += word[0]
    scripts = word[3]
    alphabet = scripts == 1 << LATIN or scripts == 1 << CYRILLIC or scripts == 1 << GREEK
    out[MIXED] += 1 if word[4] > 0 or (scripts & (scripts - 1)) > 0 else 0
    lone = word[5] < word[0]  # a word of capitals is an abbreviation
    silent = (word[1] == 0 and word[0] >= NO_VOWEL) or word[6] >= CONSONANTS
    out[UNSPEAKABLE] += 1 if alphabet and lone and silent else 0


@compiled
def forget(word: Any) -> None:
    """No word goes on."""
    for at in range(7):
        word[at] = 0


@compiled
def add_letter(word: Any, flag: int, before: int) -> None:
    """Take a letter into the word that goes on."""
    if word[0] > 0 and ((before & LOWER and flag & UPPER) or before & DIGIT):
        word[4] += 1
    word[0] += 1
    word[3] |= 1 << (flag >> SCRIPT) if flag >> SCRIPT else 0
    word[5] += 1 if flag & UPPER else 0
    if flag & VOWEL or not flag & CASED:
        word[1] += 1
        word[2] = 0
    else:
        word[2] += 1
        word[6] = max(word[6], word[2])


@compiled
def end_line(line: Any, out: Any) -> None:
    """Count a line that is over: ``line`` has its words, the flags of its first and last sign, and its cells."""
    if line[1] >= 0:
        out[LINES] += 1
        out[ENDED] += 1 if line[2] & CLOSE else 0
        out[SHORT] += 1 if 0 < line[0] <= SHORT_WORDS and not line[2] & CLOSE else 0
        out[CAPITAL_LINES] += 1 if line[1] & (UPPER | DIGIT | MENU | CLOSE) else 0
        out[CELLS] += 1 if line[3] >= 2 else 0
    line[0], line[1], line[2], line[3] = 0, -1, 0, 0


@compiled
def is_link(buf: Any, at: int, stop: int) -> bool:
    """Does an address begin here: http, www., or the @ of one?"""
    if at + 4 >= stop:
        return False
    a, b, c, d = buf[at] | 32, buf[at + 1] | 32, buf[at + 2] | 32, buf[at + 3]
    return (a == 104 and b == 116 and c == 116 and d | 32 == 112) or (a == b == c == 119 and d == 46)


@compiled
def form_one(buf: Any, at: int, stop: int, tables: Any, ranges: Any, bench: Any, out: Any) -> None:  # noqa: C901, PLR0912, PLR0913, PLR0915
    """Fill the row of a document. ``bench``: the words met, the word and the line that go on."""
    flags, small, known, sieve = tables
    met, word, line, stack = bench
    stack[0] = 0
    for place in range(ranges[0], ranges[1]):
        met[place] = 0
    for place in range(ranges[2], ranges[3]):
        met[place] = 0
    line[0], line[1], line[2], line[3] = 0, -1, 0, 0
    forget(word)
    key, single = OFFSET, OFFSET
    before = second = code_before = pending = 0
    while at < stop:
        code, width = decode(buf, at)
        flag = flags[code] if code < SIZE else (LETTER | ALONE if code <= HAN_TO and code >= 0x20000 else 0)
        if flag & LETTER:
            if flag & ALONE:
                line[0] += 1
                out[WORDS] += 1
                out[WORD_LETTERS] += 1
                lone = (OFFSET ^ np.uint64(code)) * PRIME
                count_known(lone, sieve, known, ranges, met, out)
                count_known((single ^ np.uint64(code)) * PRIME, sieve, known, ranges, met, out)
                single = lone
            else:
                if word[0] == 0:
                    key = OFFSET
                    line[0] += 1
                    out[LINKS] += is_link(buf, at, stop)
                key = (key ^ np.uint64(small[code] if code < SIZE else code)) * PRIME
                add_letter(word, flag, before)
            out[LETTERS] += 1
            out[CAPITALS] += 1 if flag & UPPER else 0
            if pending == 2 and flag & CASED:
                out[ENDS] += 1
                out[ENDS_SMALL] += 1 if flag & LOWER else 0
            out[BROKEN] += 1 if code_before == 63 and second & LETTER else 0
            out[INSIDE] += 1 if before & PROGRAM and second & LETTER else 0
            pending = 0
        elif flag & DIGIT:
            out[DIGITS] += 1
            pending = 0
        if (not flag & (LETTER | DIGIT) or flag & ALONE) and word[0] > 0:
            count_known(key, sieve, known, ranges, met, out)
            count_word(word, out)
            forget(word)
        if not flag & (LETTER | DIGIT | SPACE):
            count_sign(code, flag, out)
            count_bracket(code, stack, out)
            out[STOPS] += 1 if flag & END and code_before != code else 0
            out[LINKS] += 1 if code == 64 and before & LETTER else 0
            line[3] += 1 if code == 124 or code == 59 else 0
            pending = (0 if code_before == code else 1) if flag & END else pending if flag & CLOSE else 0
        elif flag & SPACE:
            pending = 2 if pending > 0 else 0
            line[3] += 1 if code == 9 or (code == 32 and code_before == 32 and second != SPACE) else 0
        if code == 10:
            end_line(line, out)
        elif not flag & SPACE:
            line[1] = flag if line[1] < 0 else line[1]
            line[2] = flag
            line[3] += 1 if code_before == 44 else 0
        lost = code == 63 and code_before == 63
        out[BROKEN] += 1 if flag & BAD or lost or (before & LEAD and flag & TAIL) else 0
        second, before, code_before = before, flag, code
        at += width
    if word[0] > 0:
        count_known(key, sieve, known, ranges, met, out)
        count_word(word, out)
    end_line(line, out)


@compiled
def count_sign(code: int, flag: int, out: Any) -> None:
    """Count a sign that is no letter, number or blank."""
    out[SHOUTS] += 1 if code == 33 or code == 0xFF01 else 0
    out[SEPARATORS] += 1 if flag & MENU else 0
    out[CODE] += 1 if flag & PROGRAM else 0
    out[SIGNS] += 1


@compiled
def count_bracket(code: int, stack: Any, out: Any) -> None:
    """Take a bracket; ``stack`` holds how many are open, and which would close them."""
    closing = 41 if code == 40 else 93 if code == 91 else 125 if code == 123 else 0
    if closing and stack[0] < DEEPEST:
        stack[0] += 1
        stack[stack[0]] = closing
    elif code == 41 or code == 93 or code == 125:
        out[BRACKETS] += 1
        if stack[0] > 0 and stack[stack[0]] == code:
            stack[0] -= 1
        else:
            out[UNMATCHED] += 1


@compiled
def form(buf: Any, offsets: Any, languages: Any, tables: Any, ranges: Any, out: Any) -> None:
    """Fill a row a document.

    Parameters
    ----------
    buf : ndarray of uint8
    offsets : ndarray of int64, shape (n + 1,)
    languages : ndarray of int64, shape (n,)
        Which of ``ranges`` holds the commonest words of each document; -1 for none.
    tables : tuple of ndarray
        ``form_classes()`` and the keys of words (k,) uint64, sorted within each range; those of notices stand last.
    ranges : ndarray of int64, shape (r + 1,)
        Where the words of each language begin in the keys; the last, where those of notices do.
    out : ndarray of int32, shape (n, len(COLUMNS))
    """
    met, word, line = np.zeros(len(tables[2]), np.int64), np.zeros(8, np.int64), np.zeros(4, np.int64)
    stack = np.zeros(DEEPEST + 1, np.int64)
    bench = (pointer(met), pointer(word), pointer(line), pointer(stack))
    flags, small, known = tables
    sieve = np.zeros(1 << 16, np.uint8)
    for key in known:
        sieve[key & SIEVE] = 1
    text, rows = pointer(buf), pointer(out)
    for at in range(len(offsets) - 1):
        which = languages[at]
        first, last = (ranges[which], ranges[which + 1]) if which >= 0 else (0, 0)
        form_one(
            text,
            offsets[at],
            offsets[at + 1],
            (pointer(flags), pointer(small), pointer(known), pointer(sieve)),
            (first, last, ranges[-1], len(known)),
            bench,
            moved(rows, at * len(COLUMNS)),
        )
