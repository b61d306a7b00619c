"""The proof's charts say what the figures say."""

import re

from karat.show.proof_charts import doses, learning, waterfall

LIFT = {
    "raw": {"value": 0.80},
    "refined": {"value": 0.83},
    "minimal_detectable_effect": 0.01,
    "contributions": [
        {"family": "UnitSlips", "lift": 0.04, "verdict": "keep"},
        {"family": "DuplicateRecords", "lift": -0.01, "verdict": "no effect"},
        {"family": "MissingValues", "lift": 0.0, "verdict": "no effect"},
    ],
}


def test_each_bar_begins_where_the_one_above_ended() -> None:
    chart = waterfall(LIFT)
    assert chart is not None
    raw, gain, loss, refined = chart["rows"]
    ends = [row["left"] + row["width"] for row in chart["rows"]]
    assert abs(gain["left"] - ends[0]) < 0.05
    assert abs(loss["left"] + loss["width"] - ends[1]) < 0.05
    assert abs(ends[3] - loss["left"]) < 0.05
    assert [row["tone"] for row in chart["rows"]] == ["rest", "good", "even", "lift"]
    assert raw["left"] == refined["left"] == 0


def test_shares_of_another_learner_run_from_its_own_score_to_its_own_score() -> None:
    by = {"learner": "logistic regression", "raw": 0.70, "refined": 0.73, "lift": 0.03, "low": 0.02, "high": 0.04}
    chart = waterfall(LIFT | {"contributions_by": by})
    assert chart is not None
    assert chart["learner"] == "logistic regression"
    assert (chart["rows"][0]["value"], chart["rows"][-1]["value"]) == (0.70, 0.73)


def test_nothing_to_show_where_nothing_contributed() -> None:
    assert waterfall(LIFT | {"contributions": []}) is None
    assert learning({"folds": [], "next": []}) is None
    assert doses([]) == []


def test_defects_share_an_axis_and_the_costliest_stands_first() -> None:
    one = {"defect": "wrong cells", "doses": [0, 0.2, 0.4], "lift": [0, -0.01, -0.02], "per_percent": -0.0005}
    two = one | {"defect": "wrong labels", "lift": [0, -0.05, -0.1], "per_percent": -0.0025}
    made = doses([held | {"low": -0.003, "high": 0.001} for held in (one, two)])
    assert [chart["name"] for chart in made] == ["wrong labels", "wrong cells"]
    assert not made[0]["clear"]
    lowest = [max(float(y) for y in re.findall(r'cy="([\d.]+)"', chart["svg"])) for chart in made]
    assert lowest[0] > lowest[1] + 60


def test_the_forecast_is_drawn_where_it_was_foretold() -> None:
    look = {"curve": {"0.25": 0.7, "0.5": 0.75}, "sets": {"raw": 0.78}}
    step = {"kind": "collect", "lift": 0.02, "low": -0.01, "high": 0.05}
    made = learning({"folds": [{"looks": {"refined": look}}], "next": [step]})
    assert made is not None
    top, bottom = (float(re.search(rf'class="reach"[^>]* {end}="([\d.]+)"', made["svg"])[1]) for end in ("y2", "y1"))  # type: ignore[index]
    told = float(re.search(r'class="told" cx="[\d.]+" cy="([\d.]+)"', made["svg"])[1])  # type: ignore[index]
    assert top < told < bottom


def test_errors_are_drawn_as_the_positive_numbers_they_are() -> None:
    chart = waterfall(LIFT | {"metric": "MAE", "raw": {"value": -3.0}, "refined": {"value": -2.97}})
    assert chart is not None
    assert (chart["rows"][0]["value"], chart["rows"][-1]["value"]) == (3.0, 2.97)
    assert chart["rows"][1]["value"] == 0.04
    assert all(float(text) > 0 for _, text in chart["ticks"])
