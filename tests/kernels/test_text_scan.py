"""One line of text: spaces, words, sentences, citations."""

import numpy as np
import pytest
from numba import njit

from karat.kernels import text_scan
from karat.kernels.text_classes import LETTER, MARK, SENTENCE, SYMBOL, character_classes
from karat.kernels.text_columns import AT
from karat.kernels.text_compiled import pointer
from karat.kernels.text_contractions import hash_bytes
from karat.kernels.text_scan import (
    BLANK,
    FACTS,
    GAP,
    SEEN,
    SENTENCES,
    SIGN,
    STOPS,
    WIDE,
    break_width,
    byte_kinds,
    note_plain,
    note_word,
    skip_gap,
    space_width,
    stop_bit,
    stripped,
)


@njit
def feed_from(buf, at, end):
    return text_scan.next_feed(pointer(buf), at, end)


@njit
def letters_from(buf, at):
    return text_scan.letters_at(text_scan.eight_at(pointer(buf), at))


@njit
def citation_at(buf, at, end):
    return text_scan.citation_width(pointer(buf), at, end)


@njit
def cleaned(buf, end, to):
    return text_scan.without_citations(pointer(buf), 0, end, pointer(to))


def raw(text):
    return np.frombuffer(text.encode() + b"\0" * 8, np.uint8)


@pytest.mark.parametrize("before", [0, 1, 7, 8, 9, 20])
def test_the_next_line_feed_is_found_wherever_it_stands(before):
    text = "x" * before + "\nyy\x0b\x8a" + "z" * 20
    data = np.frombuffer(text.encode("latin-1") + b"\0" * 8, np.uint8)
    assert feed_from(data, 0, len(text)) == before
    assert feed_from(data, before + 1, len(text)) == len(text)
    assert feed_from(data, 0, before) == before


@pytest.mark.parametrize("sign", ["@", "[", "`", "{", "0", " ", "\x7f", "é", "\0"])
@pytest.mark.parametrize("at", range(8))
def test_ascii_letters_are_counted_up_to_the_first_other_byte(sign, at):
    assert letters_from(raw("aZzAmMnN"[:at] + sign + "aaaaaaaa"), 0) == at
    assert letters_from(raw("aZzAmMnN"), 0) == 8


@pytest.mark.parametrize(
    "text", [" ", "\t", "\x1c", "\x85", "\xa0", "\u1680", "\u2003", "\u3000", "a", "é", "一", "\u200b", "😀"]
)
def test_white_space_is_that_of_python(text):
    width = space_width(raw(text), 0, character_classes())
    assert width == (len(text.encode()) if text.isspace() else 0)


@pytest.mark.parametrize(
    ("text", "width"),
    [("\n", 1), ("\r\n", 2), ("\ra", 1), ("\r", 1), ("\x0b", 1), ("\x1e", 1), ("\x85", 2), ("\u2028", 3), ("\u2029", 3),
     ("\u202a", 0), ("\u2027", 0), (" ", 0), ("a", 0), ("\x84", 0)],
)  # fmt: skip
def test_line_breaks_are_those_of_python(text, width):
    assert break_width(raw(text), 0, len(text.encode()), character_classes()) == width


def test_a_carriage_return_at_the_end_of_the_stretch_stands_alone():
    assert break_width(raw("\r\n"), 0, 1, character_classes()) == 1


@pytest.mark.parametrize("text", ["  a b\t", "\u3000一\u3000", "\xa0", "", "a", " é ", "\u2003x\u2028"])
def test_a_stretch_is_stripped_as_python_strips(text):
    data = raw(text)
    start, end = stripped(data, 0, len(text.encode()), character_classes())
    assert data[start:end].tobytes().decode() == text.strip()


def test_each_stop_word_has_a_bit_of_its_own():
    bits = [stop_bit(np.uint64(hash_bytes(word.encode()))) for word in STOPS]
    assert bits == [1 << at for at in range(8)]
    assert stop_bit(np.uint64(hash_bytes(b"The"))) == 0
    assert stop_bit(np.uint64(0)) == 0


def test_what_bytes_are_to_a_word():
    kinds = byte_kinds(character_classes())
    assert {int(kinds[ord(sign)]) for sign in "azAZ"} == {0}
    assert {int(kinds[ord(sign)]) for sign in " \t\n\x1c"} == {BLANK}
    assert {int(kinds[ord(sign)]) for sign in "0.-\x00\x7f"} == {SIGN}
    assert {int(kind) for kind in kinds[0x80:0xC0]} == {WIDE}
    assert {int(kind) for kind in kinds[0xC0:]} == {WIDE + 1}


