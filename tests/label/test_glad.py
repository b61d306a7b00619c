import numpy as np
import pytest

from karat.label.expectation import Gold
from karat.label.glad import Glad


def lines(voters, items=24, backward=()):
    return [f"i{i} v{v} {1 + (i + (v in backward)) % 2}" for i in range(items) for v in range(voters)]


def test_a_good_crowd_is_read_and_its_skill_found(ballots):
    estimate = Glad().estimate(ballots(*lines(4)))
    assert (estimate.belief.argmax(axis=1) == np.arange(24) % 2).all()
    assert estimate.belief.max(axis=1).min() > 0.9
    skill = estimate.table[:, 0, 0]
    assert (skill > 1).all()
    assert np.ptp(skill) < 1e-6
    assert (estimate.table == np.eye(2) * skill[:, None, None]).all()  # a vote speaks for its own class alone


def test_a_skill_below_zero_turns_a_vote_round(ballots):
    estimate = Glad().estimate(ballots(*lines(5, backward=(4,)), "alone v4 1", "other v0 1"))
    assert estimate.table[4, 0, 0] < 0 < estimate.table[0, 0, 0]
    assert estimate.belief[24].argmax() == 1  # what v4 alone called 1
    assert estimate.belief[25].argmax() == 0


def test_a_slip_on_an_easy_item_tells_more_than_one_on_a_hard_item(ballots):
    # a and b each err twice: a where everybody else agrees, b where half of the others err, too
    crowd = [f"i{i} v{v} {1 + (i + (i < 2 and v < 3)) % 2}" for i in range(20) for v in range(6)]
    crowd += [f"i{i} a {1 + (i + (i in (10, 11))) % 2}" for i in range(20)]
    crowd += [f"i{i} b {1 + (i + (i < 2)) % 2}" for i in range(20)]
    votes = ballots(*crowd)
    truth = Gold(np.arange(20), np.arange(20) % 2)
    skill = dict(zip(votes.voters.to_pylist(), Glad().estimate(votes, truth).table[:, 0, 0], strict=True))
    assert skill["b"] > skill["a"]


def test_with_more_classes_a_vote_weighs_more(ballots):
    votes = ballots("a x 1", "a y 2", classes=["1", "2", "3"])
    estimate = Glad(rounds=1).estimate(votes)
    assert estimate.table[0, 0, 0] > np.log(2)
    assert estimate.belief[0, 0] == pytest.approx(estimate.belief[0, 1])
    assert estimate.belief[0, 2] < estimate.belief[0, 0]


def test_rounds_are_limited_and_a_calm_crowd_settles(ballots):
    hard = ballots(*lines(3, backward=(2,)))
    first = Glad(rounds=1).estimate(hard)
    assert (first.rounds, first.settled) == (1, False)
    assert Glad().estimate(ballots(*lines(4))).settled


def test_known_answers_stand_and_teach(ballots):
    votes = ballots(*lines(2, items=10), "late v1 1")
    gold = Gold(np.arange(10), 1 - np.arange(10) % 2)  # everybody is wrong throughout
    estimate = Glad().estimate(votes, gold)
    assert (estimate.belief[:10].argmax(axis=1) == gold.label).all()
    assert (estimate.table[:, 0, 0] < 0).all()
    assert estimate.belief[10].argmax() == 1


def test_the_prior_holds_skill_near_one(ballots):
    votes = ballots(*lines(3))
    near, far = (Glad(spread).estimate(votes).table[0, 0, 0] for spread in (0.1, 3.0))
    assert abs(near - 1) < 0.2
    assert far > near


@pytest.mark.parametrize(("classes", "label"), [(["1", "2"], 2), (["1", "2", "3"], 3)])
def test_a_voter_of_usual_skill_is_right_with_the_sigmoid_of_one(ballots, classes, label):
    # priors so narrow that skill and ease stay at one; every class is as usual
    votes = ballots(*(f"i{at} x {name}" for at, name in enumerate(classes)), classes=classes)
    belief = Glad(spread=1e-6, rounds=1).estimate(votes).belief
    assert belief.max(axis=1) == pytest.approx(1 / (1 + np.exp(-1)), abs=1e-4)
    assert belief.shape == (label, label)


def test_a_step_of_scoring_is_damped():
    from karat.label.votes import read_votes

    votes = read_votes({"item": ["a"], "voter": ["x"], "label": ["1"]})
    skill, ease = Glad()._step(votes, np.array([1.0]), np.ones(1), np.zeros(1))
    sure = 1 / (1 + np.exp(-1))
    curve = sure * (1 - sure) + 1
    assert skill == pytest.approx(1 + 0.7 * (1 - sure) / curve)
    assert ease == pytest.approx(0.7 * (1 - sure) / curve)
    tight, _ = Glad(spread=0.5)._step(votes, np.array([1.0]), np.full(1, 2.0), np.zeros(1))
    sure = 1 / (1 + np.exp(-2))
    assert tight == pytest.approx(2 + 0.7 * ((1 - sure) - 4 * 1) / (sure * (1 - sure) + 4))
