"""Axes, intervals and histograms, placed by hand."""

import numpy as np
import pytest

from karat.show.charts import BINS, calibration, histogram, intervals, place, span, tick_text, ticks


def test_a_place_on_an_axis_stays_inside() -> None:
    assert [place(value, 10, 20) for value in (10, 12.5, 20, 9, 21)] == [0, 25, 100, 0, 100]
    assert place(1 / 3, 0, 1) == 33.33
    assert place(5, 5, 5) == 0


def test_an_axis_shows_every_interval_and_zero_with_room() -> None:
    assert span([{"low": 1.0, "high": 2.0, "value": 1.5}]) == pytest.approx((-0.16, 2.16))
    assert span([{"low": 1.0, "high": 2.0, "value": 1.5}], around_zero=False) == pytest.approx((0.92, 2.08))
    assert span([{"low": None, "high": None, "value": -1.0}]) == pytest.approx((-1.08, 0.08))
    assert span([]) == pytest.approx((-0.08, 0.08))
    assert span([], around_zero=False) == pytest.approx((-0.08, 1.08))


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (-0.31, 0.04, [-0.3, -0.2, -0.1, 0.0]),
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (0, 11, [0, 2.5, 5, 7.5, 10]),
        (0, 5, [0, 1, 2, 3, 4, 5]),
        (1, 1, [1]),
    ],
)
def test_ticks_are_round(low: float, high: float, marks: list[float]) -> None:
    assert ticks(low, high) == marks


def test_the_number_of_a_tick() -> None:
    assert [tick_text(value) for value in (0.0, 0.5, -0.25, 1e-7)] == ["0", "+0.5", "−0.25", "+1e−07"]


def test_axis_holds_every_interval_and_zero() -> None:
    chart = intervals(
        [{"value": 0.02, "low": 0.01, "high": 0.03}, {"value": -0.2, "low": -0.3, "high": -0.1}], unseen=0.01
    )
    ends = [x for row in chart["rows"] for x in (row["left"], row["left"] + row["width"], row["at"])]
    assert all(0 < x < 100 for x in [*ends, chart["zero"]])
    assert chart["rows"][0]["left"] > chart["zero"] > chart["rows"][1]["left"]


def test_rows_keep_their_words_and_one_without_an_interval_is_a_point() -> None:
    row = {"value": 1.0, "low": None, "high": None, "label": "x", "tone": "good"}
    chart = intervals([row])
    (placed,) = chart["rows"]
    assert (placed["label"], placed["tone"]) == ("x", "good")
    assert placed["left"] == placed["at"] == pytest.approx(93.1)  # 1.08 of 1.16
    assert placed["width"] == 0
    assert chart["band"] is None
    assert chart["ticks"][-1] == (93.1, "+1")


def test_the_band_of_what_could_not_be_seen_lies_around_zero() -> None:
    chart = intervals([{"value": 1.0, "low": -2.0, "high": 2.0}], unseen=0.5)
    left, width = chart["band"]
    assert chart["zero"] == left + width / 2 == 50
    assert width == pytest.approx(100 / 4.64, abs=0.02)  # an axis from -2 to 2, with room
    wide = intervals([{"value": 0.0, "low": 0.0, "high": 0.0}], unseen=0.5)
    assert wide["band"] == (0, 100)  # what cannot be seen does not stretch the axis beyond its half


def test_histogram_marks_what_was_found() -> None:
    drawn = histogram(np.arange(100.0), np.array([1e9, 2e9, -5.0]))
    assert drawn.count("<circle") == 2  # beyond the same end two are one
    assert drawn.count("<rect") == BINS
    assert histogram(np.array([]), np.array([])) == ""
    assert histogram(np.array([5.0, 5.0]), np.array([])).count("<rect") == 1
    assert "Histogram from 4.5 to 5.5" in histogram(np.array([5.0]), np.array([]))


def test_the_tallest_bar_fills_the_box_and_empty_ones_are_not_drawn() -> None:
    drawn = histogram(np.array([0.0] * 4 + [1.0] * 2), np.array([]))
    assert drawn.count("<rect") == 2
    assert 'height="28.0"' in drawn
    assert 'height="14.0"' in drawn


def test_calibration_puts_the_observed_upwards() -> None:
    drawn = calibration([(0.0, 0.0), (1.0, 1.0), (0.5, 0.25)])
    assert 'points="26.0,194.0 194.0,26.0 110.0,152.0"' in drawn
    assert drawn.count("<circle") == 3
