"""The race: windows see their past alone, and every way answers all of them."""

import numpy as np
import pytest

from karat.core.series_past import SeriesPast
from karat.flow.forecast_race import COMBINED, Answers, answered, said_ahead, windows_of

WAVE = 20 + 5 * np.sin(2 * np.pi * np.arange(120) / 12) + 0.3 * np.random.default_rng(0).normal(size=120)


def test_windows_have_their_own_past_alone():
    honest = answered([SeriesPast(WAVE, (12,))], 6, 0, 1)
    spoiled = WAVE.copy()
    spoiled[-6:] = 1_000.0
    later = answered([SeriesPast(spoiled, (12,))], 6, 0, 1)
    for name, said in honest.said.items():
        assert said[0].tolist() == later.said[name][0].tolist(), (
            name
        )  # the newest window's truth changes no answer to it


def test_every_way_answers_and_the_combination_lies_between():
    answers = answered([SeriesPast(WAVE, (12,)), SeriesPast(WAVE[:80], (12,))], 12, 0, 2)
    assert list(answers.said)[:3] == ["last value", "seasonal naive", "drift"]
    parts = np.stack([answers.said[name] for name in list(answers.said)[3:-1]])
    assert np.allclose(np.nanmedian(parts, axis=0), answers.said[COMBINED], equal_nan=True)
    assert answers.errors[COMBINED].shape == answers.scale.shape


def test_errors_are_told_in_the_scale():
    truth, said = np.array([[[1.0, 3.0]]]), np.array([[[2.0, 2.0]]])
    assert Answers(truth, np.array([[2.0]]), {"a": said}).errors["a"].tolist() == [[0.5]]


@pytest.mark.parametrize(
    ("lengths", "horizon", "windows"),
    [([120], 12, (5, 12)), ([120], 1, (20, 1)), ([48], 12, (5, 2)), ([20], 12, (3, 1)), ([7], 5, (0, 0))],
)
def test_how_many_windows(lengths, horizon, windows):
    assert windows_of([SeriesPast(np.arange(n, dtype=float), (12,)) for n in lengths], horizon) == windows


def test_counts_are_not_forecast_below_nothing():
    falling = SeriesPast(np.arange(40.0)[::-1])
    assert all((line >= 0).all() for line in said_ahead([falling], 5, 0, 1).values())


def test_what_is_known_ahead_is_left_to_those_that_read_it():
    chance = np.random.default_rng(1)
    switch = (chance.random(110) < 0.3).astype(float)
    past = SeriesPast((50 + 20 * switch + chance.normal(size=110))[:100], known=switch[:, None])
    said = said_ahead([past], 10, 0, 1)
    assert np.allclose(said[COMBINED], (said["autoregression"] + said["boosted trees"]) / 2)
