"""Rules for lines: their signs and phrases, and what C4, FineWeb and RefinedWeb count."""

import numpy as np
import pytest

from karat.kernels.text_classes import character_classes
from karat.kernels.text_lines import (
    BRACKET,
    CART,
    CITATION,
    COUNTED,
    JAVASCRIPT,
    LOREM,
    MORE,
    PHRASES,
    POLICY,
    drops_line,
    ends_a_sentence,
    ends_with_dots,
    ends_with_ellipsis,
    is_counter,
    is_number,
    line_signs,
    may_stop,
    pair_table,
    phrase_table,
)
from karat.kernels.text_statistics import bench_for


def raw(text):
    return np.frombuffer(text.encode() + b"\0" * 8, np.uint8)


def signs(text):
    """The phrases of a line, its characters, capitals and digits, and the row of its counts."""
    bench, data = bench_for(len(text) * 4 + 8), raw(text)
    flat = bench._replace(phrases=bench.phrases.ravel(), phrase_facts=bench.phrase_facts.ravel())
    shape, out = np.zeros(3, np.int64), np.zeros(200, np.int64)
    phrases = line_signs.py_func(data, 0, len(text.encode()), flat, out, shape)
    return phrases, shape.tolist(), out


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Please enable JavaScript now", JAVASCRIPT),
        ("java script", 0),
        ("Lorem Ipsum", LOREM),
        ("the TERMS OF USE apply", POLICY),
        ("privacy policy", POLICY),
        ("cookie policy", POLICY),
        ("uses cookies", POLICY),
        ("use of cookies", POLICY),
        ("use cookies", POLICY),
        ("use cookie", 0),
        ("3 items in cart", CART),
        ("read more...", MORE),
        ("read more..", 0),
        ("Sign-in", MORE),
        ("a { b", BRACKET),
        ("so it is [3]", CITATION),
        ("lorem ipsum { [javascript", LOREM | BRACKET | CITATION | JAVASCRIPT),
        ("nothing at all", 0),
        ("", 0),
        ("avascript", 0),
        ("é javascript 中文 sign-in", JAVASCRIPT | MORE),
    ],
)
def test_phrases_are_seen_in_any_case(text, phrases):
    assert signs(text)[0] == phrases


def test_characters_capitals_and_digits_of_a_line():
    assert signs("Ab1 É2中!")[1] == [8, 2, 2]
    assert signs("x" * 9000 + "Y")[1] == [9001, 1, 0]


def test_hashes_and_ellipses_of_a_line():
    from karat.kernels.text_lines import ELLIPSES, HASHES

    assert [signs("# a ## b")[2][at] for at in (HASHES, ELLIPSES)] == [3, 0]
    assert [signs("a... b.... c…d ..")[2][at] for at in (HASHES, ELLIPSES)] == [0, 3]
    assert signs("......")[2][ELLIPSES] == 2


def test_the_table_of_phrases_knows_their_rarest_letters():
    letters, facts = phrase_table()
    for at, (phrase, rare, bit) in enumerate(PHRASES):
        assert letters[at].tobytes().rstrip(b"\0") == phrase.encode()
        assert facts[at].tolist() == [len(phrase), rare, ord(phrase[rare]), bit]
        assert rare > 0  # a letter stands before it


def test_a_rare_character_tells_something_only_beside_its_neighbours():
    pairs = pair_table()

    def asked(text, at):
        return bool(may_stop(raw(text), at, 0, len(text), pairs))

    assert asked("a..", 1)
    assert not asked("a.b", 1)
    assert not asked("a.", 1)
    assert asked("#", 0)
    assert asked("{", 0)
    assert asked("[", 0)
    assert asked("xav", 2)  # jav
    assert asked("xAV", 2)
    assert not asked("xbv", 2)
    assert not asked("v", 0)


@pytest.mark.parametrize(
    ("text", "ellipsis", "dots", "sentence"),
    [("a...", True, True, True), ("a…", True, False, False), ("a..", False, False, True), ("...", True, True, True),
     ("..", False, False, True), ("…", True, False, False), ("a.", False, False, True), ("好。", False, False, True),
     ("a", False, False, False), ("a?", False, False, True), ("a,", False, False, False), ("é", False, False, False),
     (". ..", False, False, True)],
)  # fmt: skip
def test_how_lines_end(text, ellipsis, dots, sentence):
    data, end = raw(text), len(text.encode())
    assert ends_with_ellipsis(data, 0, end) is ellipsis
    assert ends_with_dots(data, 0, end) is dots
    assert ends_a_sentence(data, 0, end, character_classes()) is sentence


