import numpy as np
import pytest

from karat.flow.choosing_learner import MOST_GIVEN_UP, choose_learner

ORDER = ("plain", "trees", "large")


def scores(plain, trees, large):
    return {name: np.array(values, float) for name, values in zip(ORDER, (plain, trees, large), strict=True)}


def test_the_best_ships_where_it_is_clearly_better():
    choice = choose_learner(scores([0.70] * 5, [0.75, 0.76, 0.74, 0.75, 0.76], [0.80] * 5), ORDER, 0.25)
    assert (choice.name, choice.best) == ("large", "large")
    assert choice.expected.tolist() == [0.80] * 5


def test_the_simpler_ships_where_they_cannot_be_told_apart():
    wobble = np.array([0.01, -0.01, 0.02, -0.02, 0.001])
    choice = choose_learner(scores(0.8 + wobble, 0.801 - wobble, 0.8012 - wobble), ORDER, 0.25)
    assert (choice.name, choice.best) == ("plain", "large")
    assert 0 < choice.difference <= MOST_GIVEN_UP


def test_no_more_is_given_up_than_the_limit_however_unsure_it_is():
    wobble = np.array([0.05, -0.05, 0.06, -0.06, 0.0])
    choice = choose_learner(scores(0.79 + wobble, 0.80 - wobble, 0.80 - wobble), ORDER, 0.25)
    assert choice.name == "trees"  # of equal ones the simpler


def test_what_choosing_is_worth_is_told_by_folds_that_had_no_say():
    """Two learners that differ by chance alone: the better one's own mean flatters."""
    chance = np.random.default_rng(0)
    flattered, honest = [], []
    for _ in range(200):
        drawn = dict(zip(ORDER, 0.7 + 0.05 * chance.normal(size=(3, 5)), strict=True))
        choice = choose_learner(drawn, ORDER, 0.25)
        flattered.append(drawn[choice.name].mean())
        honest.append(choice.expected.mean())
    assert np.mean(flattered) > 0.705
    assert abs(np.mean(honest) - 0.7) < 0.005


@pytest.mark.parametrize("folds", [1, 2])
def test_one_fold_or_scores_that_could_not_be_had_break_nothing(folds):
    choice = choose_learner(scores([0.7] * folds, [np.nan] * folds, [0.9] * folds), ORDER, 0.25)
    assert choice.name == "large"
    assert choice.to_json()["learner"] == "large"
