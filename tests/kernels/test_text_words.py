"""Words as spaCy cuts them, and the rules one by one."""

import numpy as np
import pytest

from karat.kernels.text_classes import ASTRAL_HAN, SIZE, character_classes
from karat.kernels.text_words import (
    class_of,
    decode,
    infix_length,
    prefix_length,
    put,
    put_pieces,
    suffix_length,
    unit_length,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, world!", "Hello|,|world|!"),
        ("I don't know, can't you?", "I|do|n't|know|,|ca|n't|you|?"),
        ("He’s Mr. Smith's friend.", "He|’s|Mr.|Smith|'s|friend|."),
        ("(see e.g. the U.S. (1990-1995))", "(|see|e.g.|the|U.S.|(|1990|-|1995|)|)"),
        ("well-known dog-in-law", "well|-|known|dog|-|in|-|law"),
        ("At 9am it cost $5.50 or 5km", "At|9|am|it|cost|$|5.50|or|5|km"),
        ("mail joe@site.com, www.site.com/a?b=c.", "mail|joe@site.com|,|www.site.com/a?b=c|."),
        ("http://10.0.0.1/x 8.8.8.8", "http://10.0.0.1|/|x|8.8.8.8"),
        ("a,b 1,000 x=y and/or", "a|,|b|1,000|x|=|y|and/or"),
        ("Wait... what?! end....", "Wait|...|what|?|!|end|...."),
        ("good:) :-) (:", "good|:)|:-)|(:"),
        ("NASA. Mid. I. A.B", "NASA|.|Mid|.|I.|A.B"),
        ("“Quoted” ‘so’ «da»", "“|Quoted|”|‘|so|’|«|da|»"),
        ("word.Another one.two", "word|.|Another|one.two"),
        ("20% of US$5 and 5°C. now", "20|%|of|US$|5|and|5|°|C|.|now"),
        ("Café，naïve。 Ünder", "Café，naïve|。|Ünder"),
    ],
)
def test_words_are_cut_as_the_reference_cuts_them(words_of, text, words):
    assert words_of(text) == words.split("|")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don’t y'all C'mon", "do|n’t|y'|all|C'm|on"),
        ("((a)) [b]. 'c'", "(|(|a|)|)|[|b|]|.|'|c|'"),
        ("+5 +a -5", "+5|+|a|-5"),
        ("5kg 5km² 10% 3GB 5xy $5 5€", "5|kg|5|km²|10|%|3|GB|5xy|$|5|5|€"),
        ("2+2 2-3 2*-1 a+b 3x=4", "2|+|2|2|-|3|2|*|-1|a+b|3x=4"),
        ("a/b 1/2 a~b x<y", "a|/|b|1/2|a|~|b|x|<|y"),
        ("a--b a---b a----b x—y x——y", "a|--|b|a|---|b|a----b|x|—|y|x|——|y"),
        ("yes…no ...well. so..", "yes|…|no|...|well|.|so|.."),
        ("It's. It's, (It's)", "It|'s|.|It|'s|,|(|It|'s|)"),
        ("A.B.C. e.g., i.e.)", "A.B.C.|e.g.|,|i.e.|)"),
        ("a$5 C$20 A$7", "a$5|C$|20|A$|7"),
        ("x ^_^ ;-)", "x|^_^|;-)"),
    ],
)
def test_rules_meet_each_other(words_of, text, words):
    assert words_of(text) == words.split("|")


@pytest.mark.parametrize("sign", "a\x7f\x80߿ࠀ\uffff𐀀\U0010ffff")
def test_code_points_are_read_from_bytes_of_any_width(sign):
    data = np.frombuffer(sign.encode() + b"zzz", np.uint8)
    assert decode(data, 0) == (ord(sign), len(sign.encode()))


def test_beyond_the_table_stand_chinese_characters_and_nothing():
    classes = character_classes()
    assert class_of(classes, ord("a")) == classes[ord("a")]
    assert class_of(classes, SIZE) == ASTRAL_HAN
    assert class_of(classes, 0x323AF) == ASTRAL_HAN
    assert class_of(classes, 0x323B0) == 0


@pytest.mark.parametrize(
    ("text", "length"),
    [("(a", 1), ("a(", 0), ("+a", 1), ("+", 1), ("+5", 0), (".a", 0), ("..a", 2), ("...", 3), ("US$5", 3), ("US", 0),
     ("A$5", 2), ("C$", 2), ("B$5", 0), ("US5", 0), ("“a", 1), ("-a", 0), ("§", 1)],
)  # fmt: skip
def test_signs_at_the_front(characters, text, length):
    codes, flags = characters(text)
    assert prefix_length(codes, flags, 0, len(codes)) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [("a)", 1), (")a", 0), ("a.", 1), ("A.", 0), ("AB.", 1), ("aB.", 0), ("5.", 1), ("%.", 1), (".", 0), ("a..", 2),
     ("a...", 3), ("...", 3), ("it's", 2), ("IT'S", 2), ("it’s", 2), ("'s", 2), ("ss", 0), ("5kg", 2), ("5%", 1),
     ("5°C.", 1), ("a”", 1), ("", 0), ("a+", 0), ("5+", 1), ("—", 1)],
)  # fmt: skip
def test_signs_at_the_end(characters, text, length):
    codes, flags = characters(text)
    assert suffix_length(codes, flags, 0, len(codes)) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [("5km", 2), ("5km²", 3), ("5kx", 0), ("km", 0), ("5", 0), ("5km/h", 4), ("5mbar", 4), ("5€", 1), ("5US$", 3),
     ("5A$", 2), ("5a$", 0), ("5%", 1), ("x5T", 1), ("5кг", 2), ("5𐀀", 0)],
)  # fmt: skip
def test_units_behind_a_digit(characters, text, length):
    codes, flags = characters(text)
    assert unit_length(codes, flags, 0, len(codes)) == length


@pytest.mark.parametrize(
    ("text", "at", "length"),
    [("a..b", 1, 2), ("a....b", 1, 4), ("a…b", 1, 1), ("a😀b", 1, 1), ("😀b", 0, 1), ("2+2", 1, 1), ("2+-", 1, 1),
     ("a+2", 1, 0), ("2+a", 1, 0), ("a.B", 1, 1), ("a.b", 1, 0), ("A.B", 1, 0), ("A'.B", 2, 1), ("a,b", 1, 1),
     ("1,2", 1, 0), ("a,1", 1, 0), ("a:b", 1, 1), ("1:b", 1, 1), ("a:1", 1, 0), ("(:b", 1, 0), ("a-b", 1, 1),
     ("a--b", 1, 2), ("a---b", 1, 3), ("a----b", 1, 0), ("a-1", 1, 0), ("1-b", 1, 1), ("a——b", 1, 2),
     ("a———b", 1, 0), ("a-—b", 1, 0), ("-b", 0, 0), ("a-", 1, 0), ("axb", 1, 0)],
)  # fmt: skip
def test_signs_inside(characters, text, at, length):
    codes, flags = characters(text)
    assert infix_length(codes, flags, at, 0, len(codes)) == length


def test_words_and_pieces_are_noted_in_turn():
    cuts = np.zeros(8, np.int64)
    assert put(cuts, 1, 5, 7) == 2
    assert cuts.tolist() == [0, 0, 5, 7, 0, 0, 0, 0]
    pieces = np.array([9, 9, 9, 9, 2, 3, 0, 9])
    assert put_pieces(cuts, 2, 10, pieces, 1) == 4
    assert cuts[4:].tolist() == [10, 12, 12, 15]
