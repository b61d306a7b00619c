import numpy as np
import pytest

from karat.train.probabilities import class_count, is_classes, probabilities, spread


def test_probabilities_are_spread_over_all_classes():
    shares = np.array([[0.25, 0.75]], np.float32)
    assert spread(shares, np.array([1, 3]), 4).tolist() == [[0, 0.25, 0, 0.75]]
    whole = spread(shares, np.array([0, 1]), 2)
    assert whole.tolist() == [[0.25, 0.75]]
    assert whole.dtype == np.float64


def test_classes_are_counted_or_taken_as_told():
    assert class_count(np.array([0, 2, 1]), 0) == 3
    assert class_count(np.array([0, 2, 1]), 5) == 5
    assert class_count(np.zeros(0, int), 0) == 1


def test_codes_are_integers():
    assert is_classes(np.array([0, 1]))
    assert is_classes(np.array([0, 1], np.uint8))
    assert not is_classes(np.array([0.0, 1.0]))


def test_one_class_is_certain():
    assert probabilities(np.array([[3.0], [-3.0]]), 1).tolist() == [[1], [1]]


def test_of_two_classes_log_odds_lead_to_the_second():
    answer = probabilities(np.array([[0.0], [np.log(3)], [-1000.0], [1000.0]]), 2)
    assert answer == pytest.approx(np.array([[0.5, 0.5], [0.25, 0.75], [1, 0], [0, 1]]))


def test_more_are_a_softmax_whatever_the_size():
    logits = np.log(np.array([[1.0, 2.0, 5.0]]))
    for moved in (0.0, 900.0, -900.0):
        assert probabilities(logits + moved, 3) == pytest.approx(np.array([[1, 2, 5]]) / 8)
    assert probabilities(np.array([[0.0, 0.0]]), 2).tolist() == [[0.5, 0.5]]
