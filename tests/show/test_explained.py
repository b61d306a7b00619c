import json

from karat.show.explained import explained
from karat.show.report import write_report
from karat.show.run_files import Facts

HELD = {
    "scorecard": {
        "start": 510.2,
        "of": "late",
        "stability": 0.03,
        "columns": [
            {
                "column": "debt",
                "information": 0.4,
                "shape": "rising",
                "bins": [
                    {"bin": "≤ 3", "records": 10, "rate": 0.1, "points": 12.5},
                    {"bin": "> 3", "records": 10, "rate": 0.6, "points": -25.0},
                    {"bin": "missing", "records": 0, "rate": None, "points": 0.0},
                ],
            }
        ],
        "crossed": [{"columns": ["debt", "home"], "first": [], "second": [], "points": []}],
    },
    "shap": [{"column": "debt", "value": 0.8}, {"column": "home", "value": 0.4}],
    "predictions": [
        {
            "why": "highest answer",
            "row": 7,
            "truth": "late",
            "of": "late",
            "answer": 0.9,
            "base": -1.0,
            "parts": [{"column": "debt", "value": None, "part": 2.0}],
            "others": 1.2,
            "margin": 2.2,
            "drivers": [{"row": 3, "share": 0.1, "truth": "late"}],
            "repairs": [{"check": "UnitSlips", "records": 4, "share": 0.2, "weight": 0.05}],
        }
    ],
    "fairness": [
        {
            "column": "sex",
            "threshold": 0.4,
            "unlike": ["f"],
            "groups": [
                {
                    "name": "f",
                    "records": 60,
                    "base_rate": 0.3,
                    "flagged": 0.5,
                    "low": 0.4,
                    "high": 0.6,
                    "impact": 0.7,
                    "false_alarm": None,
                    "miss": 0.2,
                    "auc": None,
                }
            ],
        }
    ],
}


def with_reasons(folder, held):
    path = folder / "evaluation.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | held), encoding="utf-8")
    return folder


def test_reasons_are_shown(proved_run, evil):
    held = HELD | {"predictions": [HELD["predictions"][0] | {"truth": evil}]}
    folder = with_reasons(proved_run("worth it", 0.02), held)
    write_report(folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in (
        "The scorecard",
        "+12.5",
        "-25.0",
        "debt × home",
        "Most influential training records: row",
        "unit slips",
        "ratio below 0.8: f",
    ):
        assert words in page
    assert evil not in page
    assert "blank" in page


def test_a_card_says_that_it_cannot_name_the_records_behind_an_answer(proved_run):
    said = "Influential training records are shown for boosted trees and logistic regression"
    folder = with_reasons(proved_run("worth it", 0.02), HELD)
    write_report(folder)
    assert said not in (folder / "report.html").read_text(encoding="utf-8")
    bare = {name: value for name, value in HELD["predictions"][0].items() if name not in {"drivers", "repairs"}}
    write_report(with_reasons(folder, HELD | {"predictions": [bare | {"others": 0.0}]}))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert said in page
    assert "all others" not in page


def test_bins_without_records_are_left_out_and_bars_fill_their_room(proved_run):
    told = explained(Facts.of(with_reasons(proved_run("worth it", 0.02), HELD)))
    (column,) = told["card"]["columns"]
    assert [(one["bin"], one["width"]) for one in column["bins"]] == [("≤ 3", 25.0), ("> 3", 50.0)]
    assert [one["width"] for one in told["shap"]] == [100.0, 50.0]


def test_forecasts_stand_beside_the_naive_ones(proved_run):
    scores = {"MAE": {"value": 1.25, "low": 1.0, "high": 1.5}, "R2": {"value": None, "low": None, "high": None}}
    held = {"horizon": 1, "season": 24, "folds": 5, "learners": {"last value": scores, "lags and calendar": scores}}
    folder = with_reasons(proved_run("worth it", 0.02), {"forecast": held})
    write_report(folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Forecast one step ahead" in page
    assert "A season has" in page
    assert explained(Facts.of(folder))["forecast"]["metrics"] == ["MAE", "R2"]


def test_several_steps_ahead_and_their_intervals_are_told(proved_run):
    scores = {"MAE": {"value": 1.25, "low": 1.0, "high": 1.5}}
    held = {
        "horizon": 24,
        "season": 24,
        "folds": 5,
        "learners": {"last value": scores, "lags and calendar": scores},
        "intervals": {"lags and calendar": {"level": 0.9, "coverage": 0.896, "width": 28.519}},
    }
    folder = with_reasons(proved_run("worth it", 0.02), {"forecast": held})
    write_report(folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Forecast up to 24 steps ahead" in page
    assert "coverage of the 90 % interval" in page
    assert "28.52" in page
    assert "columns of the same time" not in page


def test_a_cost_alone_is_told_with_the_model_and_gets_no_heading(proved_run):
    folder = proved_run("worth it", 0.02)
    path = folder / "lift.json"
    cost = {"cpu_seconds": 28.0, "energy_joule_estimated": 720.0}
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"cost": cost}), encoding="utf-8")
    write_report(folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Explanations" not in page
    assert "about 0.2 Wh (estimated). 0.1 Wh per 0.01" in page


def test_a_run_without_reasons_says_nothing(clean_run):
    assert explained(Facts.of(clean_run)) is None
