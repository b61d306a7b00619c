"""The race: windows see their past alone, and every way answers all of them."""

import numpy as np
import pytest

from karat.core.series_past import SeriesPast
from karat.flow.forecast_race import Answers, answered, said_ahead, windows_of

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


def test_every_way_answers_the_simplest_first():
    answers = answered([SeriesPast(WAVE, (12,)), SeriesPast(WAVE[:80], (12,))], 12, 0, 2)
    assert list(answers.said)[:3] == ["last value", "seasonal naive", "drift"]
    assert len(answers.said) == 7
    assert all(error.shape == answers.scale.shape for error in answers.errors.values())
    older = answers.since(2)
    assert older.truth.tolist() == answers.truth[2:].tolist()
    assert older.errors["drift"].tolist() == answers.errors["drift"][2:].tolist()


def test_errors_are_told_in_the_scale():
    truth, said = np.array([[[1.0, 3.0]]]), np.array([[[2.0, 2.0]]])
    assert Answers(truth, np.array([[2.0]]), {"a": said}).errors["a"].tolist() == [[0.5]]


@pytest.mark.parametrize(
    ("lengths", "horizon", "windows"),
    [([120], 12, (8, 11)), ([120], 1, (20, 1)), ([48], 12, (8, 1)), ([20], 12, (3, 1)), ([7], 5, (0, 0))],
)
def test_how_many_windows(lengths, horizon, windows):
    assert windows_of([SeriesPast(np.arange(n, dtype=float), (12,)) for n in lengths], horizon) == windows


def test_counts_are_not_forecast_below_nothing():
    falling = SeriesPast(np.arange(40.0)[::-1])
    assert all((line >= 0).all() for line in said_ahead([falling], 5, 0, 1).values())


def test_only_what_is_wanted_is_asked():
    said = said_ahead([SeriesPast(WAVE)], 5, 0, 1, {"drift", "theta"}.__contains__)
    assert list(said) == ["drift", "theta"]
