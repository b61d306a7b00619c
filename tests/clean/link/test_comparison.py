"""How alike the records of a pair are, column by column."""

import numpy as np
import pytest

from karat.clean.link.candidates import weighted
from karat.clean.link.comparison import COSINE, EDIT, MARGIN, RARE, RATIO, Comparison, compare, likeness, margin
from karat.clean.link.profile import Compared


def levels(kind, left, right):
    column = Compared("c", kind, left, right)
    at = np.arange(len(left))
    return compare(column, at, at, within=False)


def test_numbers_by_how_far_they_are_apart():
    left = ["100", "100", "100", "100", "100", "100", "", "x", "0"]
    right = ["100", "101", "105", "125", "200", "-100", "100", "100", "0"]
    seen = levels("number", left, right)
    # a share of .0099 is within all five limits, .0476 within four, .2 within three, .5 within two, 2 within none
    assert seen.levels.tolist() == [5, 5, 4, 3, 2, 0, -1, -1, 5]
    assert (seen.count, seen.unlike) == (len(RATIO) + 1, 2)
    assert seen.contradicts.tolist() == [False, False, False, False, True, True, False, False, False]


def test_short_texts_by_their_edit_distance():
    left = ["abcdefghijk"] * 6 + ["", "abc"]
    right = ["abcdefghijx", "abcdefghixx", "abcdefghxxx", "abcdefxxxxx", "xxxxxxxxxxx", "abcdefghikj", "abc", ""]
    seen = levels("short", left, right)
    # similarities of 10, 9, 8, 6 and 0 in eleven, and 10 for two letters exchanged
    assert seen.levels.tolist() == [4, 3, 2, 1, 0, 4, -1, -1]
    assert (seen.count, seen.unlike) == (len(EDIT) + len(RARE) + 2, 1)
    assert seen.contradicts.tolist() == [False, False, False, True, True, False, False, False]


def test_a_similarity_at_a_limit_is_beyond_it():
    word = "abcdefghijklmnopqrst"
    right = [word[:-wrong] + "#" * wrong for wrong in (2, 4, 7, 10)]  # 0.9, 0.8, 0.65 and 0.5 exactly
    assert levels("short", [word] * 4, right).levels.tolist() == [4, 3, 2, 1]


def test_equal_values_count_more_the_rarer_they_are():
    common = ["red"] * 95 + ["blue"] * 5
    column = Compared("c", "short", common, common)
    at = np.array([0, 96])
    seen = compare(column, at, at, within=True)
    assert seen.levels.tolist() == [len(EDIT) + 1, len(EDIT) + 2], "five in a hundred are below a tenth"
    two_tables = Compared("c", "short", ["x", *["y"] * 99], ["x", *["z"] * 99])
    first = np.zeros(1, int)
    assert compare(two_tables, first, first, within=False).levels.tolist() == [len(EDIT) + 3]  # 2 of 200
    many = [f"v{at}" for at in range(2000)]
    unique = Compared("c", "short", many, many)
    assert compare(unique, first, first, within=True).levels.tolist() == [len(EDIT) + 1 + len(RARE)]


def test_long_texts_by_the_cosine_of_their_words():
    left = ["the old river village mill stands here", "the old river village mill stands here", "", "one two three"]
    right = ["the old river village mill stands here", "the old river village inn stands here", "a b", "zzz yyy"]
    seen = levels("long", left, right)
    assert seen.levels[0] == len(COSINE)
    assert 0 < seen.levels[1] < len(COSINE)
    assert seen.levels[2:].tolist() == [-1, 0]
    assert (seen.count, seen.unlike) == (len(COSINE) + 1, 3)


def test_the_whole_record_contradicts_nothing():
    vectors = weighted(["acme river", "blue shop"], ["acme river", "red barn"])
    value, seen = likeness(vectors, np.array([0, 1]), np.array([0, 1]))
    assert value == pytest.approx([1, 0])
    assert seen.levels.tolist() == [len(COSINE), 0]
    assert not seen.contradicts.any()


def test_levels_begin_at_their_limits():
    assert np.searchsorted(EDIT, 0.5, "right") == 1
    for limits in (EDIT, COSINE, MARGIN, RATIO[::-1], RARE[::-1]):
        assert (np.diff(limits) > 0).all()
    assert max(EDIT[-1], COSINE[-1], RARE[0]) < 1
    seen = Comparison("c", np.array([-1, 0, 1, 2]), 3, 1)
    assert seen.contradicts.tolist() == [False, True, True, False]


def test_the_margin_is_over_the_best_other_pair_of_the_same_records():
    value = np.array([0.9, 0.4, 0.3, 0.5])
    left, right = np.array([0, 0, 1, 2]), np.array([5, 6, 6, 7])
    leads = [0.9 - 0.4, 0.4 - 0.9, 0.3 - 0.0, 0.5]
    assert margin(value, (left,)).levels.tolist() == np.searchsorted(MARGIN, leads, "right").tolist()
    both = [0.9 - 0.4, 0.4 - 0.9, 0.3 - 0.4, 0.5]
    assert margin(value, (left, right)).levels.tolist() == np.searchsorted(MARGIN, both, "right").tolist()
    assert margin(value, ()).levels.tolist() == np.searchsorted(MARGIN, value, "right").tolist()
    assert margin(np.zeros(0), (np.zeros(0, int),)).levels.tolist() == []


def test_equal_rivals_leave_no_margin():
    seen = margin(np.array([0.7, 0.7, 0.2]), (np.array([0, 0, 0]),))
    zero = int(np.searchsorted(MARGIN, 0.0, "right"))
    assert seen.levels.tolist() == [zero, zero, 0]
    assert seen.count == len(MARGIN) + 1
