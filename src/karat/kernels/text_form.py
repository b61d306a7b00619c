"""Counts that hold in every script: words as runs of letters, the commonest words of a language, line forms, signs."""

from typing import Any

import numpy as np

from karat.kernels.text_classes import HAN_TO, SIZE
from karat.kernels.text_compiled import compiled, moved, pointer
from karat.kernels.text_form_classes import (
    ALONE,
    BAD,
    CASED,
    CLOSE,
    CYRILLIC,
    DIGIT,
    END,
    GREEK,
    LATIN,
    LEAD,
    LETTER,
    LOWER,
    MENU,
    PROGRAM,
    SCRIPT,
    SPACE,
    TAIL,
    UPPER,
    VOWEL,
)
from karat.kernels.text_tally import LEAST_LETTERS, MOST_WORDS, empty_tally, tally, three_commonest
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
    "form_questions",  # question marks, several in a row as one
    "form_questions_inside",  # ... right before a letter
    "form_two_scripts",  # words of two scripts
    "form_symbols",  # different signs of programs
    "form_unspaced",  # letters of scripts that are written without blanks
    "form_tallied",  # words, and pairs of letters that are words of their own, up to the most that are tallied
    "form_commonest",  # how often the three longer ones of them that stand there most do
    "form_clocks",  # lines with a time of day to the second
)
AT = {name: at for at, name in enumerate(COLUMNS)}
WORDS, WORD_LETTERS, COMMON, DISTINCT, NOTICES, MIXED, UNSPEAKABLE, BROKEN, ENDS, ENDS_SMALL = range(10)
LINES, ENDED, SHORT, CAPITAL_LINES, SEPARATORS, CELLS, LINKS, LETTERS, CAPITALS, DIGITS = range(10, 20)
SHOUTS, CODE, SIGNS, NOTICE_KINDS, INSIDE, STOPS, BRACKETS, UNMATCHED = range(20, 28)
QUESTIONS, QUESTIONS_INSIDE, TWO_SCRIPTS, SYMBOLS, UNSPACED, TALLIED, COMMONEST, CLOCKS = range(28, 36)

DEEPEST = 63  # cost: brackets within brackets that are told apart
SHORT_WORDS = 5  # benchmark: text_signs.md: words of a line of a menu
NO_VOWEL, CONSONANTS = 5, 6  # benchmark: text_signs.md: letters of a word that nobody can say
SIEVE = np.uint64(0xFFFF)  # cost: bits of a key that are looked at first
PRIME, OFFSET = np.uint64(0x100000001B3), np.uint64(0xCBF29CE484222325)  # definition: FNV-1a
AFTER_BLANK = 2
AT_SIGN, QUESTION, EXCLAMATION, WIDE_EXCLAMATION, COMMA = 64, 63, 33, 0xFF01, 44
COLON, SEMICOLON, BAR, TAB, BLANK, BREAK = 58, 59, 124, 9, 32, 10
CLOCK = 7  # definition: hours, minutes and seconds, two colons between them
BACKTICK, LAST_LETTER, DIGITS_FROM = 96, 123, 15  # definition: places in ASCII
THAI, GEORGIAN, KHMER, MONGOLIAN = 0x0E00, 0x10A0, 0x1780, 0x1800  # definition: Thai to Burmese, and Khmer, in Unicode
ROUND, ROUND_END, SQUARE, SQUARE_END, CURLY, CURLY_END = 40, 41, 91, 93, 123, 125


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
def count_known(key: Any, book: Any, out: Any) -> None:
    """Count a word that is one of the commonest of its language, or one of notices, menus and adverts.

    ``book``: which keys may be known, those that are, where those of the language and of notices stand, the met, and
    the tally of all words.
    """
    sieve, known, ranges, met, _ = book
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
def take_word(key: Any, letters: int, book: Any, out: Any) -> None:
    """Tally a word of so many letters, while there is room."""
    if out[TALLIED] < MOST_WORDS:
        out[TALLIED] += 1
        if letters >= LEAST_LETTERS:
            tally(key, book[4])


@compiled
def forget(word: Any) -> None:
    """No word goes on."""
    for at in range(7):
        word[at] = 0


