"""Texts as directions, their groups, and the words that set a group apart."""

import numpy as np
import pyarrow as pa
import pytest

from karat.quality import topics
from karat.quality.topics import directions, farthest, grouped, terms, words_of

BREAD = ["bake the bread with flour", "flour and yeast make bread", "knead bread dough with flour and yeast"]
LAW = ["the court heard the appeal", "a judge of the court", "the judge and the appeal before the court"]


def texts(values):
    return pa.array(values, pa.large_string())


def test_words_without_numbers_han_characters_alone():
    of, words = words_of(texts(["It's 42 cats, CATS!", "", "中文ab 7", "naïve ２"]))
    assert list(zip(of.tolist(), words.to_pylist(), strict=True)) == [
        (0, "it"), (0, "s"), (0, "cats"), (0, "cats"), (2, "中"), (2, "文"), (2, "ab"), (3, "naïve"),
    ]  # fmt: skip


def test_directions_have_length_one_and_zeros_without_a_word():
    points = directions(texts([*BREAD, "", "12 34"]))
    assert (points.shape, points.dtype) == ((5, topics.WIDTH), np.float32)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), [1, 1, 1, 0, 0], atol=1e-6)


def test_texts_of_like_words_point_the_same_way():
    points = directions(texts([*BREAD, *LAW]))
    near = points @ points.T
    within, across = near[:3, :3][np.triu_indices(3, 1)], near[:3, 3:]
    assert within.mean() > across.max() > across.mean()


def test_case_order_repetition_and_punctuation_make_no_difference():
    same = directions(texts(["bread and flour", "Flour, and BREAD! bread", "the court"]))
    np.testing.assert_allclose(same[0], same[1], atol=1e-6)
    assert abs(float(same[0] @ same[2])) < 0.6


def test_a_rare_word_weighs_more_than_one_of_all_texts():
    points = directions(texts(["common zebra", "common yak", "common gnu", "common", "zebra"]))
    assert points[0] @ points[4] > points[0] @ points[3]


def test_directions_do_not_depend_on_the_stretch(monkeypatch):
    values = [*BREAD, "", *LAW]
    whole = directions(texts(values))
    monkeypatch.setattr(topics, "STRETCH", 2)
    np.testing.assert_allclose(directions(texts(values)), whole, atol=1e-6)
    assert directions(texts([])).shape == (0, topics.WIDTH)


def test_far_points_each_the_farthest_from_those_before():
    angles = np.deg2rad([0, 10, 90, 180])
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert farthest(points, 3, 0).tolist() == [0, 3, 2]
    assert farthest(points, 4, 1).tolist() == [1, 3, 2, 0]
    assert farthest(points, 1, 2).tolist() == [2]


def test_groups_are_topics():
    points = directions(texts([BREAD[0], LAW[0], BREAD[1], LAW[1], BREAD[2], LAW[2]]))
    groups = grouped(points, 2)
    assert groups[0] == groups[2] == groups[4] != groups[1] == groups[3] == groups[5]


@pytest.mark.parametrize(("degrees", "groups"), [(52, 1), (55, 2)])
def test_centres_that_point_the_same_way_are_one_topic(degrees, groups):
    angles = np.deg2rad([0, 0, degrees, degrees])  # the cosine of 53.13° is 0.6
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert len(set(grouped(points, 2).tolist())) == groups
    assert grouped(points[:1], 5).tolist() == [0]


def test_terms_are_the_words_that_stand_inside_more_often_than_outside():
    inside = np.array([True] * 3 + [False] * 3)
    assert list(terms(texts([*BREAD, *LAW]), inside, 2)) == ["bread", "flour"]
    words = terms(texts([*BREAD, *LAW]), inside, 50)
    assert "the" not in words, "it stands outside more often"
    assert "yeast" in words
    assert list(terms(texts(["a", "a"]), np.array([True, False]))) == []
    assert list(terms(texts(["b a", "c"]), np.array([True, False]), 1)) == ["b"], "of equal ones the first"
