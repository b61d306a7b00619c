"""Two versions compared: what goes with what, what is written, and when it can be measured again."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from karat.cli import lifting
from karat.cli.lifting import _again, _plan, compared, measured, rerun_certificate, shown
from karat.core.errors import GateError, InputError, OptionError
from karat.flow.loading import load, plain_settings
from karat.kinds import Goal
from karat.lift.certificate import Certificate, Gain, Level
from karat.lift.design import Design

SOME, NONE = Level(0.7, 0.6, 0.8), Gain(0.0, -0.1, 0.1)
CERTIFICATE = Certificate(
    "versions", "AUC", SOME, SOME, SOME, 0.019, 0.011, 0.027, 0.01, NONE, NONE, NONE, 0.008, "worth it"
)
TABLE = pa.table({"x": [str(k) for k in range(60)], "y": ["a", "b", "a"] * 20})


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"budget": "5m"}, "--budget applies only to tables with a target"),
        ({"budget": "5m", "target": "y", "command": "x"}, "--budget applies only to tables with a target"),
        ({"command": "x {data}", "target": "y"}, "--command was given without --reads"),
    ],
)
def test_options_that_do_not_go_together(options: dict[str, str], problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        measured(TABLE, TABLE, **options)


def test_a_plan_is_cut_only_where_a_budget_is_given() -> None:
    block = load(TABLE, plain_settings("y"))
    assert _plan(block, "") == (None, "")
    plan, note = _plan(block, "1s")
    assert plan is not None
    assert plan.repeats < Design.of(block).repeats
    assert note.startswith("cut to fit a budget of 1s: ")
    assert _plan(block, "9999h")[1] == ""


def test_without_a_target_events_are_ranked_and_all_else_is_text(tmp_path: Path, monkeypatch) -> None:
    dice = np.random.default_rng(0)
    users = np.repeat(np.arange(30), 10)
    items = np.concatenate([dice.permutation(25)[:10] for _ in range(30)])
    events = pa.table(
        {
            "user_id": [f"u{k}" for k in users],
            "item_id": [f"i{k}" for k in items],
            "rating": [str(k) for k in dice.integers(1, 6, 300)],
            "timestamp": [str(1_600_000_000 + 7919 * k) for k in range(300)],
        }
    )
    monkeypatch.setitem(lifting.UNTARGETED, Goal.RANK, lambda *compared: ("ranked", len(compared[2])))
    monkeypatch.setattr(lifting, "_texts_compared", lambda before, *_: ("text", before))
    assert measured(events, events) == ("ranked", 300)
    assert measured(TABLE, TABLE) == ("text", TABLE)
    text = tmp_path / "a.txt"
    text.write_text("It was late.\nNobody came, and so I left\nthe house alone.\n", encoding="utf-8")
    assert measured(text, text) == ("text", text)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, list]:
    calls: list = []

    def compare(a, b, **options):
        calls.append((a, b, options))
        return CERTIFICATE

    monkeypatch.setattr(lifting, "compare", compare)
    for name in ("a.csv", "b.csv"):
        pyarrow.csv.write_csv(TABLE, tmp_path / name)
    return tmp_path / "a.csv", tmp_path / "b.csv", calls


def test_a_certificate_is_written_with_what_it_takes_to_measure_again(
    files: tuple[Path, Path, list], tmp_path: Path
) -> None:
    before, after, calls = files
    certificate, place = compared(before, after, out=tmp_path / "out", target="y", seed=3, workers=2, budget="", key="")
    assert place == tmp_path / "out" / "lift.json"
    (a, b, options) = calls[0]
    assert (len(a), len(b), options["seed"], options["workers"], options["metric"]) == (60, 60, 3, 2, None)
    assert options["truth"] is options["test"] is options["plan"] is None
    written = json.loads(place.read_text(encoding="utf-8"))
    assert written["rerun"] == f"karat lift --rerun {place}"
    inputs = dict(certificate.inputs)
    assert len(inputs.pop("before_hash")) > 8
    assert inputs.pop("after_hash")
    assert inputs == {"before": str(before), "after": str(after), "target": "y", "seed": 3}


def test_it_is_measured_again_with_the_same_options_on_the_same_data(
    files: tuple[Path, Path, list], tmp_path: Path
) -> None:
    before, after, calls = files
    certificate, place = compared(before, after, out=tmp_path / "out", target="y", seed=3)
    again = _again(certificate, place, 1)
    assert again == replace(CERTIFICATE, inputs=certificate.inputs, rerun=certificate.rerun)
    assert calls[1][2]["seed"] == 3
    after.write_text("x,y\n1,a\n", encoding="utf-8")
    with pytest.raises(GateError, match="its content has changed"):
        _again(certificate, place, 1)


def test_a_run_whose_work_is_gone_cannot_be_measured_again(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"fingerprint": "f" * 64, "now": ""}), encoding="utf-8")
    with pytest.raises(InputError, match="the intermediate files of the run at .* are gone".replace(".*", r".*")):
        _again(replace(CERTIFICATE, protocol="procedure"), tmp_path / "lift.json", 1)
    with pytest.raises(InputError, match="there is no certificate"):
        rerun_certificate(tmp_path / "none.json")


def test_a_certificate_for_a_person_and_whole() -> None:
    certificate = replace(CERTIFICATE, rerun="karat lift --rerun x")
    lines = shown(certificate, Path("x"), json=False).splitlines()
    assert lines[0].startswith("Lift       +0.0190 AUC")
    assert lines[-1] == "lift.json  x   again: karat lift --rerun x"
    assert json.loads(shown(certificate, Path("x"), json=True))["verdict"] == "worth it"
