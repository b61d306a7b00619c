"""The flags of characters against Python and Unicode."""

import unicodedata

import numpy as np
import pytest

from karat.kernels import text_classes as classes
from karat.kernels.text_classes import SIZE, character_classes, stretches


def holds(flag):
    """(SIZE,) bool."""
    return (character_classes() & flag) > 0


def python(question):
    return np.array([question(chr(at)) for at in range(SIZE)])


@pytest.mark.parametrize(
    ("flag", "question"),
    [(classes.SPACE, str.isspace), (classes.LETTER, str.isalpha), (classes.CAPITAL, str.isupper)],
)
def test_what_python_says(flag, question):
    assert (holds(flag) == python(question)).all()


def test_line_breaks_are_those_of_splitlines():
    assert (holds(classes.LINE_BREAK) == python(lambda sign: len(f"a{sign}b".splitlines()) > 1)).all()


def test_punctuation_is_unicodes_category():
    assert (holds(classes.MARK) == python(lambda sign: unicodedata.category(sign)[0] == "P")).all()
    assert holds(classes.ICON)[ord("😀")]
    assert not holds(classes.ICON)[ord("a")]


def test_stretches_of_code_points_have_both_ends():
    assert stretches("21 2e-3a\n1f600") == [(0x21, 0x21), (0x2E, 0x3A), (0x1F600, 0x1F600)]


@pytest.mark.parametrize(
    ("flag", "inside", "outside"),
    [
        ("SENTENCE", ".!?。！？؟", ",;a…"),
        ("TERMINAL", ".!?。！？؟។", ",;a…"),
        ("SYMBOL", "!,.;?…。，「（'\x00\x7f", "aé0 \x7e"[:3]),
        ("DIGIT", "0123456789", "a٠¹"),
        ("HAN", "一龥々㐀豈⺀", "あ가aー"),
        ("KANA", "あンー", "一가"),
        ("HANGUL", "가ᄀㄱ", "一あ"),
        ("LATIN", "azAZéßɏẀ", "α×÷0яɐ"),
        ("HOST", "a0Zé一", "-._ /"),
        ("PREFIX", "([“$€—+§", "a0./"),
        ("SUFFIX", ")]”—…", "a0$+."),
        ("QUOTE", "'\"“”「」", "a!("),
        ("CURRENCY", "$£€¥₿", "a%"),
        ("INFIX", "+-*/:=<>~…,.—", "a0()"),
        ("BEFORE_STOP", "a%+-|é,)'", "A0"),
        ("ALPHA", "aZéЯא一가", "0.ʰ"),
        ("LOWER", "aéяא一", "AÉЯ0"),
        ("UPPER", "AÉЯא一", "aéя0"),
    ],
)
def test_what_belongs_to_a_class(flag, inside, outside):
    table = holds(getattr(classes, flag))
    assert [sign for sign in inside if not table[ord(sign)]] == []
    assert [sign for sign in outside if table[ord(sign)]] == []


def test_each_flag_is_a_bit_of_its_own():
    flags = [
        value
        for name, value in vars(classes).items()
        if name.isupper() and isinstance(value, int) and name not in ("SIZE", "ASTRAL_HAN", "HAN_TO")
    ]
    assert len(flags) == 24
    assert sum(flags) == 2**24 - 1
    assert character_classes().dtype == np.uint32
