"""Recursions of exponential smoothing and theta against plain Python, and the search against a known answer."""

import numpy as np
import pytest

from karat.kernels.smoothing import ADDED, DENIED, NONE, TIMES, search, smooth, smoothed_ahead, theta

VALUES = np.array([3.0, 5.0, np.nan, 6.0, 4.0, 7.0, 8.0, 6.0])


def test_simple_smoothing_by_hand():
    level, errors = 3.0, 0.0
    for value in VALUES:
        if not np.isnan(value):
            errors += (value - level) ** 2
            level += 0.4 * (value - level)
    start = np.array([3.0, 0.0])
    cost = smooth(VALUES, NONE, False, np.array([0.4, 0.0, 0.0, 0.0]), start, np.ones(1))
    assert start[0] == pytest.approx(level)
    assert cost == pytest.approx(7 * np.log(errors))


@pytest.mark.parametrize("seasonal", [ADDED, TIMES])
def test_seasonal_smoothing_by_hand(seasonal):
    weights, cycle = (0.3, 0.1, 0.2, 0.9), [1.0, 2.0] if seasonal == ADDED else [0.9, 1.1]
    level, slope, own = 4.0, 0.5, list(cycle)
    for at, value in enumerate(VALUES):
        base, part = level + weights[3] * slope, own[at % 2]
        off = value - (base + part if seasonal == ADDED else base * part)
        if np.isnan(value):
            level, slope = base, weights[3] * slope
            continue
        share = 1.0 if seasonal == ADDED else part
        level, slope = base + weights[0] * off / share, weights[3] * slope + weights[1] * off / share
        own[at % 2] += weights[2] * off / (1.0 if seasonal == ADDED else base)
    start, states = np.array([4.0, 0.5]), np.array(cycle)
    smooth(VALUES, seasonal, False, np.array(weights), start, states)
    assert start.tolist() == pytest.approx([level, slope])
    assert states.tolist() == pytest.approx(own)


def test_relative_errors_need_positive_forecasts():
    assert smooth(VALUES, NONE, True, np.array([0.4, 0, 0, 0]), np.array([-3.0, 0.0]), np.ones(1)) == DENIED


def test_the_search_finds_the_level_of_a_calm_series():
    values = 5 + 0.1 * np.random.default_rng(0).normal(size=80)
    point, form = np.array([0.5, 0.9]), np.array([NONE, NONE, 0])
    search(0, point, np.array([0.3, 0.1]), values, form, 5.0, np.ones(1))
    out = np.empty(3)
    smoothed_ahead(values, point, form, 5.0, np.ones(1), out)
    assert out == pytest.approx(np.full(3, 5.0), abs=0.1)
    assert point[0] < 0.3


def test_theta_of_a_line_goes_on_with_it():
    values = np.arange(1.0, 31.0)
    out = np.empty(4)
    theta(values, 0.9, 2.0, 0.5, False, np.array([0.0, 1.0]), out)
    assert np.diff(out) == pytest.approx(np.full(3, 0.5), abs=0.05)  # half the slope, as of two lines
    assert theta(values, 0.05, 2.0, 0.5, False, np.array([0.0, 1.0]), out) == DENIED
