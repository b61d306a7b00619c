"""What a run came to, in lines made by hand."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from karat.cli.summary import as_json, in_words, lift_lines
from karat.core.finding import Dimension, findings, no_findings

GOOD = {"score": 0.9, "low": 0.85, "high": 0.95}
NONE = {"score": None, "low": None, "high": None}
GAIN = {"lift": 0.00004, "low": -0.01, "high": 0.01}
LIFT = GAIN | {
    "metric": "AUC",
    "lift": 0.0234,
    "placebo": GAIN,
    "minimal_detectable_effect": 0.008,
    "verdict": "worth it",
    "contributions": [{"family": f"f{k}", "lift": -0.001, "verdict": "keep"} for k in range(4)],
}


@pytest.fixture
def said(tmp_path: Path):
    def lines(clean: dict[str, Any], upto: str = "clean", result=None, **rooms: Any) -> list[str]:
        pq.write_table(no_findings() if result is None else result, tmp_path / "findings.parquet")
        folder, job = SimpleNamespace(path=tmp_path), SimpleNamespace(upto=upto)
        return in_words(SimpleNamespace(rooms={"clean": clean, **rooms}, folder=folder, job=job)).splitlines()

    return lines


def test_scores_before_and_after(said) -> None:
    before = {"dimensions": {"accuracy": GOOD, "timeliness": NONE, "consistency": GOOD}}
    after = {"dimensions": {"accuracy": GOOD | {"score": 1.0}, "timeliness": NONE, "consistency": NONE}}
    lines = said({"scores": {"before": before, "after": after}})
    assert lines[:3] == [
        "quality    accuracy      0.900 [0.850, 0.950] → 1.000 [0.850, 0.950]",
        "           timeliness    no measure applies",
        "           consistency   0.900 [0.850, 0.950]",
    ]
    assert said({"scores": before}, upto="assess")[0] == "quality    accuracy      0.900 [0.850, 0.950]"


def test_sure_findings_by_how_many_in_one_line(said) -> None:
    import pyarrow as pa

    tables = [
        findings(check, Dimension.ACCURACY, 1, confidence=confidence, message="m")
        for check, confidence in (("B", 0.5), ("A", 0.5), ("C", 0.9), ("C", 0.9), ("D", 1.0), ("E", 1.0), ("F", 0.49))
    ]
    lines = said({"scores": {"dimensions": {"accuracy": GOOD}}}, result=pa.concat_tables(tables))
    assert lines[1] == "result     6 findings · 1 suspicious"
    assert lines[2:4] == [
        "found      C 2 · A 1 · B 1 · D 1 · E 1",
        "suspected  F 1 (confidence below 0.5: neither counted nor changed)",
    ]
    assert said({"scores": {"dimensions": {"accuracy": GOOD}}})[2] == "found      no errors"


def test_suspicions_have_one_line_that_says_how_many_there_are(said) -> None:
    import pyarrow as pa

    tables = [
        findings(c, Dimension.ACCURACY, n, confidence=0.4, message="m")
        for c, n in zip("ABCD", range(1, 5), strict=True)
    ]
    lines = said({"scores": {"dimensions": {"accuracy": GOOD}}}, result=pa.concat_tables(tables))
    assert lines[1:4] == [
        "result     0 findings · 10 suspicious",
        "found      no errors",
        "suspected  D 4 · C 3 · B 2 and 1 more check (confidence below 0.5: neither counted nor changed)",
    ]


def test_risk_stops_and_cases(said, tmp_path: Path) -> None:
    clean = {"scores": {"dimensions": {"accuracy": GOOD}}, "facts": 1, "expected_broken": 0.25, "waiting": 2}
    lines = said(clean | {"stopped": [{"line": "X would change all"}]})
    assert "risk       1 cell changed in fact, not only in form; about 0.2 expected to be wrong" in lines
    surer = said(clean | {"expected_broken": 0.04})
    assert "risk       1 cell changed in fact, not only in form; fewer than 0.1 expected to be wrong" in surer
    assert "stopped    X would change all" in lines
    assert f"review     2 cases in {tmp_path / 'review.parquet'}" in lines
    assert f"data       {tmp_path / 'data.parquet'}" in lines
    plain = said({"scores": {"dimensions": {"accuracy": GOOD}}}, upto="assess")
    assert not any(line.split()[0] in ("risk", "stopped", "review", "data") for line in plain)
    assert plain[-1] == f"report     {tmp_path / 'report.html'}"


def test_a_model_is_named_where_it_lies(said, tmp_path: Path) -> None:
    clean = {"scores": {"dimensions": {"accuracy": GOOD}}}
    assert not any(line.startswith("model") for line in said(clean, deploy={}))
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.onnx").touch()
    assert f"model      {tmp_path / 'model' / 'model.onnx'} → karat serve {tmp_path}" in said(clean, deploy={})
    assert not any(line.startswith("model") for line in said(clean))


def test_the_lines_of_a_proof(said) -> None:
    lines, ends = lift_lines(LIFT), "[-0.0100, +0.0100]"
    assert lines == [
        f"Lift       +0.0234 AUC · 95 % {ends} · placebo 0 {ends} · minimum detectable effect 0.0080",
        "           f0 -0.0010 (keep) · f1 -0.0010 (keep) · f2 -0.0010 (keep)",
        "           f3 -0.0010 (keep)",
        "Verdict    worth it (Improves AUC by 0.023)",
    ]
    assert "Verdict    worth it (Improves AUC by 0.023)" in said(
        {"scores": {"dimensions": {"accuracy": GOOD}}}, evaluate=LIFT
    )
    by = {"learner": "linear", "lift": 0.5, "low": 0.4, "high": 0.6}
    shared = lift_lines(LIFT | {"contributions_by": by})
    assert "+0.5000 [+0.4000, +0.6000] in all" in shared[-2]
    assert len(lift_lines(LIFT | {"contributions_by": by, "contributions": []})) == 2


def test_where_both_models_train_on_the_same_records_there_is_no_lift_to_show() -> None:
    assert lift_lines(LIFT | {"verdict": "nothing changed"}) == [
        "Verdict    nothing changed (Cleaning changed no training record)"
    ]


def test_differences_below_half_of_the_last_place_are_none() -> None:
    for value, text in ((0.00005, "+0.0001"), (0.0000499, "0"), (-0.00006, "-0.0001")):
        assert lift_lines(LIFT | {"lift": value})[0].startswith(f"Lift       {text} AUC")


def test_the_rooms_as_json(tmp_path: Path) -> None:
    on = SimpleNamespace(folder=SimpleNamespace(path=tmp_path), rooms={"clean": {"城": Path("x")}})
    said = json.loads(as_json(on))
    assert said.pop("numbers")["found"] == 0
    assert said == {"out": str(tmp_path), "rooms": {"clean": {"城": "x"}}}
