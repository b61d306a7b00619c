"""What ships: weights by error, and a naive forecast where it errs no more."""

import numpy as np
import pytest

from karat.flow.forecast_choice import LEAST, ForecastChoice, blended, combined, shipped_off
from karat.flow.forecast_race import COMBINED, Answers

NAMES = ("last value", "seasonal naive", "drift", "theta", "boosted trees")


def answers(sizes, series=1, windows=6, seed=0):
    """Ways that err by some mean size each, to either side."""
    chance = np.random.default_rng(seed)
    shape = (windows, series, 4)
    said = {
        name: size * chance.choice([-1, 1], shape) * (1 + 0.05 * chance.normal(size=shape))
        for name, size in zip(NAMES, sizes, strict=True)
    }
    return Answers(np.zeros(shape), np.ones(shape[:2]), said)


def test_what_errs_less_counts_more_and_what_errs_far_more_not_at_all():
    choice = ForecastChoice.of(answers((5, 4, 5, 1.0, 0.9)))
    weights = dict(zip(choice.ways, choice.weights[0], strict=True))
    assert (choice.panel, choice.each) == (COMBINED, (COMBINED,))
    assert weights["last value"] == weights["seasonal naive"] == weights["drift"] == 0
    assert weights["boosted trees"] > weights["theta"] >= LEAST
    assert sum(weights.values()) == pytest.approx(1)


def test_errors_that_do_not_go_together_make_the_combination_better_than_each():
    made = answers((5, 4, 5, 1.0, 1.0), windows=8)
    errors = np.abs(shipped_off(made, ForecastChoice.of(made))).mean()
    assert errors < 0.85 * min(np.abs(said).mean() for said in made.said.values())


def test_a_naive_forecast_that_errs_no_more_ships_alone():
    choice = ForecastChoice.of(answers((5, 0.3, 5, 1.0, 1.0)))
    assert choice.panel == "seasonal naive"
    assert choice.ahead({name: np.full((1, 3), at) for at, name in enumerate(NAMES)}).tolist() == [[1, 1, 1]]
    assert ForecastChoice.of(answers((0.3, 0.29, 5, 1.0, 1.0))).panel == COMBINED  # the mean of two as good is better


def test_one_series_of_a_panel_may_get_the_naive_forecast():
    made = answers((5, 4, 5, 1.0, 1.0), series=3)
    made.said["last value"][:, 1] = 0.05
    choice = ForecastChoice.of(made)
    assert choice.each == (COMBINED, "last value", COMBINED)
    assert choice.weights[1].tolist() == [1, 0, 0, 0, 0]
    assert (shipped_off(made, choice)[:, 1] == -0.05).all()


def test_few_windows_lean_on_the_other_series():
    made = answers((5, 4, 5, 1.0, 0.8), series=40, windows=1)
    made.said["theta"][0, 0] = 0.5
    few = ForecastChoice.of(made).weights[0]
    assert 0.05 < few[NAMES.index("boosted trees")] < few[NAMES.index("theta")]


def test_a_window_of_its_own_chooses_no_weight():
    made = answers((5, 4, 5, 1.0, 1.0), windows=3)
    before = combined(made)[0]
    made.truth[0] = 100.0  # every way errs elsewhere now, in this window alone
    assert combined(made)[0].tolist() == before.tolist()


def test_without_windows_the_last_value_stays():
    empty = ForecastChoice.of(Answers(np.zeros((0, 2, 3)), np.zeros((0, 2)), {}))
    assert (empty.panel, empty.each, empty.weights.tolist()) == ("last value", ("last value",) * 2, [[1.0], [1.0]])


def test_a_series_without_a_window_or_change_gets_what_the_others_say():
    made = answers((5, 4, 5, 1.0, 0.5), series=2)
    made.scale[:, 1] = np.nan
    choice = ForecastChoice.of(made)
    assert choice.weights[1].tolist() == pytest.approx(choice.usual.tolist())


def test_what_is_written_says_all_that_answers_need():
    made = answers((5, 4, 5, 1.0, 0.9), series=2)
    choice = ForecastChoice.of(made)
    told = choice.to_json(["a", "b"])
    said = {name: np.arange(6.0).reshape(2, 3) + at for at, name in enumerate(NAMES)}
    assert list(told) == ["panel", "each", "weights", "usual"]
    assert np.allclose(blended(said, [told["weights"][name] for name in "ab"]), choice.ahead(said))
    assert set(told["usual"]) <= set(NAMES)
