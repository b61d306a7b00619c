"""Intervals from earlier errors hold what they promise, series by series."""

import numpy as np
import pytest

from karat.evaluate.panel_reach import FEW, NORMAL, PanelReach, held


def errors(windows, sizes, horizon, seed=0):
    chance = np.random.default_rng(seed)
    steps = np.sqrt(np.arange(1, horizon + 1))
    return chance.normal(size=(windows, len(sizes), horizon)) * np.array(sizes)[None, :, None] * steps


def test_widths_follow_size_and_steps():
    reach = PanelReach.of(errors(200, [1.0, 4.0], 9))
    assert reach.power == pytest.approx(0.5, abs=0.05)
    assert reach.widths[1] / reach.widths[0] == pytest.approx(4, rel=0.1)
    half = reach.half(np.ones(2), 9)
    assert half[0, 8] / half[0, 0] == pytest.approx(3, rel=0.1)
    assert half[0, 0] == pytest.approx(1.645, rel=0.1)


def test_few_windows_give_wider_intervals():
    off = np.tile(errors(1, [1.0], 50), (40, 1, 1))
    many, few = PanelReach.of(off), PanelReach.of(off[:2])
    assert few.widths[0] / many.widths[0] == pytest.approx((1 + FEW / 2) / (1 + FEW / 40), rel=0.02)


def test_coverage_is_told_from_windows_left_out():
    assert held(errors(100, [1.0, 2.0], 6)) == pytest.approx(0.9, abs=0.03)
    assert np.isnan(held(errors(1, [1.0], 6)))


def test_without_errors_the_interval_is_that_of_a_walk():
    reach = PanelReach.of(np.full((0, 3, 4), np.nan))
    assert reach.widths.tolist() == [NORMAL] * 3
    assert PanelReach.of(np.zeros((3, 1, 4))).widths.tolist() == [0.0]
