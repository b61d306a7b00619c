import numpy as np
import pytest

from karat.label.consensus import Consensus
from karat.label.expectation import Gold


def test_the_belief_is_the_mean_of_the_members(ballots):
    votes = ballots(*(f"i{at} {who} {(at + (who == 'z') * (at % 3 == 0)) % 2}" for at in range(12) for who in "xyz"))
    estimate = Consensus().estimate(votes)
    beliefs = [member.estimate(votes).belief for member in Consensus.members]
    assert estimate.belief == pytest.approx(np.mean(beliefs, axis=0))
    assert estimate.table.shape == (3, 2, 2)


def test_known_answers_hold(ballots):
    votes = ballots("a x 1", "a y 1", "b x 2", "b y 1")
    estimate = Consensus().estimate(votes, Gold(np.array([0]), np.array([1])))
    assert estimate.belief[0].tolist() == [0, 1]
