import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.label.expectation import Gold
from karat.label.known_answers import KnownAnswers


def test_voters_are_what_they_said_where_the_answer_is_known(ballots):
    # x is right on all four known items, y on none; on the open item they contradict each other
    votes = ballots(*(f"i{i} {v} {1 + (i + (v == 'y')) % 2}" for i in range(4) for v in "xy"), "open x 1", "open y 2")
    estimate = KnownAnswers().estimate(votes, Gold(np.arange(4), np.arange(4) % 2))
    confusion = np.exp(estimate.table)
    # two of two right, and one vote of everybody's, who are right in half: 2.5 of 3
    assert confusion[0] == pytest.approx(np.array([[5 / 6, 1 / 6], [1 / 6, 5 / 6]]))
    assert confusion[1] == pytest.approx(np.array([[1 / 6, 5 / 6], [5 / 6, 1 / 6]]))
    assert estimate.belief[4] == pytest.approx([25 / 26, 1 / 26])
    assert estimate.belief[:4].tolist() == [[1, 0], [0, 1], [1, 0], [0, 1]]


def test_class_shares_are_those_of_the_known_answers(ballots):
    votes = ballots("a x 1", "b x 1", "c x 2", items=["a", "b", "c", "nobody"])
    estimate = KnownAnswers().estimate(votes, Gold(np.arange(2), np.zeros(2, int)))
    assert np.exp(estimate.base) == pytest.approx([0.75, 0.25])
    assert estimate.belief[3] == pytest.approx([0.75, 0.25])


def test_strength_is_what_everybody_counts(ballots):
    votes = ballots("a x 1", "a y 1", "b x 2")
    gold = Gold(np.array([0, 1]), np.array([0, 1]))
    # truth 2: x right once of once; everybody (1 + 0.5) of 2; y has said nothing of it and is as everybody
    confusion = np.exp(KnownAnswers(strength=3.0).estimate(votes, gold).table)
    assert confusion[0, 1, 1] == pytest.approx((1 + 3 * 0.75) / 4)
    assert confusion[1, 1, 1] == pytest.approx(0.75)


@pytest.mark.parametrize("gold", [None, Gold(np.zeros(0, int), np.zeros(0, int))])
def test_it_needs_known_answers(ballots, gold):
    with pytest.raises(OptionError, match="without known answers"):
        KnownAnswers().estimate(ballots("a x 1"), gold)
