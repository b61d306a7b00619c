"""The chart of a series and its forecast."""

from karat.show.forecast_chart import forecast_chart


def test_past_forecast_and_band():
    svg = forecast_chart([1.0, None, 3.0], [4.0, 5.0], [3.0, 3.0], [5.0, 7.0])
    past, ahead = (part.split('"')[0].split() for part in svg.split('polyline points="')[1:])
    assert (len(past), len(ahead)) == (2, 3)
    assert past[-1] == ahead[0]
    assert "2 values, from 1 to 3, and 2 steps to come" in svg
    assert len(svg.split('polygon points="')[1].split('"')[0].split()) == 4


def test_nothing_to_draw():
    assert forecast_chart([None], [1.0], [1.0], [1.0]) == ""
    assert forecast_chart([1.0], [], [], []) == ""
