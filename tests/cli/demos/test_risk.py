"""Loans made by a known rule, and what is told of the walk."""

import json

import numpy as np
import pyarrow.parquet as pq

from karat.cli import demo
from karat.cli.demos import risk
from karat.core.finding import Dimension, findings


def test_loans_are_spoiled_and_the_key_knows_it():
    loans = risk.loans(300)
    for row, column, kind, _, before in loans.key:
        if column is not None:
            assert loans.columns[column][row] != before
        else:
            assert kind == "repeated record"
    assert {kind for _, _, kind, _, _ in loans.key} == {
        "unit in a number",
        "code no book lists",
        "gap in disguise",
        "repeated record",
    }
    assert len({len(cells) for cells in loans.columns.values()}) == 1
    late = np.array(loans.columns["late"]) == "yes"
    assert 0.1 < late.mean() < 0.5


def test_debt_and_short_employment_raise_the_risk():
    columns = risk.loans(3000).columns
    late = np.array(columns["late"]) == "yes"
    years = np.array([float(cell) for cell in columns["years_employed"]])
    assert years[late].mean() < years[~late].mean() - 1
    share = [
        float(debt) / float(income)
        for debt, income in zip(columns["debt"], columns["income"], strict=True)
        if debt.replace(".", "").isdigit() and income.replace(".", "").isdigit()
    ]
    assert 1.2 < np.mean(share) < 2.0  # a gamma of 2 times 0.8


def test_what_the_walk_left_behind_is_told(tmp_path, capsys, monkeypatch):
    score = {"value": 0.75}
    evaluation = {
        "learners": {"scorecard": {"AUC": score, "Gini": score}},
        "predictions": [
            {"row": 7, "answer": 0.9, "parts": [{"column": f"c{k}", "value": "9", "part": 1.5} for k in range(5)]},
            {"row": 8, "answer": 0.1, "parts": []},
        ],
    }
    (tmp_path / "evaluation.json").write_text(json.dumps(evaluation), encoding="utf-8")
    odd = {"column": "schooling", "confidence": [0.5, 0.4], "message": ["0 is no code", "unsure"]}
    pq.write_table(findings("UndocumentedCodes", Dimension.ACCURACY, 2, **odd), tmp_path / "findings.parquet")
    asked = []
    monkeypatch.setattr(risk, "walk_spoiled", lambda *options, **_: (asked.append(options), tmp_path))
    demo.demonstrate("risk", tmp_path, workers=1, quiet=False)
    assert asked[0][0] == "risk"
    assert capsys.readouterr().out.splitlines() == [
        "",
        "The scorecard",
        "  scorecard             AUC 0.750 · Gini 0.750",
        "  schooling: 0 is no code",
        "  the riskiest, row 7: 90% late, because of",
        *(f"    c{k} = 9 (+1.50)" for k in range(4)),
    ]
    demo.demonstrate("risk", tmp_path, workers=1, quiet=True)
    assert capsys.readouterr().out == ""