@pytest.mark.parametrize(
    ("text", "answer"),
    [*((f"12 {word}", True) for word in COUNTED.split()), ("1,204 likes", True), ("1.2k likes", True), ("3M Views", True),
     ("3b views", True), ("3x views", False), ("likes", False), ("12", False), ("12likes", False), (",2 likes", False),
     (".2 likes", False), ("12 like", False), ("12 likes!", False), ("9 likes", True), ("0 likes", True), ("12k", False),
     ("12  likes", False)],
)  # fmt: skip
def test_counters_of_visitors(text, answer):
    assert is_counter(raw(text), 0, len(text)) is answer


def test_lines_of_digits_alone_are_numbers():
    def number(characters, digits, words):
        return is_number(np.array([characters, 0, digits]), words)

    assert number(4, 4, 1)
    assert number(5, 4, 2)  # one space between
    assert not number(6, 4, 2)
    assert not number(3, 0, 4)


def test_refined_web_drops_lines():
    def dropped(text, characters=40, capitals=0, digits=0, phrases=0, words=5):
        return drops_line(raw(text), 0, len(text), phrases, np.array([characters, capitals, digits]), words)

    assert not dropped("a plain line of words")
    assert dropped("word", words=1)
    assert not dropped("two words", words=2)
    assert not dropped("x", capitals=20)
    assert dropped("x", capitals=21)
    assert dropped("x", characters=9, digits=5, words=5)
    assert dropped("x", phrases=CART, words=10)
    assert not dropped("x", phrases=CART, words=11)
    assert dropped("x", phrases=MORE, words=10)
    assert not dropped("x", phrases=MORE, words=11)
    assert not dropped("x", phrases=POLICY)
    assert dropped("12 likes", words=2)


NAMES = (
    "c4_sentences",
    "c4_lines",
    "c4_brackets",
    "c4_lorem",
    "ended_sentences",
    "ended_lines",
    "ended_brackets",
    "ended_lorem",
)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("One is here. Two is there.", [2, 1, 0, 0, 2, 1, 0, 0]),
        ("A line without an end", [1, 1, 0, 0, 0, 0, 0, 0]),
        ("A line that goes on...", [1, 1, 0, 0, 0, 0, 0, 0]),
        ("Is it so?\nIt is so!\nHe said 'so it is'\nHe said \"so\"", [4, 4, 0, 0, 4, 4, 0, 0]),
        ("Two words.", [0, 0, 0, 0, 0, 0, 0, 0]),
        ("It needs javascript to run.", [0, 0, 0, 0, 0, 0, 0, 0]),
        ("Read our privacy policy here.", [0, 0, 0, 0, 0, 0, 0, 0]),
        ("There is a { here.", [0, 0, 1, 0, 0, 0, 1, 0]),
        ("There is a { here.\nThere is a { there.", [0, 0, 1, 0, 0, 0, 1, 0]),
        ("Now lorem ipsum is here.", [0, 0, 0, 1, 0, 0, 0, 1]),
        ("There is lorem ipsum\nAnd a { is here.", [0, 0, 0, 1, 0, 0, 1, 0]),
        ("x" * 1000 + " of words.", [1, 1, 0, 0, 1, 1, 0, 0]),
        ("x" * 1001 + " of words.", [0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_what_c4_counts(counted, text, counts):
    row = counted(text)
    assert [row[name] for name in NAMES] == counts


def test_bullets_and_ellipses_of_lines(counted):
    row = counted("- a\n• b\n– c\n...\nd…\n\n  - e")
    assert (row["bullet_lines"], row["ellipsis_lines"], row["lines"]) == (3, 2, 7)


def test_words_of_dropped_lines(counted):
    assert counted("One line of words\nword\n12 likes")["dropped_words"] == 3
    assert counted("ABC DEF\nabc def")["dropped_words"] == 2


def test_edited_lines(counted):
    row = counted("It is so here.\nIt is so here.\nThis line is longer than thirty characters\nno\nuses cookies on it.")
    names = (
        "edited_lines",
        "edited_ended",
        "edited_short",
        "edited_repeated_characters",
        "edited_characters",
        "edited_breaks",
    )
    assert [row[name] for name in names] == [3, 2, 2, 14, 70, 2]
    assert row["edited_words"] == 5 + 5 + 7
    assert counted("This has exactly thirty chars.")["edited_short"] == 1
    assert counted("This has exactly thirty-1 chars")["edited_short"] == 0


def test_a_line_is_edited_without_its_citation(counted):
    row = counted("So it is here.[12]\nSo it is here.\n[1] [2] [3]")
    assert (row["c4_lines"], row["edited_lines"], row["edited_repeated_characters"]) == (3, 2, 14)
