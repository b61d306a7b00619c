"""The Theta method on series whose next values are known."""

import numpy as np
import pytest

from karat.core.series_past import SeriesPast
from karat.train.theta_lines import ThetaLines

AT = np.arange(132)
NOISE = 0.2 * np.random.default_rng(0).normal(size=132)


@pytest.mark.parametrize("shift", [0.0, -100.0], ids=["by ratio", "by distance"])
def test_season_and_level_go_on(shift):
    line = shift + 50 + 8 * np.sin(np.pi * AT / 6)
    said = ThetaLines().ahead(SeriesPast((line + NOISE)[:120], (12,)), 12)
    assert np.abs(said - line[120:]).mean() < 0.6


def test_a_walk_goes_on_from_its_end():
    walk = 50 + np.cumsum(np.random.default_rng(1).normal(size=200))
    assert ThetaLines().ahead(SeriesPast(walk), 3) == pytest.approx(np.full(3, walk[-1]), abs=1.0)


def test_short_and_constant_series_have_an_answer():
    assert ThetaLines().ahead(SeriesPast(np.array([1.0, 2.0, 4.0])), 2).tolist() == [4.0, 4.0]
    assert ThetaLines().ahead(SeriesPast(np.full(30, 3.0), (12,)), 2) == pytest.approx([3.0, 3.0])