def noted(*words):
    """Columns and facts after words of (text, kind, gap before)."""
    hashes, ends = np.zeros(20, np.uint64), np.zeros(21, np.int64)
    out, facts = np.zeros(len(AT), np.int64), np.zeros(FACTS, np.int64)
    facts[SENTENCES] = 1
    count = 0
    for text, kind, gap in words:
        facts[GAP] = gap
        count = note_word(hashes, ends, count, np.uint64(hash_bytes(text.encode())), len(text), kind, out, facts)
    return out, facts, ends[: count + 1].tolist()


def test_a_word_is_counted_for_what_it_is():
    out, _, ends = noted(("the", LETTER, 0), ("--", SYMBOL, 0), ("12", 0, 0), ("the", LETTER, 0), ("of", LETTER, 0))
    assert [out[AT[name]] for name in ("real_words", "real_word_characters", "letter_words", "stop_word_count")] == [
        4,
        10,
        3,
        3,
    ]
    assert out[AT["stop_words"]] == 0b1001
    assert ends == [0, 3, 5, 7, 10, 12]


def test_a_sentence_begins_with_what_follows_its_end():
    end, word, quote = (".", SYMBOL | MARK | SENTENCE, 0), ("so", LETTER, 0), ('"', SYMBOL | MARK, 0)
    assert noted(word, end)[1][SENTENCES] == 1
    assert noted(word, end, word)[1][SENTENCES] == 2
    assert noted(word, end, quote)[1][SENTENCES] == 1  # a mark behind the end belongs to it
    assert noted(word, end, quote, word)[1][SENTENCES] == 2
    assert noted(word, end, (*quote[:2], 1))[1][SENTENCES] == 2  # unless white space parts them
    assert noted(word, end, end, word)[1][SENTENCES] == 2
    assert noted(word, word)[1][SENTENCES] == 1
    assert noted(word, end)[1][SEEN] == 1
    assert noted(word, end, word)[1][SEEN] == 0


def test_words_of_letters_alone_are_added_at_once():
    out = np.zeros(len(AT), np.int64)
    note_plain(3, 11, 2, 0b10, out)
    note_plain(1, 2, 1, 0b1, out)
    names = ("real_words", "real_word_characters", "letter_words", "stop_word_count", "stop_words")
    assert [out[AT[name]] for name in names] == [4, 13, 4, 3, 0b11]


@pytest.mark.parametrize(
    ("text", "end", "gap"),
    [("a", 0, 0), (" a", 1, 0), ("  a", 2, 1), ("\ta", 1, 1), ("\xa0a", 2, 1), ("", 0, 0)],
)
def test_gaps_of_more_than_a_space_are_noted(text, end, gap):
    facts = np.full(FACTS, 9)
    assert skip_gap(raw(text), 0, len(text.encode()), character_classes(), facts) == end
    assert facts[GAP] == gap


@pytest.mark.parametrize(
    ("text", "width"),
    [("[12]x", 4), ("[]", 2), ("[1", 0), ("[1a]", 0), ("[edit]", 6), ("[edits]", 0), ("[Edit]", 0),
     ("[citation needed]", 17), ("[citation needed", 0), ("[a]", 0)],
)  # fmt: skip
def test_citations(text, width):
    assert citation_at(raw(text), 0, len(text)) == width


def test_a_citation_must_end_within_the_line():
    assert citation_at(raw("[12]"), 0, 3) == 0
    assert citation_at(raw("[edit]"), 0, 5) == 0


def test_a_line_without_its_citations():
    text, to = "a[1] b [x] [edit]c", np.zeros(40, np.uint8)
    size = cleaned(raw(text), len(text), to)
    assert to[:size].tobytes() == b"a b [x] c"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Plain words, of letters.", "Plain|words|,|of|letters|."),
        ("A. AB. Ab. a. 5.", "A.|AB|.|Ab|.|a.|5|."),
        ("(so) 'so' so; so: so! so?", "(|so|)|'|so|'|so|;|so|:|so|!|so|?"),
        ("don't don't don't", "do|n't|do|n't|do|n't"),
        ("a-b-c-d-e a-b-c-d-e", "a|-|b|-|c|-|d|-|e|a|-|b|-|c|-|d|-|e"),
        ("x\u3000y  z\tw", "x|y|z|w"),
        ("étude naïve, naïve,", "étude|naïve|,|naïve|,"),
    ],
)
def test_a_line_is_cut_into_words(words_of, text, words):
    assert words_of(text) == words.split("|")


def test_what_was_cut_before_is_counted_as_before(counted):
    names = (
        "words",
        "real_words",
        "real_word_characters",
        "letter_words",
        "c4_sentences",
        "spaced_words",
        "longest_word",
    )
    once, twice = counted("We can't, he's 5kg."), counted("We can't, he's 5kg.\nWe can't, he's 5kg.")
    assert [twice[name] for name in names[:-1]] == [2 * once[name] for name in names[:-1]]
    assert once["longest_word"] == twice["longest_word"] == 6
    assert [once[name] for name in names] == [9, 7, 14, 6, 1, 4, 6]
