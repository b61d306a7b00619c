import numpy as np
import pytest

from karat.quality.timeliness._window_scores import LEAST, WORDS, SeriesScores, season_of


def cycle(size: int = 600, season: int = 12) -> np.ndarray:
    return 3 * np.sin(2 * np.pi * np.arange(size) / season) + np.random.default_rng(0).normal(0, 0.3, size)


@pytest.mark.parametrize("season", [7, 12, 24])
def test_the_season_of_a_cycle(season):
    assert season_of(cycle(season=season)) in (season, 2 * season, 3 * season)
    assert season_of(np.random.default_rng(1).normal(size=600)) == 0


@pytest.mark.parametrize(("part", "kind"), [(1, "level"), (2, "noise"), (3, "still")])
def test_each_part_sees_its_own_kind(part, kind):
    values = cycle()
    if kind == "level":
        values[300:] += 8
    elif kind == "noise":
        values[290:320] += np.random.default_rng(2).normal(0, 4, 30)
    else:
        values[290:320] = values[290]
    scores = SeriesScores.of(values)
    assert len(scores.parts) == len(WORDS)
    assert 280 <= int(scores.parts[part].argmax()) < 330


def test_peaks_are_bounded_and_apart():
    values = cycle()
    for begin in (100, 250, 400, 520):
        values[begin : begin + 15] += 9
    scores = SeriesScores.of(values)
    peaks = scores.peaks(0.5, 3)
    assert 1 <= len(peaks) <= 3
    assert all(first <= peak <= last for first, peak, last in peaks)
    assert len({peak // 40 for _, peak, _ in peaks}) == len(peaks)


def test_short_constant_and_empty_series_have_none():
    assert SeriesScores.of(cycle(LEAST - 1)) is None
    assert SeriesScores.of(np.zeros(500)) is None
    assert SeriesScores.of(np.full(500, np.nan)) is None
