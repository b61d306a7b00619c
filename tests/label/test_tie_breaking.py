import numpy as np
import pytest

from karat.label.expectation import Gold
from karat.label.tie_breaking import ties_in


def test_ties_are_counted_and_their_reach_told(ballots):
    votes = ballots("a x 1", "a y 2", "b x 2", "b y 2", "b z 1", items=["a", "b", "c"])
    ties = ties_in(votes, np.array([[0.5, 0.5], [0.2, 0.8], [0.4, 0.6]]), None)
    assert (ties.items, ties.split, ties.tied, ties.without_votes) == (3, 1, 1, 1)
    assert ties.lowest == pytest.approx({"1": 0.0, "2": 2 / 3})
    assert ties.highest == pytest.approx({"1": 1 / 3, "2": 1.0})
    assert str(ties) == "a tie-break decided 1 labels (33.3%); votes are split evenly on 1 items, 1 have none"


def test_known_answers_are_no_ties(ballots):
    votes = ballots("a x 1", "a y 2", "b x 1", "b y 2")
    ties = ties_in(votes, np.full((2, 2), 0.5), Gold(np.array([0]), np.array([1])))
    assert (ties.split, ties.tied) == (1, 1)
    assert str(ties_in(votes, np.full((2, 2), 0.5), Gold(np.arange(2), np.zeros(2, int)))).startswith("no label hangs")


def test_beliefs_nearer_than_a_hundred_thousandth_are_a_tie(ballots):
    votes = ballots("a x 1", "b x 2")
    belief = np.array([[0.5, 0.5 + 9e-6], [0.5, 0.5 + 2e-5]])
    ties = ties_in(votes, belief, None)
    assert (ties.split, ties.tied) == (0, 1)
    assert ties.lowest == {"1": 0.0, "2": 0.5}
    assert ties.highest == {"1": 0.5, "2": 1.0}


def test_a_third_class_takes_no_part_in_a_tie_of_two(ballots):
    ties = ties_in(ballots("a x 1", "a y 2", "b x 3"), np.array([[0.4, 0.4, 0.2], [0.1, 0.1, 0.8]]), None)
    assert ties.highest == {"1": 0.5, "2": 0.5, "3": 0.5}
    assert ties.lowest == {"1": 0.0, "2": 0.0, "3": 0.5}
