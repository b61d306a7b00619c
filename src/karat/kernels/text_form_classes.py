"""What each character is to the counts of ``karat.kernels.text_form``, in every script."""

import unicodedata
from functools import cache

import numpy as np

from karat.kernels.text_classes import NEWER_ENDS, SENTENCE_ENDS, SIZE, stretches

LETTER, UPPER, LOWER, VOWEL, DIGIT, SPACE, END, CLOSE, BAD, LEAD, TAIL, MENU, PROGRAM, ALONE, CASED = (
    1 << at for at in range(15)
)
SCRIPT = 16  # definition: the bits from here on hold the script of a letter that has a case
LATIN, CYRILLIC, GREEK = 1, 2, 3
VOWELS = {
    "LATIN": (LATIN, "aeiouyæøœıəɛɔɪʊɩ"),
    "CYRILLIC": (CYRILLIC, "аеёиоуыэюяіїєӏәөүұѣӕў"),
    "GREEK": (GREEK, "αεηιουω"),
}
CASED_SCRIPTS = (*VOWELS, "ARMENIAN")  # definition: whose sentences begin with a capital
BLANKS = "\t\n\r\v\f"
MENUS = "|»›«‹·•©®™→►▸▶▼▲■□★☆✓✔"
PROGRAMS = "{}[]<>=+*/\\_#$&^~`@%"
CP1252 = "€‚ƒ†‡ˆ‰Š‹ŒŽ˜™š›œžŸ"
BY_RIGHT = "\xa0«»·°´"  # definition: may follow a letter in well-written text
ALONE_LETTERS = "3041-30ff 31f0-31ff 3400-4dbf 4e00-9fff f900-faff"


@cache
def form_classes() -> tuple[np.ndarray, np.ndarray]:
    """Flags (SIZE,) int32 and the small letter (SIZE,) int32 of each code point."""
    flags = np.array([_flags(chr(code)) for code in range(SIZE)], np.int32)
    small = np.array([_small(chr(code)) for code in range(SIZE)], np.int32)
    for low, high in [*stretches(SENTENCE_ENDS), *stretches(NEWER_ENDS)]:
        flags[low : min(high + 1, SIZE)] |= END | CLOSE
    for low, high in stretches(ALONE_LETTERS):
        flags[low : high + 1] |= ALONE
    flags[0xC2:0xF5] |= LEAD  # what the first byte of two or three is in Latin-1
    flags[0x80:0xC0] |= TAIL  # and one of the others
    flags[[ord(sign) for sign in BY_RIGHT]] &= ~TAIL
    for signs, flag in ((CP1252, TAIL), (MENUS, MENU), (PROGRAMS, PROGRAM)):
        flags[[ord(sign) for sign in signs]] |= flag
    return flags, small


def _flags(sign: str) -> int:
    kind = unicodedata.category(sign)
    broken = BAD if sign == "\ufffd" or (kind in ("Cc", "Co", "Cn") and sign not in f"{BLANKS}\x85") else 0
    if kind[0] in "LM":
        return LETTER | (_case(sign, kind) if kind in ("Lu", "Ll") else 0)
    if kind[0] == "Z" or sign in BLANKS:
        return SPACE
    return broken | (DIGIT if kind[0] == "N" else CLOSE if kind[0] == "P" else 0)


def _case(sign: str, kind: str) -> int:
    """The case and the script of a letter, and whether it is a vowel; 0 where sentences begin with no capital."""
    name = unicodedata.name(sign, "")
    if not name.startswith(CASED_SCRIPTS):
        return 0
    script, vowels = next((VOWELS[word] for word in VOWELS if name.startswith(word)), (0, ""))
    vowel = VOWEL if unicodedata.normalize("NFD", sign)[0].lower() in vowels else 0
    return CASED | (UPPER if kind == "Lu" else LOWER) | script << SCRIPT | vowel


def _small(sign: str) -> int:
    lower = sign.lower()
    return ord(lower) if len(lower) == 1 and ord(lower) < SIZE else ord(sign)
