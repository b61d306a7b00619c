import numpy as np

from karat.clean.link.clusters import checked, partners


def test_a_weak_chain_is_taken_apart():
    left, right = np.array([0, 1, 3]), np.array([1, 2, 4])
    out = checked(left, right, np.array([3.0, 1.0, 2.0]), lambda a, b: np.full(len(a), -9.0))
    assert out[0, 1] > 0.9
    assert out[1, 2] < 0.5
    assert out[0, 2] < 0.5
    assert out[3, 4] > 0.8


def test_a_strong_chain_is_closed():
    out = checked(np.array([0, 1]), np.array([1, 2]), np.array([4.0, 4.0]), lambda a, b: np.full(len(a), -0.5))
    assert out[0, 2] >= 0.5


def test_partners_are_the_best_choice_of_all_together():
    left, right = np.array([0, 0, 1, 1, 5]), np.array([0, 1, 0, 1, 9])
    odds = np.array([5.0, 4.0, 4.5, -5.0, -2.0])
    assert partners(left, right, odds).tolist() == [False, True, True, False, True]
