import numpy as np
import pytest

from karat.label.expectation import Gold
from karat.label.mace import Mace


def crowd(ballots, *more):
    lines = [f"i{i} v{v} {1 + i % 2}" for i in range(20) for v in range(3)]
    return ballots(*lines, *(f"i{i} spam 1" for i in range(20)), *more)


def test_a_spammer_is_found_and_their_votes_count_for_nothing(ballots):
    estimate = Mace().estimate(crowd(ballots, "alone spam 1", "kind v0 2"))
    confusion = np.exp(estimate.table)
    assert confusion.sum(axis=1) == pytest.approx(1)
    assert confusion[3, 0].min() > 0.85  # says 1, whatever is true
    assert confusion[0, 0, 0] > 0.95
    assert confusion[0, 0, 1] < 0.05
    assert estimate.belief[20].max() < 0.75
    assert estimate.belief[21, 1] > 0.9


def test_the_confusion_is_that_of_knowing_or_guessing_a_favourite(ballots):
    confusion = np.exp(Mace().estimate(crowd(ballots)).table)
    # away from the truth every row has the probability of guessing that label, at the truth that of knowing on top
    knows = confusion[:, [0, 1], [0, 1]] - confusion[:, [0, 1], [1, 0]]
    assert knows[:, 0] == pytest.approx(knows[:, 1])
    assert (knows[:3] > 0.9).all()
    assert (knows[3] < 0.2).all()


def test_known_answers_are_enough_to_judge_a_voter(ballots):
    # all ten answers are known and x is right on each: misses none, so spam s settles where
    # s = (guessed + 0.5) / (10 + 1) with guessed = 10 · s/2 / (s/2 + 1 - s)
    votes = ballots(*(f"i{i} x {1 + i % 2}" for i in range(10)))
    estimate = Mace().estimate(votes, Gold(np.arange(10), np.arange(10) % 2))
    once = (10 * 0.15 / 0.85 + 0.5) / 11
    assert np.exp(estimate.table[0, 0, 1]) == pytest.approx(once / 2, abs=1e-4)
    assert estimate.belief[0].tolist() == [1, 0]


def test_favourites_have_their_pseudo_votes(ballots):
    votes = crowd(ballots)
    few, many = (np.exp(Mace(favourites=f).estimate(votes).table[3]) for f in (0.01, 100.0))
    assert few[0, 1] > 0.9  # of a 2 the spammer says 1
    assert many[0, 1] < 0.7
