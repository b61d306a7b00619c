"""Shares of a gap and planning: right where the answer is known."""

import numpy as np
import pytest

from karat.lift.statistics import gain, records_to_see, share_of


def test_gain_by_hand() -> None:
    found = gain(np.array([0.01, 0.03, 0.02, 0.00, 0.04]) + 0.5, np.full(5, 0.5), 0.25)
    assert found.mean == pytest.approx(0.02)
    assert found.high - found.mean == pytest.approx(2.7764451 * np.sqrt(0.00025 * 0.45))


def test_identical_scores_are_exactly_nothing() -> None:
    scores = np.random.default_rng(0).random(25)
    found = gain(scores, scores.copy(), 0.25)
    assert (found.mean, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_records_to_see() -> None:
    assert records_to_see(0.01, 0.02, 1000) == 4000


def test_fieller_agrees_with_simulation() -> None:
    rng = np.random.default_rng(3)
    parts = rng.multivariate_normal([1, 2], [[0.5, 0.2], [0.2, 0.5]], 50)
    share, low, high = share_of(parts[:, 0], parts[:, 1], 0.0)
    drawn = rng.multivariate_normal(parts.mean(0), np.cov(parts.T) / 50, 20_000)
    assert share == pytest.approx(parts[:, 0].mean() / parts[:, 1].mean())
    assert (low, high) == pytest.approx(tuple(np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])), abs=0.02)


def test_fieller_is_open_where_the_gap_may_be_nothing() -> None:
    parts = np.random.default_rng(4).normal(0, 1, (20, 2))
    assert share_of(parts[:, 0], parts[:, 1], 0.25)[1:] == (float("-inf"), float("inf"))


def test_everything_won_back() -> None:
    gap = np.random.default_rng(5).normal(0.05, 0.01, 25)
    assert share_of(gap, gap, 0.25) == pytest.approx((1.0, 1.0, 1.0), abs=1e-6)
