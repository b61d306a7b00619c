"""What each character is to the counts that hold in every script."""

import numpy as np
import pytest

from karat.kernels import text_form_classes as classes


@pytest.mark.parametrize(
    ("sign", "has", "has_not"),
    [
        ("a", classes.LETTER | classes.LOWER | classes.CASED | classes.VOWEL, classes.UPPER),
        ("Ж", classes.LETTER | classes.UPPER | classes.CASED, classes.VOWEL),
        ("ά", classes.LETTER | classes.LOWER | classes.VOWEL, classes.UPPER),
        ("ა", classes.LETTER, classes.CASED),  # Georgian sentences begin with no capital
        ("ा", classes.LETTER, classes.CASED),  # a vowel sign of Hindi belongs to its word
        ("漢", classes.LETTER | classes.ALONE, classes.CASED),
        ("。", classes.END | classes.CLOSE, classes.LETTER),
        ("।", classes.END, classes.LETTER),
        (",", classes.CLOSE, classes.END),
        ("\n", classes.SPACE, classes.BAD),
        ("\x07", classes.BAD, classes.SPACE),
        ("\ufffd", classes.BAD, classes.LETTER),
        ("Ã", classes.LEAD | classes.UPPER, classes.TAIL),
        ("»", classes.MENU, classes.TAIL),  # after a letter in French
        ("{", classes.PROGRAM, classes.LETTER),
        ("٣", classes.DIGIT, classes.LETTER),
    ],
)
def test_a_sign_is_what_it_is(sign, has, has_not):
    flags, _ = classes.form_classes()
    assert flags[ord(sign)] & has == has
    assert not flags[ord(sign)] & has_not


def test_scripts_that_look_alike_are_told_apart_and_capitals_have_small_letters():
    flags, small = classes.form_classes()
    assert [int(flags[ord(sign)]) >> classes.SCRIPT for sign in "aаα漢"] == [
        classes.LATIN,
        classes.CYRILLIC,
        classes.GREEK,
        0,
    ]
    assert "".join(map(chr, small[[ord(sign) for sign in "AÉЖİ漢"]])) == "aéжİ漢"
    assert small.dtype == flags.dtype == np.int32
