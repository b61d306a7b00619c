import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from karat.cli import demo
from karat.cli.demos import forecast, risk
from karat.core.errors import OptionError
from karat.core.finding import no_findings


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


@pytest.mark.parametrize(("module", "name"), [(forecast, "forecast"), (risk, "risk")])
def test_what_the_walk_left_behind_is_told(module, name, tmp_path, capsys, monkeypatch):
    score = {"value": 0.75}
    held = {
        "learners": {"scorecard": {"AUC": score, "Gini": score, "KS": score, "Brier": score}},
        "predictions": [{"row": 7, "answer": 0.9, "parts": [{"column": "debt", "value": "9", "part": 1.5}]}],
        "forecast": {"season": 24, "learners": {"last value": {"MAE": score, "R2": score}}},
    }
    (tmp_path / "evaluation.json").write_text(json.dumps(held), encoding="utf-8")
    pq.write_table(no_findings(), tmp_path / "findings.parquet")
    asked = []
    monkeypatch.setattr(module, "walk_spoiled", lambda *given, **named: (asked.append((given, named)), tmp_path))
    demo.demonstrate(name, tmp_path, workers=1, quiet=False)
    told = capsys.readouterr().out
    assert asked[0][0][0] == name
    assert ("last value" in told) == (name == "forecast")
    assert ("debt = 9 (+1.50)" in told) == (name == "risk")
