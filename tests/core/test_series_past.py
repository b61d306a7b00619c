"""One series up to a moment: gaps, scale, season and its shape."""

import numpy as np
import pytest

from karat.core.series_past import SeriesPast

WAVE = 10 + np.tile([0.0, 4.0, 0.0, -4.0], 12)


def test_gaps_are_bridged_by_line_and_season():
    values = WAVE.copy()
    values[[9, 30]] = np.nan
    assert SeriesPast(values, (4,)).whole == pytest.approx(WAVE, abs=1.0)
    plain = SeriesPast(np.array([1.0, np.nan, 3.0, np.nan]))
    assert plain.whole.tolist() == [1.0, 2.0, 3.0, 3.0]


def test_the_scale_is_the_mean_change_a_season_apart():
    rising = WAVE + np.arange(48)
    assert SeriesPast(rising, (4,)).scale == pytest.approx(4.0)
    assert SeriesPast(np.array([1.0, 3.0, 2.0])).scale == pytest.approx(1.5)
    assert SeriesPast(np.ones(9)).scale == 0.0


def test_a_season_shows_in_a_wave_and_not_in_noise():
    assert SeriesPast(WAVE, (4,)).seasonal
    noise = np.random.default_rng(0).normal(size=48)
    assert not SeriesPast(noise, (4,)).seasonal
    assert not SeriesPast(WAVE[:7], (4,)).seasonal
    assert not SeriesPast(WAVE, ()).seasonal


@pytest.mark.parametrize(("times", "shape"), [(False, [0, 4, 0, -4]), (True, [1.0, 1.4, 1.0, 0.6])])
def test_the_shape_of_a_season(times, shape):
    assert SeriesPast(WAVE, (4,)).cycle(times) == pytest.approx(shape)


def test_what_lies_ahead_goes_along():
    past = SeriesPast(WAVE, (4,), known=np.arange(60.0)[:, None], calendar=np.arange(60.0)[:, None])
    early = past.until(20, 5)
    assert (len(early.values), len(early.known), len(early.calendar)) == (20, 25, 25)


def test_correlation_and_signs():
    assert SeriesPast(WAVE).correlation(4) == pytest.approx(1.0)
    assert SeriesPast(WAVE).correlation(2) < 0
    assert SeriesPast(np.ones(9)).correlation(1) == 0.0
    assert SeriesPast(WAVE).positive
    assert SeriesPast(np.array([0.0, 1.0, 2.0])).never_negative
    assert not SeriesPast(np.array([0.0, 1.0])).positive
