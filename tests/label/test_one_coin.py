import numpy as np
import pytest

from karat.label.expectation import Gold
from karat.label.one_coin import OneCoin


def test_one_accuracy_a_voter_whatever_the_truth(ballots):
    lines = [f"i{i} v{v} {1 + i % 3}" for i in range(30) for v in range(3)] + [
        f"i{i} w {1 + (i // 3) % 3}" for i in range(30)
    ]
    estimate = OneCoin().estimate(ballots(*lines))
    confusion = np.exp(estimate.table)
    assert (estimate.belief.argmax(axis=1) == np.arange(30) % 3).all()
    assert confusion.sum(axis=1) == pytest.approx(1)
    for matrix in confusion:
        assert np.ptp(matrix.diagonal()) < 1e-12
        assert np.ptp(matrix[~np.eye(3, dtype=bool)]) < 1e-12  # wrong answers are spread evenly
    assert confusion[0, 0, 0] > 0.9
    assert confusion[3, 0, 0] < 0.5


def test_accuracy_is_smoothed_towards_all_voters(ballots):
    # known answers: x right on 4 of 4, y on 2 of 4; everybody (6 + 1) of (8 + 2)
    votes = ballots(*(f"i{i} x {1 + i % 2}" for i in range(4)), *(f"i{i} y 1" for i in range(4)))
    gold = Gold(np.arange(4), np.arange(4) % 2)
    confusion = np.exp(OneCoin(strength=2.0).estimate(votes, gold).table)
    assert confusion[0, 0, 0] == pytest.approx((4 + 2 * 0.7) / 6)
    assert confusion[1, 0, 0] == pytest.approx((2 + 2 * 0.7) / 6)
    assert confusion[1, 0, 1] == pytest.approx(1 - (2 + 2 * 0.7) / 6)


def test_a_single_class_is_certain(ballots):
    assert OneCoin().estimate(ballots("a x 1", "b x 1")).belief.tolist() == [[1], [1]]
