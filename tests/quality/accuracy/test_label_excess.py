"""Whether a model contradicts more labels than it would if all were right."""

import numpy as np
import pytest

from karat.quality.accuracy._label_excess import exceeding, excess_of, proven


def test_the_excess_of_a_class_is_what_is_seen_beyond_what_is_expected():
    true = np.array([[0.9, 0.1]] * 10 + [[0.2, 0.8]] * 10)
    top = true.argmax(axis=1)
    labels = np.array([0] * 7 + [1] * 13)  # three of the first ten contradict
    excess, error = excess_of(true, top, labels)
    # class 1: 3 seen, 10 times 0.1 expected, of 13; class 0: none seen, 10 times 0.2 expected, of 7
    assert excess == pytest.approx([-2 / 7, 2 / 13])
    assert error == pytest.approx([1.6 / 49, 0.9 / 169], rel=1e-5)


def test_a_class_without_records_has_no_excess():
    excess, error = excess_of(np.array([[0.5, 0.3, 0.2]] * 4), np.zeros(4, np.int64), np.array([0, 0, 1, 1]))
    assert excess[2] == 0
    assert np.isinf(error[2])
    assert not exceeding(excess, error)[2]
    assert exceeding(np.zeros(2), np.full(2, np.inf)).tolist() == [False, False]


def test_classes_alike_lean_on_each_other_and_one_that_stands_out_carries_none():
    # each alone 1.5 standard errors: together beyond 99 %
    assert exceeding(np.full(8, 0.15), np.full(8, 0.01), 2.326).all()
    assert not exceeding(np.array([0.15]), np.array([0.01]), 2.326).any()
    alone = exceeding(np.array([5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), np.full(8, 0.01), 2.326)
    assert alone.tolist() == [True] + [False] * 7


def answers(size, certainty, seed):
    rng = np.random.default_rng(seed)
    scores = np.exp(rng.normal(0, certainty, (size, 3)))
    expected = scores / scores.sum(axis=1, keepdims=True)
    return expected, np.array([rng.choice(3, p=row) for row in expected]), rng


def test_labels_that_are_all_right_are_not_proven_wrong_and_turned_ones_are():
    drawn = 0
    for seed in range(6):
        expected, labels, rng = answers(800, 4.0, seed)
        drawn += proven(expected, labels)[0].any()
        turned = rng.random(800) < 0.15
        classes, likely = proven(expected, np.where(turned, (labels + 1) % 3, labels))
        assert classes.any()
        assert likely
    assert drawn <= 1


def test_where_labels_agree_with_the_surest_answers_the_likeliest_share_of_wrong_ones_is_0():
    expected, _, _ = answers(800, 4.0, 0)
    classes, likely = proven(expected, expected.argmax(axis=1))
    assert not classes.any()
    assert not likely
