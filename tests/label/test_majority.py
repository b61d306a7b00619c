import numpy as np
import pytest

from karat.label.expectation import Gold
from karat.label.majority import Majority, log_odds, usual_accuracy


def test_the_class_most_voters_name_wins_and_a_tie_goes_to_the_more_usual(ballots):
    votes = ballots("a x 1", "a y 1", "a z 2", "b x 1", "b y 2", "c x 2", "c y 2", "d x 2")
    estimate = Majority().estimate(votes)
    assert estimate.belief.argmax(axis=1).tolist() == [0, 1, 1, 1]
    assert estimate.belief[1] == pytest.approx([0.5, 0.5], abs=1e-5)
    other = Majority().estimate(ballots("b x 1", "b y 2", "c x 1"))
    assert other.belief[0].argmax() == 0


def test_items_without_votes_have_the_class_shares(ballots):
    votes = ballots("a x 1", "a y 1", "b x 2", items=["a", "b", "c"])
    assert Majority().estimate(votes).belief[2] == pytest.approx([3 / 5, 2 / 5])


def test_confidence_is_that_of_voters_who_agree_as_often(ballots):
    votes = ballots("a x 1", "a y 1", "b x 2", "b y 2")
    right = usual_accuracy(votes.counts(), 2)
    assert Majority().estimate(votes).belief[0, 0] == pytest.approx(right**2 / (right**2 + (1 - right) ** 2), abs=1e-5)


def test_known_answers_stand(ballots):
    estimate = Majority().estimate(ballots("a x 1", "b x 2"), Gold(np.array([0]), np.array([1])))
    assert estimate.belief[0].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("counts", "classes", "accuracy"),
    [
        ([[2, 0]], 2, 0.5 + (0.35 * 0.5) ** 0.5),  # one pair agrees, and one more at 0.7: (2 + 1.4) / 4 = 0.85
        ([[1, 1]], 2, 0.51),  # (0 + 1.4) / 4 is below chance
        ([[1, 0]], 2, 0.5 + (0.2 * 0.5) ** 0.5),  # no pair: 1.4 / 2 = 0.7
        ([[3, 0, 0]], 3, 1 / 3 + ((7.4 / 8 - 1 / 3) * 2 / 3) ** 0.5),
        ([[90, 0]], 2, 0.99),
        ([[3]], 1, 0.99),
    ],
)
def test_the_accuracy_at_which_voters_agree_as_often(counts, classes, accuracy):
    assert usual_accuracy(np.array(counts, float), classes) == pytest.approx(accuracy)


def test_a_vote_weighs_the_odds_of_being_right():
    assert log_odds(0.8, 2) == pytest.approx(np.log(4))
    assert log_odds(0.5, 3) == pytest.approx(np.log(2))
    assert log_odds(0.5, 1) == 0
    assert log_odds(np.array([0.5, 0.75]), 2) == pytest.approx([0, np.log(3)])
