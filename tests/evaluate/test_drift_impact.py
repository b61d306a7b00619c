"""What a change costs: records get the window's values or weights, and the cost follows."""

import numpy as np
import pytest

from karat.evaluate import drift_impact as impact

CHANCE = np.random.default_rng(0)


def test_numbers_keep_their_rank_and_take_the_windows_values():
    reference, window = np.arange(100.0), CHANCE.permutation(np.arange(50.0)) * 10
    chosen = impact.coupled(reference, window, 0.0, np.random.default_rng(1))
    assert window[chosen].tolist() == sorted(window[chosen].tolist())
    assert set(window[chosen]) == set(window)
    mixed = impact.coupled(reference, window, 1.0, np.random.default_rng(1))
    assert window[mixed].tolist() != sorted(window[mixed].tolist())
    assert sorted(window[mixed]) == sorted(window[chosen])


def test_as_many_numbers_go_missing_as_in_the_window():
    window = np.where(np.arange(1000) < 700, np.nan, 1.0)
    chosen = impact.coupled(np.arange(2000.0), window, 0.0, np.random.default_rng(1))
    assert np.isnan(window[chosen]).mean() == pytest.approx(0.7, abs=0.04)
    back = impact.coupled(np.where(np.arange(2000) < 1000, np.nan, 1.0), np.ones(100), 0.0, np.random.default_rng(1))
    assert (back >= 0).all()


def test_categories_keep_what_they_can():
    reference, window = np.array(["a"] * 600 + ["b"] * 400), np.array(["A"] * 600 + ["b"] * 400)
    chosen = impact.coupled(reference, window, 0.0, np.random.default_rng(1))
    assert (chosen[600:] == -1).all()
    assert set(window[chosen[:600]]) == {"A"}


def test_a_column_that_no_longer_goes_with_its_partner_is_mixed():
    partner = CHANCE.normal(size=3000)
    own = partner + 0.3 * CHANCE.normal(size=3000)
    assert impact.mixing(own, own[:1000] * 5, [(partner, partner[:1000])]) == 0.0
    assert impact.mixing(own, CHANCE.permutation(own)[:1000], [(partner, partner[:1000])]) > 0.8


def test_weights_give_the_windows_shares_and_cost_follows():
    own, other = np.array(["a"] * 900 + ["b"] * 100), np.array(["a"] * 100 + ["b"] * 100)
    weights = impact.raked([impact.binned(own, other)], 1000)
    assert weights[own == "b"].sum() / weights.sum() == pytest.approx(0.5)
    loss = np.where(own == "b", 1.0, 0.0) + 1e-3 * CHANCE.normal(size=1000)
    cost = impact.carried(loss, loss, weights)
    assert (cost.story, cost.mean) == ("population", pytest.approx(0.4, abs=0.01))
    assert cost.low > 0.3


def test_values_beyond_the_reference_are_no_population():
    assert impact.raked([impact.binned(np.arange(100.0), np.arange(100.0) + 500)], 100) is None


def test_a_population_explains_what_goes_with_it():
    age = CHANCE.uniform(20, 80, 4000)
    income = age * 10 + CHANCE.normal(0, 50, 4000)
    old = CHANCE.choice(np.flatnonzero(age > 60), 800)
    weights = impact.raked([impact.binned(age, age[old])], 4000)
    assert impact.explains(weights, [(income, income[old])])
    some = CHANCE.choice(4000, 800)  # ages were changed alone
    assert not impact.explains(weights, [(income, income[some])])


def test_losses_of_probabilities_and_numbers():
    answers = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert impact.losses(answers, np.array([0, 0]), 1.0).tolist() == pytest.approx([0.01, 0.64])
    assert impact.losses(np.array([1.0, 3.0]), np.array([1.0, 1.0]), 2.0).tolist() == [0.0, 2.0]


def test_answers_that_are_less_sure_cost_more():
    sure = CHANCE.choice([0.02, 0.5], 4000, p=[0.8, 0.2])
    truth = CHANCE.random(4000) < sure
    answers = np.column_stack([1 - sure, sure])
    loss = impact.losses(answers, truth.astype(int), 1.0)
    doubtful = answers[CHANCE.choice(np.flatnonzero(sure == 0.5), 500)]
    cost = impact.without_labels(answers, loss, doubtful)
    assert cost.low > 0.15
    same = impact.without_labels(answers, loss, answers[:1000])
    assert same.low < 0 < same.high
