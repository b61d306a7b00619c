import numpy as np
import pytest

from karat.label.expectation import Gold
from karat.label.majority import Majority
from karat.label.with_model import WithModel


def crowd(ballots, per_item=2, right=0.7, items=300, seed=0):
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, 2, items)
    lines = [
        f"i{i} v{v} {truth[i] if chance.random() < right else 1 - truth[i]}"
        for i in range(items)
        for v in chance.choice(20, per_item, replace=False)
    ]
    return ballots(*lines), truth


def accuracy(estimate, truth):
    return (estimate.belief.argmax(axis=1) == truth).mean()


def model(truth, good, seed=1):
    chance = np.random.default_rng(seed)
    ahead = np.where(chance.random(len(truth)) < good, 0.9, 0.1)
    own = np.where(truth == 1, ahead, 1 - ahead)
    return np.column_stack([1 - own, own])


def test_a_good_model_decides_where_votes_are_few(ballots):
    votes, truth = crowd(ballots)
    alone = accuracy(Majority().estimate(votes), truth)
    joint = WithModel(Majority(), model(truth, 0.95)).estimate(votes)
    assert accuracy(joint, truth) > max(0.9, alone + 0.08)
    assert joint.belief.sum(axis=1) == pytest.approx(1)


def test_a_useless_model_gets_no_weight(ballots):
    votes, truth = crowd(ballots, per_item=5)
    alone = accuracy(Majority().estimate(votes), truth)
    assert accuracy(WithModel(Majority(), model(truth, 0.5)).estimate(votes), truth) > alone - 0.02


def test_many_votes_outweigh_a_model_that_is_certain_and_wrong(ballots):
    votes, truth = crowd(ballots, per_item=9, right=0.9)
    answers = model(truth, 0.95)
    answers[:5] = np.eye(2)[1 - truth[:5]]
    joint = WithModel(Majority(), answers).estimate(votes)
    assert accuracy(joint, truth) > 0.97
    assert np.isfinite(joint.base).all()


def test_where_the_model_says_nothing_the_votes_decide(ballots):
    votes, truth = crowd(ballots, per_item=5, right=0.85)
    silent = WithModel(Majority(), np.full((300, 2), np.nan)).estimate(votes)
    assert accuracy(silent, truth) > accuracy(Majority().estimate(votes), truth) - 0.03
    half = model(truth, 1.0)
    half[150:] = np.nan
    joint = WithModel(Majority(), half).estimate(votes)
    assert (joint.belief.argmax(axis=1) == truth)[:150].mean() > 0.98
    assert np.ptp(joint.base[150:], axis=0) == pytest.approx([0, 0])


def test_known_answers_stand(ballots):
    votes, truth = crowd(ballots, items=40)
    gold = Gold(np.arange(3), 1 - truth[:3])
    joint = WithModel(Majority(), model(truth, 0.95)).estimate(votes, gold)
    assert (joint.belief[:3].argmax(axis=1) == gold.label).all()
    assert (joint.belief[:3].max(axis=1) == 1).all()
