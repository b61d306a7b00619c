"""The four answers of the first screen, from figures counted by hand."""

import json
from collections.abc import Callable
from pathlib import Path

from karat.show.first_screen import answers
from karat.show.headline import figures
from karat.show.run_files import Facts


def told(folder: Path, **numbers: int) -> list[dict]:
    facts = Facts(folder)
    return answers(facts, figures(facts) | numbers)


def test_what_was_cleaned(clean_run: Path) -> None:
    fixed, needs, effect, following = told(clean_run)
    assert (fixed["figure"], fixed["tone"]) == ("1 cell", "good")
    assert fixed["lines"][0] == "1 record removed"
    assert "Duplicate records 1" in fixed["lines"][1]
    assert needs["figure"] == "nothing"
    assert "1 finding below 0.50" in needs["lines"][0]
    assert effect["figure"] == "not measured"
    assert following["command"] == "karat run DATA --target COLUMN"


def test_cases_come_first(clean_run: Path) -> None:
    _, needs, _, following = told(clean_run, waiting=3)
    assert (needs["figure"], needs["tone"]) == ("3 cases", "ask")
    assert following["command"] == f"karat review {clean_run}"
    assert following["lines"] == ["Decide 3 cases that only a person can."]


def test_nothing_changed_and_only_assessed(clean_run: Path) -> None:
    assert told(clean_run, cells=0, removed=0)[0]["figure"] == "no changes"
    assert told(clean_run, cells=0)[0]["figure"] == "1 record removed"
    (clean_run / "ledger.parquet").unlink()
    fixed, _, _, following = told(clean_run)
    assert fixed["figure"] == "nothing yet"
    assert following["command"] == "karat clean DATA"


def test_a_proof(proved_run: Callable[[str, float], Path]) -> None:
    effect = told(proved_run("worth it", 0.02))[2]
    assert (effect["figure"], effect["tone"]) == ("+0.020 AUC", "good")
    assert effect["lines"][:2] == ["95 % interval +0.010 to +0.030", "AUC 0.700 raw, 0.720 cleaned"]
    assert told(proved_run("harm", -0.02))[2]["tone"] == "bad"


def test_an_error_metric_is_shown_as_an_error(proved_run: Callable[[str, float], Path]) -> None:
    folder = proved_run("worth it", 0.02)
    lift = json.loads((folder / "lift.json").read_text())
    lift |= {"metric": "MAE", "raw": {"value": -3.0}, "refined": {"value": -2.0}}
    (folder / "lift.json").write_text(json.dumps(lift))
    assert "MAE 3.000 raw, 2.000 cleaned" in told(folder)[2]["lines"]
