"""Autoregression on series whose rule is known."""

import numpy as np
import pytest

from karat.core.series_past import SeriesPast
from karat.train.autoregression import Autoregression


def test_an_oscillation_goes_on():
    at = np.arange(210)
    line = 30 + 5 * np.cos(at * 2 * np.pi / 9.5) + 0.05 * np.random.default_rng(0).normal(size=210)
    said = Autoregression().ahead(SeriesPast(line[:200]), 10)
    assert np.abs(said - line[200:]).mean() < 0.6


def test_growing_changes_are_told_in_logarithms():
    at = np.arange(132)
    line = 100 * np.exp(0.01 * at) * (1 + 0.3 * np.sin(np.pi * at / 6))
    said = Autoregression().ahead(SeriesPast(line[:120], (12,)), 12)
    assert said == pytest.approx(line[120:], rel=0.03)


def test_a_column_that_is_known_ahead_is_used():
    chance = np.random.default_rng(0)
    switch = (chance.random(134) < 0.3).astype(float)
    line = 50 + 20 * switch + chance.normal(size=134)
    said = Autoregression().ahead(SeriesPast(line[:120], known=switch[:, None]), 14)
    assert np.abs(said - line[120:]).mean() < 2.5


def test_short_and_constant_series_have_an_answer():
    assert Autoregression().ahead(SeriesPast(np.array([1.0, 2.0, 4.0])), 2).tolist() == [4.0, 4.0]
    assert Autoregression().ahead(SeriesPast(np.full(60, 3.0), (12,)), 2) == pytest.approx([3.0, 3.0])
