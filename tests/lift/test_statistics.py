"""Intervals: right where the answer is known, and honest over overlapping folds."""

import numpy as np
import pytest

from karat.lift.statistics import (
    corrected_t,
    holm,
    minimal_detectable,
    paired_bootstrap,
    ratio_of,
    records_to_see,
    t_quantile,
    t_test,
)


def test_corrected_t_by_hand() -> None:
    values = [0.01, 0.03, 0.02, 0.00, 0.04]
    found = corrected_t(values, 0.25)
    error = np.sqrt(0.00025 * (1 / 5 + 0.25))
    assert found.lift == pytest.approx(0.02)
    assert found.error == pytest.approx(error)
    assert found.high - found.lift == pytest.approx(2.7764451 * error)
    assert found.p_value == pytest.approx(t_test(0.02, error, 4))


def test_wider_than_the_plain_t() -> None:
    values = np.random.default_rng(0).normal(0, 1, 25)
    assert corrected_t(values, 0.25).error > 2.5 * corrected_t(values, 0.0).error


def test_identical_scores_are_exactly_nothing() -> None:
    found = corrected_t(np.zeros(25), 0.25)
    assert (found.lift, found.low, found.high, found.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_one_fold_is_refused() -> None:
    with pytest.raises(ValueError, match="two folds"):
        corrected_t([0.1], 0.25)


def test_minimal_detectable_has_the_power_it_states() -> None:
    rng = np.random.default_rng(1)
    count, degrees = 20_000, 24
    error = 1 / np.sqrt(degrees + 1)
    effect = minimal_detectable(error, degrees)
    samples = rng.normal(effect, 1, (count, degrees + 1))
    seen = samples.mean(1) / (samples.std(1, ddof=1) * error) > t_quantile(0.975, degrees)
    assert seen.mean() == pytest.approx(0.9, abs=0.02)


def test_records_to_see() -> None:
    assert records_to_see(0.01, 0.02, 1000) == 4000


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_paired_bootstrap_covers_a_known_difference() -> None:
    better = np.random.default_rng(2).normal(0.5, 1, 400)
    low, high, _ = paired_bootstrap(lambda at: float(better[at].mean()), 400, 0, draws=400)
    assert low < better.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / 20, rel=0.2)


def test_fieller_agrees_with_simulation() -> None:
    rng = np.random.default_rng(3)
    parts = rng.multivariate_normal([1, 2], [[0.5, 0.2], [0.2, 0.5]], 50)
    top, bottom = parts.mean(0)
    low, high = ratio_of(parts, float(np.sqrt(parts[:, 0].var(ddof=1) / 50)), float(top), float(bottom))
    drawn = rng.multivariate_normal([top, bottom], np.cov(parts.T) / 50, 20_000)
    expected = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    assert (low, high) == pytest.approx(tuple(expected), abs=0.02)


def test_fieller_is_open_where_the_gap_may_be_nothing() -> None:
    parts = np.random.default_rng(4).normal(0, 1, (20, 2))
    assert ratio_of(parts, 0.3, 0.1, 0.01) == (float("-inf"), float("inf"))
