"""What each character is to the rules for text: letter, space, quote, end of a sentence … as one table of flags.

The flags are those that the rules' own reference programs look at: the word splitter of spaCy 3.8 for English, the
punctuation of datatrove 0.10.1, and Python's own ideas of space, letter and case.
"""

import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np

SIZE = 0x20000  # definition: the planes that hold cased letters and signs; above lie Chinese characters

SPACE = 1 << 0  # definition: str.isspace
ALPHA = 1 << 1  # definition: a letter between which a word is split
LOWER = 1 << 2  # definition: ... that is not a capital (scripts without case count as both)
UPPER = 1 << 3  # definition: a letter that is no small one (likewise)
PREFIX = 1 << 4  # definition: split off at the front of a word
SUFFIX = 1 << 5  # definition: split off at its end
QUOTE = 1 << 6  # definition: a mark around what is said
CURRENCY = 1 << 7  # definition: a sign of money
ICON = 1 << 8  # definition: Unicode category So
BEFORE_STOP = 1 << 9  # definition: a full stop after it is a sign of its own
LETTER = 1 << 10  # definition: str.isalpha
SYMBOL = 1 << 11  # definition: punctuation: a word of nothing else is no word
TERMINAL = 1 << 12  # definition: ends a line as a sentence ends
SENTENCE = 1 << 13  # definition: ends a sentence
MARK = 1 << 14  # Unicode category P
LINE_BREAK = 1 << 15  # definition: str.splitlines
DIGIT = 1 << 16  # definition: 0 to 9
HAN = 1 << 17  # definition: Unicode blocks of Chinese characters
KANA = 1 << 18  # definition: Unicode blocks of Japanese syllables
HANGUL = 1 << 19  # definition: Unicode blocks of Korean syllables
CAPITAL = 1 << 20  # definition: str.isupper
LATIN = 1 << 21  # definition: a letter of the Latin script
HOST = 1 << 22  # definition: may stand in the name of a host
INFIX = 1 << 23  # definition: may be a sign of its own inside a word

ASTRAL_HAN = ALPHA | LOWER | UPPER | LETTER | HAN | HOST
HAN_TO = 0x323AF  # definition: Unicode 15, the end of extension H

# Unicode's Sentence_Terminal; the first list is older than the second
SENTENCE_ENDS = """21 2e 3f 589 61f 6d4 700-702 7f9 964-965 104a-104b 1362 1367-1368 166e 1735-1736 1803 1809 1944-1945
1aa8-1aab 1b5a-1b5b 1b5e-1b5f 1c3b-1c3c 1c7e-1c7f 203c-203d 2047-2049 2e2e 2e3c 3002 a4ff a60e-a60f a6f3 a6f7 a876-a877
a8ce-a8cf a92f a9c8-a9c9 aa5d-aa5f aaf0-aaf1 abeb fe52 fe56-fe57 ff01 ff0e ff1f ff61 10a56-10a57 11047-11048 110be-110c1
11141-11143 111c5-111c6 111cd 111de-111df 11238-11239 1123b-1123c 112a9 1144b-1144c 115c2-115c3 115c9-115d7 11641-11642
1173c-1173e 11a42-11a43 11a9b-11a9c 11c41-11c42 16a6e-16a6f 16af5 16b37-16b38 16b44 1bc9f 1da88"""
NEWER_ENDS = """61d-61e 837 839 83d-83e 17d4-17d6 17d9-17da 1b7d-1b7e 2e53-2e54 10f55-10f59 10f86-10f89 11944 11946
11ef7-11ef8 11f43-11f44 16e98"""
SYMBOLS = """0-8 b-1f 21-2f 3a-40 5b-60 7b-9f ab b4 bb 2013-2014 2019 201c-201e 2026 2236 2501 25ba 3001-3002 3008-300d
3010-3011 ff01 ff05 ff08-ff09 ff0c ff0e ff11 ff1a-ff1b ff1f ff5e"""
CASED = """41-5a 61-7a c0-d6 d8-f6 f8-1bf 1c4-2af 386 388-38a 38c 38e-38f 391-3a9 3ac-3af 3b1-3c9 3cc-3ce 400-401
403-40a 40c-40d 410-451 453-45a 45c-45d 490-491 496-497 4a2-4a3 4ae-4af 4ba-4bb 4d8-4d9 4e8-4e9 1d00-1d25 1d6b-1d77
1d79-1d9a 1e00-1eff 2c60-2c7b 2c7e-2c7f a722-a76f a771-a787 a78b-a78e a790-a7b9 a7fa ab30-ab5a ab60-ab64 ff21-ff3a
ff41-ff5a"""
UNCASED = """591-5f4 620-64a 66e-6d5 6e5-6ff 750-77f 8a0-8bd 900-9ff b80-cff d80-dff 1100-137f 2e80-2fdf 2ff0-30ff
31c0-31ef 3200-4dbf 4e00-9fff ac00-d7af f900-faff fb1d-fbb1 fbd3-fd3d fd50-fdc7 fdf0-fdfb fe30-fe4f fe70-fefc
1ee00-1eebb 1f200-1f2ff"""
PUNCTUATION = "….,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪".replace(".", "")
QUOTES = "'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉〈〉⟦⟧"
CURRENCIES = "$£€¥฿₽﷼₴₠₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₵₶₷₸₹₺₻₼₾₿"
LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def stretches(written: str) -> list[tuple[int, int]]:
    """Ranges of code points, both ends in, from hexadecimal ``a`` and ``a-b``."""
    return [(int(low, 16), int(high or low, 16)) for low, _, high in (part.partition("-") for part in written.split())]


