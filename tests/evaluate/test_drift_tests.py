"""Evidence of drift: p-values that are what they say, and evidence that adds up without false alarms."""

import numpy as np
import pytest

from karat.evaluate import drift_tests as tests


def test_p_values_of_equal_distributions_are_rarely_small():
    chance = np.random.default_rng(0)
    p = [
        tests.numbers_p(np.sort(chance.normal(size=400)), np.sort(chance.normal(size=100).astype(float)))
        for _ in range(400)
    ]
    assert 0.02 <= np.mean(np.array(p) < 0.05) <= 0.09
    texts = [
        tests.categories_p(chance.choice(list("abcdef"), 400), chance.choice(list("abcdef"), 100)) for _ in range(200)
    ]
    assert np.mean(np.array(texts) < 0.05) <= 0.08


def test_a_shift_of_numbers_is_the_largest_difference_of_shares():
    shift = tests.numbers_shift(np.arange(100.0), np.arange(100.0) + 30)
    assert shift.effect == pytest.approx(0.3)
    assert shift.low < 0.3 < shift.high
    assert shift.before - shift.after == pytest.approx(0.3)


def test_missing_cells_are_a_value_of_their_own():
    own, gone = tests.ordered(np.arange(50.0)), tests.ordered(np.where(np.arange(50) < 40, np.nan, 1.0))
    shift = tests.numbers_shift(own, gone)
    assert (shift.at, shift.before, shift.after) == (None, 0.0, 0.8)
    assert tests.numbers_p(own, gone) < 1e-9


def test_a_category_that_is_new_is_named():
    shift = tests.categories_shift(np.array(["a"] * 50 + ["b"] * 50), np.array(["a"] * 50 + ["c"] * 50))
    assert shift.at in ("b", "c")
    assert shift.effect == pytest.approx(0.5)


def test_many_rare_new_values_are_seen_together():
    known = np.array([f"k{at % 40}" for at in range(2000)])
    new = np.array([f"n{at}" for at in range(200)])
    assert tests.categories_p(known, new) < 1e-9


def test_evidence_has_mean_one_where_nothing_changes():
    depth = np.geomspace(1e-6, 690, 200_000)  # p = exp(-depth)
    values = np.array([tests.evidence(p) for p in np.exp(-depth)]) * np.exp(-depth)
    assert np.trapezoid(values, depth) == pytest.approx(1.0, abs=0.01)
    assert tests.evidence(1e-9) > 1e6 > tests.evidence(1e-3) > 1


def test_evidence_adds_up_over_windows():
    total = 0.0
    for _ in range(4):
        total = tests.detected(total, 0.001, 1e9)
    assert total > 100 * tests.detected(0.0, 0.001, 1e9)
    assert tests.detected(1e300, 1e-300, 50.0) == 50.0


def test_the_threshold_grows_with_columns_and_windows():
    assert tests.threshold(10, 24, 0.1) == pytest.approx(2400)
    with pytest.raises(ValueError, match="above 0"):
        tests.threshold(0, 24, 0.1)