@compiled
def end_word(key: Any, word: Any, book: Any, out: Any) -> None:
    """Count a word that is over, and what is odd in it; ``word`` says so of it, see ``form_one``."""
    count_known(key, book, out)
    take_word(key, word[0], book, out)
    out[WORDS] += 1
    out[WORD_LETTERS] += word[0]
    scripts = word[3]
    alphabet = scripts == 1 << LATIN or scripts == 1 << CYRILLIC or scripts == 1 << GREEK
    out[MIXED] += 1 if word[4] > 0 or (scripts & (scripts - 1)) > 0 else 0
    out[TWO_SCRIPTS] += 1 if (scripts & (scripts - 1)) > 0 else 0
    lone = word[5] < word[0]  # a word of capitals is an abbreviation
    silent = (word[1] == 0 and word[0] >= NO_VOWEL) or word[6] >= CONSONANTS
    out[UNSPEAKABLE] += 1 if alphabet and lone and silent else 0
    forget(word)


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
        out[CLOCKS] += 1 if line[6] > 0 else 0
    line[0], line[1], line[2], line[3], line[5], line[6] = 0, -1, 0, 0, 0, 0


@compiled
def is_link(buf: Any, at: int, stop: int) -> bool:
    """Does an address begin here: http, www., or the @ of one?"""
    if at + 4 >= stop:
        return False
    a, b, c, d = buf[at] | 32, buf[at + 1] | 32, buf[at + 2] | 32, buf[at + 3]
    return (a == 104 and b == 116 and c == 116 and d | 32 == 112) or (a == b == c == 119 and d == 46)


@compiled
def count_letter(code: int, code_before: int, before: int, second: int, flag: int, pending: int, out: Any) -> None:
    """Count a letter, and what it says of the signs before it."""
    out[LETTERS] += 1
    out[CAPITALS] += 1 if flag & UPPER else 0
    if pending == AFTER_BLANK and flag & CASED:
        out[ENDS] += 1
        out[ENDS_SMALL] += 1 if flag & LOWER else 0
    out[UNSPACED] += 1 if (THAI <= code < GEORGIAN) or (KHMER <= code < MONGOLIAN) else 0
    out[QUESTIONS_INSIDE] += 1 if code_before == QUESTION else 0
    out[BROKEN] += 1 if code_before == QUESTION and second & LETTER else 0
    out[INSIDE] += 1 if before & PROGRAM and second & LETTER else 0


@compiled
def count_lone(code: int, single: Any, book: Any, line: Any, out: Any) -> Any:
    """Count a letter that is a word of its own, and the pair that it makes with the one before; returns its key."""
    line[0] += 1
    out[WORDS] += 1
    out[WORD_LETTERS] += 1
    lone = (OFFSET ^ np.uint64(code)) * PRIME
    count_known(lone, book, out)
    if single != OFFSET:
        pair = (single ^ np.uint64(code)) * PRIME
        count_known(pair, book, out)
        take_word(pair, LEAST_LETTERS, book, out)
    return lone


@compiled
def count_sign(code: int, flag: int, before: int, code_before: int, line: Any, out: Any) -> None:
    """Count a sign that is no letter, number or blank."""
    out[QUESTIONS] += 1 if code == QUESTION and code_before != QUESTION else 0
    if flag & PROGRAM:  # a bit each: from ! to `, and the four behind z in place of digits
        bit = 1 << (code - EXCLAMATION if code <= BACKTICK else code - LAST_LETTER + DIGITS_FROM)
        out[SYMBOLS] += 1 if line[4] & bit == 0 else 0
        line[4] |= bit
    out[SHOUTS] += 1 if code in (EXCLAMATION, WIDE_EXCLAMATION) else 0
    out[SEPARATORS] += 1 if flag & MENU else 0
    out[CODE] += 1 if flag & PROGRAM else 0
    out[SIGNS] += 1
    out[STOPS] += 1 if flag & END and code_before != code else 0
    out[LINKS] += 1 if code == AT_SIGN and before & LETTER else 0
    line[3] += 1 if code in (BAR, SEMICOLON) else 0


@compiled
def clock_after(code: int, flag: int, step: int) -> int:
    """How much of a time of day to the second stands just before: ``CLOCK`` where all of it does."""
    if flag & DIGIT:
        return 0 if step == 4 else step if step in (1, CLOCK) else step + 1
    if code == COLON and step in (1, 4):
        return step + 1
    return 0