@cache
def character_classes() -> np.ndarray:
    """The flags of each code point below ``SIZE``: ndarray of uint32, shape (SIZE,)."""
    table = np.zeros(SIZE, np.uint32)
    _mark_python_classes(table)
    for flag, ranges in (
        (SENTENCE | TERMINAL, SENTENCE_ENDS),
        (TERMINAL, NEWER_ENDS),
        (SYMBOL, f"{SYMBOLS} {SENTENCE_ENDS} {NEWER_ENDS}"),
        (ALPHA, CASED),
        (ALPHA | LOWER | UPPER, UNCASED),
        (HAN, "2e80-2fdf 3005 3007 3021-3029 3400-4dbf 4e00-9fff f900-faff"),
        (KANA, "3041-30ff 31f0-31ff ff66-ff9f"),
        (HANGUL, "1100-11ff 3130-318f ac00-d7af"),
        (DIGIT, "30-39"),
        (HOST, "30-39 41-5a 61-7a a1-ffff"),
        (BEFORE_STOP, "25 b2 2b 2d 7c"),
    ):
        for low, high in stretches(ranges):
            table[low : high + 1] |= flag
    for flag, signs in (
        (PREFIX | SUFFIX | BEFORE_STOP, PUNCTUATION),
        (PREFIX | SUFFIX | QUOTE | BEFORE_STOP, QUOTES),
        (PREFIX, "§%=—–+" + CURRENCIES),
        (SUFFIX, "—–"),
        (INFIX, ".…+-*^,:<>=/–~—"),
        (CURRENCY, CURRENCIES),
        (LINE_BREAK, LINE_BREAKS),
    ):
        table[[ord(sign) for sign in signs]] |= flag
    _mark_case(table)
    return table


def _mark_python_classes(table: np.ndarray) -> None:
    kinds = np.array([unicodedata.category(chr(at)) for at in range(SIZE)])
    letters, marks, blanks = (np.char.startswith(kinds, kind) for kind in "LPZ")
    for flag, holds in (
        (SPACE, _asked(blanks | (kinds == "Cc"), str.isspace)),
        (LETTER, letters),  # as str.isalpha
        (CAPITAL, _asked(letters | np.isin(kinds, ("Nl", "So")), str.isupper)),
        (MARK, marks),
        (ICON | INFIX | PREFIX | SUFFIX, kinds == "So"),
    ):
        table[holds] |= flag
    latin = np.zeros(SIZE, bool)
    for low, high in stretches("41-5a 61-7a c0-24f 1e00-1eff"):
        latin[low : high + 1] = True
    table[latin & ((table & LETTER) > 0)] |= LATIN


def _asked(which: np.ndarray, question: Callable[[str], bool]) -> np.ndarray:
    """(SIZE,) bool: the code points of ``which`` that a method of ``str`` says yes to."""
    answer = np.zeros(SIZE, bool)
    places = np.flatnonzero(which)
    answer[places] = [question(chr(at)) for at in places.tolist()]
    return answer


def _mark_case(table: np.ndarray) -> None:
    cased = (table & (ALPHA | LOWER)) == ALPHA
    capital = (table & CAPITAL) > 0
    small = _asked(cased, str.islower)
    table[cased & capital] |= UPPER
    table[cased & small] |= LOWER
    table[(table & LOWER) > 0] |= BEFORE_STOP
