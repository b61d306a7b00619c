"""Numbers: biases are taken off, noise is weighed, far-out votes hardly count."""

import numpy as np
import pytest

from karat.label.number_votes import NumberVotes, measured


def measurements(seed=0, items=200, bias=(5.0, -5.0, 0.0, 0.0), spread=(0.5, 0.5, 4.0, 8.0), wild=0.0):
    chance = np.random.default_rng(seed)
    truth = chance.normal(50, 10, items)
    v = len(bias)
    item, voter = np.repeat(np.arange(items), v).astype(np.int32), np.tile(np.arange(v), items).astype(np.int32)
    value = truth[item] + np.array(bias)[voter] + np.array(spread)[voter] * chance.normal(size=len(item))
    value = np.where(chance.random(len(item)) < wild, 1000.0, value)
    return NumberVotes(item, voter, value, items, v), truth


def error(estimate, truth):
    return float(np.abs(estimate.value - truth).mean())


def test_the_mean_and_the_median_are_plain():
    votes = NumberVotes(np.array([0, 0, 0, 2]), np.array([0, 1, 2, 0]), np.array([1.0, 2.0, 9.0, 5.0]), 3, 3)
    assert measured(votes, "mean").value.tolist() == [4, 4.5, 5]
    assert measured(votes, "median").value.tolist() == [2, 3.5, 5]


def test_good_voters_and_biases_are_found():
    votes, truth = measurements()
    estimate = measured(votes)
    assert error(estimate, truth) < 0.4 * error(measured(votes, "mean"), truth)
    assert error(estimate, truth) < 0.4 * error(measured(votes, "median"), truth)
    assert estimate.bias[:2] - estimate.bias.mean() == pytest.approx([5, -5], abs=1.0)
    assert estimate.spread.argsort().tolist()[2:] == [2, 3]


def test_wild_votes_hardly_move_anything():
    votes, truth = measurements(wild=0.05)
    assert error(measured(votes), truth) < 2
    assert error(measured(votes, "mean"), truth) > 20


def test_the_truth_lies_in_its_interval_as_often_as_it_should():
    inside = []
    for seed in range(5):
        votes, truth = measurements(seed, bias=(2.0, -1.0, -1.0, 1.0), spread=(2.0, 3.0, 4.0, 5.0))
        estimate = measured(votes)
        inside.append(np.mean(np.abs(estimate.value - truth) <= 1.96 * estimate.error))
    assert 0.9 <= np.mean(inside) <= 1.0


def test_known_answers_hold_and_set_the_level():
    votes, truth = measurements(bias=(6.0, 6.0, 6.0, 6.0))
    known = np.arange(30)
    alone, helped = measured(votes), measured(votes, "weighted", (known, truth[known]))
    assert error(alone, truth) > 4
    assert np.abs(helped.value[30:] - truth[30:]).mean() < 1
    assert helped.value[known] == pytest.approx(truth[known])
    assert (helped.error[known] == 0).all()


def test_an_item_without_votes_has_the_usual_value_and_a_wide_interval():
    votes, truth = measurements()
    more = NumberVotes(votes.item, votes.voter, votes.value, votes.items + 1, votes.voters)
    estimate = measured(more)
    assert estimate.value[-1] == pytest.approx(truth.mean(), abs=1)
    assert estimate.error[-1] > 5 * estimate.error[0]


def test_voters_who_agree_to_the_digit_do_no_harm():
    votes = NumberVotes(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([3.0, 3.0, 4.0, 4.0]), 2, 2)
    estimate = measured(votes)
    assert estimate.value == pytest.approx([3, 4], abs=1e-3)
    assert np.isfinite(estimate.error).all()
