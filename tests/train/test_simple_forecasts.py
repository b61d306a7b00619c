"""The forecasts that cost nothing."""

import numpy as np

from karat.core.series_past import SeriesPast
from karat.train.simple_forecasts import Drift, LastKnown, SeasonAgo


def test_they_say_what_they_are():
    past = SeriesPast(np.array([1.0, 2.0, 3.0, 5.0]), (3,))
    assert LastKnown().ahead(past, 2).tolist() == [5.0, 5.0]
    assert SeasonAgo().ahead(past, 4).tolist() == [2.0, 3.0, 5.0, 2.0]
    assert np.allclose(Drift().ahead(past, 2), [5 + 4 / 3, 5 + 8 / 3])


def test_a_season_longer_than_the_series_is_none():
    assert SeasonAgo().ahead(SeriesPast(np.array([1.0, 2.0]), (12,)), 2).tolist() == [2.0, 2.0]