@compiled
def count_in_line(code: int, flag: int, code_before: int, second: int, line: Any, out: Any) -> None:
    """Take a character into its line."""
    if line[5] > 0 or flag & DIGIT:
        line[5] = clock_after(code, flag, line[5])
        line[6] += 1 if line[5] == CLOCK else 0
    if code == BREAK:
        end_line(line, out)
    elif not flag & SPACE:
        line[1] = flag if line[1] < 0 else line[1]
        line[2] = flag
        line[3] += 1 if code_before == COMMA else 0
    else:
        line[3] += 1 if code == TAB or (code == BLANK and code_before == BLANK and second != SPACE) else 0


@compiled
def pends(code: int, code_before: int, flag: int, pending: int) -> int:
    """Does the end of a sentence stand just before: 1 where it does, 2 where a blank follows it, else 0?"""
    if flag & SPACE:
        return AFTER_BLANK if pending > 0 else 0
    if flag & END:
        return 0 if code_before == code else 1
    return pending if flag & CLOSE else 0


@compiled
def begin(ranges: Any, bench: Any) -> None:
    """Nothing has been met yet."""
    met, word, line, stack, _ = bench
    for place in range(ranges[0], ranges[1]):
        met[place] = 0
    for place in range(ranges[2], ranges[3]):
        met[place] = 0
    stack[0] = line[4] = 0
    line[0], line[1], line[2], line[3], line[5], line[6] = 0, -1, 0, 0, 0, 0
    forget(word)


@compiled
def form_one(buf: Any, at: int, stop: int, tables: Any, ranges: Any, bench: Any, out: Any) -> None:
    """Fill the row of a document. ``bench``: words met, the word, line and brackets that go on, and a tally."""
    flags, small, known, sieve = tables
    met, word, line, stack, table = bench
    book = (sieve, known, ranges, met, table)
    begin(ranges, bench)
    key = single = OFFSET
    before = second = code_before = pending = 0
    while at < stop:
        code, width = decode(buf, at)
        flag = flags[code] if code < SIZE else (LETTER | ALONE if code <= HAN_TO and code >= SIZE else 0)
        if word[0] > 0 and (not flag & (LETTER | DIGIT) or flag & ALONE):
            end_word(key, word, book, out)
        if flag & LETTER:
            count_letter(code, code_before, before, second, flag, pending, out)
            if flag & ALONE:
                single = count_lone(code, single, book, line, out)
            else:
                if word[0] == 0:
                    key = OFFSET
                    line[0] += 1
                    out[LINKS] += is_link(buf, at, stop)
                key = (key ^ np.uint64(small[code] if code < SIZE else code)) * PRIME
                add_letter(word, flag, before)
        else:
            single = OFFSET
            out[DIGITS] += 1 if flag & DIGIT else 0
            if not flag & (DIGIT | SPACE):
                count_sign(code, flag, before, code_before, line, out)
                count_bracket(code, stack, out)
        pending = pends(code, code_before, flag, pending)
        count_in_line(code, flag, code_before, second, line, out)
        lost = code == QUESTION and code_before == QUESTION
        out[BROKEN] += 1 if (flag & BAD) or lost or (before & LEAD and flag & TAIL) else 0
        second, before, code_before = before, flag, code
        at += width
    if word[0] > 0:
        end_word(key, word, book, out)
    end_line(line, out)
    out[COMMONEST] = three_commonest(table)


@compiled
def count_bracket(code: int, stack: Any, out: Any) -> None:
    """Take a bracket; ``stack`` holds how many are open, and which would close them."""
    closing = ROUND_END if code == ROUND else SQUARE_END if code == SQUARE else CURLY_END if code == CURLY else 0
    if closing and stack[0] < DEEPEST:
        stack[0] += 1
        stack[stack[0]] = closing
    elif code in (ROUND_END, SQUARE_END, CURLY_END):
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
    met, word, line = np.zeros(len(tables[2]), np.int64), np.zeros(8, np.int64), np.zeros(7, np.int64)
    stack = np.zeros(DEEPEST + 1, np.int64)
    keys, counts, used = empty_tally()
    table = (pointer(keys), pointer(counts), pointer(used))
    bench = (pointer(met), pointer(word), pointer(line), pointer(stack), table)
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
