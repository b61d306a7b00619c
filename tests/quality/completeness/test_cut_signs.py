"""Signs that a text was cut off, one by one, and what is no sign."""

import pytest

from karat.quality.completeness._cut_signs import (
    BROKEN,
    FAR,
    HANGING,
    NEVER,
    NONE,
    ODD,
    OPEN,
    SHAPE,
    CutSign,
    Vocabulary,
    WordCounts,
    sign,
)
from karat.quality.completeness._endings import CLASSES

WORD, LINE, ITEM, CODE = range(len(CLASSES))
NOTHING = Vocabulary({})


def kind_of(text, kind=LINE, vocabulary=NOTHING):
    return sign(text, kind, vocabulary).kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I like the gard", BROKEN),
        ("I like the", NEVER),
        ("I like (bread", OPEN),
        ("I like the garden", NONE),
        ("我喜欢春天的", NONE),  # six signs may be a title
        ("我每年都喜欢春天的", NEVER),
        ("I like bread,", HANGING),
        ("I like bread -", HANGING),
        ("I like bread:", HANGING),
        ("bread and 2.", HANGING),
        ("see http://a.b/c=", NONE),
        ("I went there when", NEVER),
        ("The", NONE),  # all that there is
        ("I like THE", NONE),  # a name in capitals
        ("I like :( bread", NONE),
        ("he said “well", OPEN),
        ("a (river) and (garden", OPEN),
        ("a (b\nand more of it", FAR),
        ("```\nx = 1\nmore of it", FAR),
        ("```\nx = 1\n```\nmore of it", NONE),
        ("if x:\n    y = 1\nwhile x > 2", HANGING),
        ("while it rains", NONE),
    ],
)
def test_the_strongest_sign_at_the_end_of_a_text(text, kind):
    assert kind_of(text) == kind


def test_signs_in_words():
    assert sign("I like the gard", LINE, NOTHING) == CutSign(BROKEN, "its last word 'gard' is the beginning of another")
    assert sign("I like bread,", LINE, NOTHING).words == "it ends with ','"
    assert sign("I like the", LINE, NOTHING).words == "it ends with the word 'the'"
    assert sign("我每年都喜欢春天的", LINE, NOTHING).words == "it ends with '的'"
    assert sign("I like (bread", LINE, NOTHING).words == "( is never closed"
    assert sign("I like bread", LINE, NOTHING).words == ""


def test_code_hangs_by_nature_and_greetings_end_with_a_comma():
    assert kind_of("f(x),", CODE) == NONE
    assert kind_of("I like it the", CODE) == NONE
    assert kind_of("See you soon\nYours,") == NONE
    assert kind_of("Yours,") == HANGING
    assert kind_of("See you soon\nand this is of six words,") == HANGING


def test_a_word_alone_is_not_broken():
    assert kind_of("gard") == NONE
    assert kind_of("a line\ngard") == BROKEN


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("garden", NONE),
        ("gard", BROKEN),
        ("Garde", BROKEN),  # five letters, though with a capital
        ("Gard", ODD),
        ("gar", ODD),
        ("GARD", NONE),
        ("jardín", NONE),
        ("x", BROKEN),
        ("X", ODD),
        ("qxqx", NONE),
    ],
)
def test_the_beginning_of_an_english_word(word, kind):
    assert NOTHING.broken(word) == kind


def test_a_word_of_the_files_own():
    assert Vocabulary({"gard": 1}).broken("gard") == BROKEN
    assert Vocabulary({"gard": 2}).broken("gard") == NONE
    assert Vocabulary({"gard": 2, "gard\0": 50}).broken("gard") == BROKEN  # two are a fiftieth and one
    assert Vocabulary({"gard": 3, "gard\0": 50}).broken("gard") == NONE


def test_the_beginning_of_a_word_of_the_file():
    known = {"qxqx\0": 5, "qxq\0": 5, "qx\0": 5}
    assert Vocabulary(known).broken("qxqx") == BROKEN
    assert Vocabulary(known).broken("Qxqx") == BROKEN
    assert Vocabulary(known).broken("Qxq") == ODD
    assert Vocabulary(known).broken("qx") == BROKEN
    assert Vocabulary(known).broken("Qx") == NONE


def test_an_odd_word_is_told_where_nothing_stronger_is():
    assert kind_of("I met Gard") == ODD
    assert kind_of("I (met Gard") == OPEN


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1|2|3\n4|5|6\n7|8", SHAPE),
        ("1|2|3\n4|5|6\n7|8|9", NONE),
        ("1|2\n7|8", NONE),  # two rows have no shape
        ("1|2|3\n4|5|6\nend", SHAPE),
        ("1|2|3\n4|5|6\nthat is the end of the whole garden", NONE),
        ("1|2\n4|5\nend", NONE),  # one bar may be chance
        ("id abcdefghijklm\nid nopqrstuvwxyz\nid zyxwvu", SHAPE),
        ("id abcdefghijkl\nid nopqrstuvwxy\nid zyxwvu", NONE),  # twelve signs
        ("id abcdefghijklm\nid nopqrstuvwxyz\nid zyxwvutsrqpon", NONE),
    ],
)
def test_a_last_line_that_stops_short(text, kind):
    assert kind_of(text, ITEM) == kind


def test_longer_words_are_counted_but_for_forms():
    words = WordCounts({"compu": 1, "computer": 2, "compute": 3, "walk": 1, "walks": 5, "walking": 5, "walkway": 4})
    assert words.longer("compu") == 5
    assert words.longer("walk") == 4
    assert words.longer("walkway") == 0
    assert words.longer("x") == 0
