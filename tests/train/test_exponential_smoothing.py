"""Exponential smoothing on series whose next values are known."""

import numpy as np
import pytest

from karat.core.series_past import SeriesPast
from karat.train.exponential_smoothing import ExponentialSmoothing

AT = np.arange(132)
NOISE = 0.2 * np.random.default_rng(0).normal(size=132)


@pytest.mark.parametrize(
    "line",
    [20 + 0 * AT, 20 + 0.5 * AT, 20 + 5 * np.sin(np.pi * AT / 6), (20 + 0.5 * AT) * (1 + 0.2 * np.sin(np.pi * AT / 6))],
    ids=["level", "trend", "season", "growing season"],
)
def test_what_is_known_goes_on(line):
    said = ExponentialSmoothing().ahead(SeriesPast((line + NOISE)[:120], (12,)), 12)
    assert np.abs(said - line[120:]).mean() < 0.6


def test_gaps_and_short_and_constant_series_have_an_answer():
    line = 20 + 5 * np.sin(np.pi * AT / 6)
    line[[5, 50, 51, 110]] = np.nan
    said = ExponentialSmoothing().ahead(SeriesPast(line[:120], (12,)), 12)
    assert np.abs(said - (20 + 5 * np.sin(np.pi * AT[120:] / 6))).mean() < 0.6
    assert ExponentialSmoothing().ahead(SeriesPast(np.array([1.0, 2.0, 4.0])), 2).shape == (2,)
    assert ExponentialSmoothing().ahead(SeriesPast(np.full(30, 3.0), (12,)), 2) == pytest.approx([3.0, 3.0])
    assert ExponentialSmoothing().ahead(SeriesPast(np.zeros(30), (12,)), 2) == pytest.approx([0.0, 0.0])
