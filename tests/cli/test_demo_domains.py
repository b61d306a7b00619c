import numpy as np
import pytest

from karat.cli import demo
from karat.cli.demos import forecast, risk
from karat.core.errors import OptionError


def test_an_unknown_demonstration_names_the_nearest(tmp_path):
    with pytest.raises(OptionError, match="risk"):
        demo.demonstrate("rsik", tmp_path, workers=1, quiet=True)


def test_loans_are_spoiled_and_the_key_knows_it():
    made = risk.loans(300)
    for row, column, kind, _, before in made.key:
        if column is not None:
            assert made.columns[column][row] != before
        else:
            assert kind == "repeated record"
    assert {kind for _, _, kind, _, _ in made.key} >= {"code no book lists", "gap in disguise", "repeated record"}
    assert len({len(cells) for cells in made.columns.values()}) == 1
    late = np.array(made.columns["late"]) == "yes"
    assert 0.1 < late.mean() < 0.5


def test_hours_rise_and_the_last_ones_are_repeats():
    made = forecast.load(400)
    hours = made.columns["hour"][:400]
    assert hours == sorted(hours)
    assert made.size > 400


def test_the_forecast_walks_the_whole_path(tmp_path, capsys, monkeypatch):
    few = forecast.load(300)
    monkeypatch.setattr(forecast, "load", lambda: few)
    demo.demonstrate("forecast", tmp_path / "run", workers=1, quiet=False)
    told = capsys.readouterr().out
    assert "last value" in told
    assert "lags and calendar" in told
