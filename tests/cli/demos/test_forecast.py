"""Hours of a city's load, and what is told of the forecasts."""

import json

import numpy as np

from karat.cli import demo
from karat.cli.demos import forecast


def test_hours_rise_and_the_last_ones_are_repeats():
    load = forecast.load(400)
    hours = load.columns["hour"][:400]
    assert hours == sorted(hours)
    assert hours[0] == "2024-01-01T00:00:00"
    assert load.size == 408  # 2 % again
    assert {kind for _, _, kind, _, _ in load.key} == {"gap in disguise", "repeated record"}
    assert all(load.columns[column][row] == "-999" for row, column, kind, *_ in load.key if kind == "gap in disguise")


def test_a_week_has_quiet_days_and_a_day_a_quiet_night():
    mw = np.array([float(cell) for cell in forecast.load(2400).columns["load_mw"][:2352]]).reshape(14, 7, 24)
    assert mw[:, 5:].mean() < mw[:, :5].mean() - 20
    assert mw[:, :, 1].mean() < mw[:, :, 13].mean() - 60


def test_every_forecast_is_told_with_its_error(tmp_path, capsys, monkeypatch):
    score = {"MASE": {"value": 0.5}, "MAE": {"value": 1.25}}
    report = {"forecast": {"horizon": 24, "season": 24, "learners": {"last value": score}}}
    (tmp_path / "evaluation.json").write_text(json.dumps(report), encoding="utf-8")
    monkeypatch.setattr(forecast, "walk_spoiled", lambda *_, **__: (None, tmp_path))
    demo.demonstrate("forecast", tmp_path, workers=1, quiet=False)
    assert capsys.readouterr().out.splitlines() == [
        "",
        "Forecast 24 hours ahead; a season has 24 steps",
        "  last value                  MASE 0.500 · MAE 1.25 MW",
    ]
    (tmp_path / "evaluation.json").write_text("{}", encoding="utf-8")
    demo.demonstrate("forecast", tmp_path, workers=1, quiet=False)
    assert capsys.readouterr().out.strip() == ""
