import numpy as np
import pytest

from karat.label.expectation import Gold
from karat.label.weighted_majority import WeightedMajority


def test_a_vote_weighs_the_agreement_of_its_voter_with_the_rest(ballots):
    # x and y agree on both items, z with neither of them: agreement 0.5 and 0.5 and 0 a vote, 2 of 6 in all
    votes = ballots("a x 1", "a y 1", "a z 2", "b x 2", "b y 2", "b z 1")
    estimate = WeightedMajority().estimate(votes)
    overall = 2.7 / 7
    x, z = (1 + 5 * overall) / 7, (0 + 5 * overall) / 7
    assert estimate.table[:, 0, 0] == pytest.approx(
        [max(np.log(x / (1 - x)), 1e-3)] * 2 + [max(np.log(z / (1 - z)), 1e-3)]
    )
    assert (estimate.table[:, 0, 1] == 0).all()


def test_nobody_is_turned_round_but_the_careless_count_little(ballots):
    lines = [f"i{i} v{v} {1 + i % 2}" for i in range(20) for v in range(4)]
    lines += [f"i{i} bad {1 + (i + 1) % 2}" for i in range(20)]
    estimate = WeightedMajority().estimate(ballots(*lines, "k v0 2", "k bad 1", "alone bad 1"))
    weight = estimate.table[:, 0, 0]
    assert weight[4] == pytest.approx(1e-3)
    assert weight[0] > 0.5
    assert estimate.belief[20].argmax() == 1
    assert estimate.belief[21].argmax() == 0


def test_known_answers_count_as_one_more_vote_to_agree_with(ballots):
    # x is right once and y wrong; they contradict each other on the item
    votes = ballots("a x 1", "a y 2")
    estimate = WeightedMajority(strength=1.0).estimate(votes, Gold(np.array([0]), np.array([0])))
    # agreement 1 of 2 and 0 of 2, (1 + 0.7) / (4 + 1) in all
    x, y = (1 + 0.34) / 3, 0.34 / 3
    assert x < 0.5
    assert estimate.belief[0].tolist() == [1, 0]
    wider = ballots("a x 1", "a y 2", classes=["1", "2", "3", "4"])
    weights = WeightedMajority(strength=1.0).estimate(wider, Gold(np.array([0]), np.array([0]))).table[:, 0, 0]
    assert weights == pytest.approx([np.log(3 * x / (1 - x)), 1e-3])
    assert y < 0.25


def test_votes_alone_on_their_items_weigh_as_everybodys(ballots):
    estimate = WeightedMajority().estimate(ballots("a x 1", "b y 2", items=["a", "b", "c"]))
    # no agreement is seen: 0.7 of one
    assert estimate.table[:, 0, 0] == pytest.approx(np.log(7 / 3))
    assert estimate.belief[2] == pytest.approx([0.5, 0.5])


def test_ties_go_to_the_more_usual_class_and_items_without_votes_to_the_shares(ballots):
    votes = ballots("a x 1", "a y 2", "b x 2", "b y 2", items=["a", "b", "c"])
    estimate = WeightedMajority().estimate(votes)
    assert estimate.belief[0].argmax() == 1
    assert estimate.belief[0] == pytest.approx([0.5, 0.5], abs=1e-5)
    assert estimate.belief[2] == pytest.approx([2 / 6, 4 / 6])
