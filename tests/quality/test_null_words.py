"""Words and codes that stand for a missing value, and where they may be values all the same."""

import numpy as np
import pyarrow as pa
import pytest

from karat.quality.null_words import (
    AMBIGUOUS_WORDS,
    BLANK_MARKS,
    KNOWN_CODES,
    LONGEST,
    MARKS,
    NULL_WORDS,
    WEAK_WORDS,
    gap_masks,
    in_keeping,
    of_one_length,
    word_shape,
)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Null", "Title"),
        ("NA", "UPPER"),
        ("none", "lower"),
        ("nUll", "Other"),
        ("未知", "Other"),
        (" na ", "lower"),
        ("--", "marks"),
        ("n/a", ""),
        ("no data", ""),
        ("- -", ""),
        ("x1", ""),
        ("", ""),
        ("  ", ""),
    ],
)
def test_the_shape_of_a_word(text, shape):
    assert word_shape(text) == shape


def test_a_gap_word_in_keeping_with_the_column_looks_like_two_of_its_values():
    assert in_keeping(["Null", "N/A"], ["Smith", "Jones"]) == {"Null"}
    assert in_keeping(["Null"], ["Smith", "jones"]) == set()
    assert in_keeping(["NA"], ["DE", "FR", "dk"]) == {"NA"}
    assert in_keeping(["n/a"], ["a/b", "c/d", "e/f"]) == set()
    assert in_keeping([], ["Smith", "Jones"]) == set()


def test_a_mark_is_in_keeping_beside_one_other_mark():
    assert in_keeping(["-"], ["+"]) == {"-"}
    assert in_keeping(["-"], ["a", "b"]) == set()


def masks(texts, among=None):
    gaps = gap_masks(pa.array(texts, pa.string()), among)
    return [np.flatnonzero(mask).tolist() for mask in (gaps.strong, gaps.weak, gaps.day, gaps.all)]


def test_gaps_always_perhaps_and_as_a_day():
    texts = [
        "N/A",
        " Unknown ",
        "1900-01-01",
        "9999/12/31 00:00",
        "0001-01-01T05",
        "red",
        "",
        "未知",
        "暂无",
        "1901-01-01",
    ]
    assert masks(texts) == [[0, 6, 8], [1, 7], [2, 3, 4], [0, 1, 2, 3, 4, 6, 7, 8]]


@pytest.mark.parametrize("text", ["1900-01-010", "x1900-01-01", "unknown!", "n a", "nulls", "12"])
def test_what_is_no_gap(text):
    assert masks([text]) == [[], [], [], []]


def test_only_short_texts_and_those_among_the_asked_ones_are_looked_at():
    longest = "1900-01-01" + " " * (LONGEST - 10)
    assert masks([longest, longest + " "])[2] == [0]
    assert masks(["N/A", "null"], np.array([False, True]))[0] == [1]
    assert masks(["N/A"], np.array([False]))[3] == []
    assert masks([])[3] == []


def test_the_lists_do_not_contradict_each_other():
    assert not NULL_WORDS & WEAK_WORDS
    assert AMBIGUOUS_WORDS <= NULL_WORDS
    assert MARKS <= NULL_WORDS
    assert {mark.lower() for mark in BLANK_MARKS} <= NULL_WORDS
    assert all(word == word.lower().strip() for word in NULL_WORDS | WEAK_WORDS)


@pytest.mark.parametrize(
    "code", [-1, -9, 99, -99, 999, -999, 9999, 88, -88, 8888, -100, -10_000, 999.9, -99.9, 10**9 - 1]
)
def test_codes_that_are_known(code):
    assert code in KNOWN_CODES


@pytest.mark.parametrize("code", [0, 1, 9, 100, 10**10 - 1, 99.9, 88_888_888, -10, 8])
def test_numbers_that_are_no_codes(code):
    assert code not in KNOWN_CODES


def test_values_have_one_length_where_nineteen_of_twenty_have_it():
    assert of_one_length("nan", ["deu"] * 19 + ["english"])
    assert not of_one_length("nan", ["deu"] * 18 + ["english"] * 2)
    assert not of_one_length("null", ["deu"] * 20)


def test_a_few_texts_are_looked_at_as_many_are() -> None:
    odd = [
        "",
        " NULL ",
        "Null",
        "ＮＡ",
        "未知",
        " 无 ",
        "－",
        "1900-01-01",
        "9999/12/31 00:00",
        "1900",
        "İ",
        "ß",
        "\x1cna\x1f",
        "\u3000无",
    ]
    texts = [*sorted(NULL_WORDS | WEAK_WORDS), *odd, "Oslo", "12", "a-b", "x" * 90]
    together = gap_masks(pa.array(texts, pa.string()))
    for at, text in enumerate(texts):
        alone = gap_masks(pa.array([text], pa.string()))
        assert (alone.strong[0], alone.weak[0], alone.day[0]) == (
            together.strong[at],
            together.weak[at],
            together.day[at],
        )
