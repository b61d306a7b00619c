"""The proof as the corridor takes it: its plan, what cuts it, and what it refuses."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from karat.cli import proof
from karat.cli.proof import LiftProof, _answering, _followed_up, _ranked
from karat.core.errors import OptionError
from karat.flow.job import Job
from karat.flow.loading import load, plain_settings
from karat.flow.settings import made_settings
from karat.lift.certificate import Certificate, Gain, Level
from karat.lift.design import Design

SOME, NONE = Level(0.7, 0.6, 0.8), Gain(0.0, -0.1, 0.1)
CERTIFICATE = Certificate(
    "procedure", "AUC", SOME, SOME, SOME, 0.019, 0.011, 0.027, 0.01, NONE, NONE, NONE, 0.008, "worth it"
)


@pytest.fixture(scope="module")
def block():
    table = pa.table({"x": [str(k * 7 % 61) for k in range(60)], "y": ["a", "b", "a"] * 20})
    return load(table, plain_settings("y"))


def job(out: Path, **settings) -> Job:
    return Job(None, out, "run", made_settings({"workers": 1, **settings}, "the test"))


def test_folds_and_repeats_go_by_size_unless_they_are_set(block, tmp_path: Path) -> None:
    usual = Design.of(block)
    assert LiftProof().plan(block, job(tmp_path)) == (usual.folds, usual.repeats)
    assert LiftProof().plan(block, job(tmp_path, prepare={"folds": 4, "repeats": 2})) == (4, 2)
    assert LiftProof().plan(block, job(tmp_path, prepare={"repeats": 2})) == (usual.folds, 2)


def test_a_budget_cuts_the_plan_and_is_noted(block, tmp_path: Path) -> None:
    small = job(tmp_path, budget="1s")
    assert LiftProof().plan(block, small)[1] < Design.of(block).repeats
    (note,) = LiftProof()._notes(block, small)
    assert note.startswith("cut to fit a budget of 1s")
    assert LiftProof()._notes(block, job(tmp_path)) == ()
    assert LiftProof()._notes(block, job(tmp_path, budget="9999h")) == ()


def test_the_proof_is_asked_with_the_settings_of_the_job(block, tmp_path: Path, monkeypatch) -> None:
    asked = {}

    def prove(records, **options):
        asked.update(options)
        return CERTIFICATE

    monkeypatch.setattr(proof, "prove", prove)
    wants = job(
        tmp_path, seed=5, budget="1s", evaluate={"metric": "LogLoss"}, clean={"max_changed": 0.5, "allow": ["all"]}
    )
    certificate = LiftProof().prove(block, wants, now=None)
    assert (asked["seed"], asked["metric"], asked["workers"], asked["full"]) == (5, "LogLoss", 1, False)
    assert asked["refine"].keywords["limits"].changed == 0.5
    assert asked["refine"].keywords["allowed"] == ("all",)
    assert asked["plan"] == LiftProof()._plan(block, wants)
    assert len(certificate.notes) == 1
    assert certificate.follow_up == ()


def test_without_answers_nobody_answers(block, tmp_path: Path) -> None:
    assert _answering(None, block, job(tmp_path)) is None


def test_rankings_take_neither_a_truth_nor_a_budget(block, tmp_path: Path) -> None:
    for wants, truth in ((job(tmp_path, budget="1s"), None), (job(tmp_path), block)):
        with pytest.raises(OptionError, match="--truth and --budget do not apply to events"):
            _ranked(block, wants, None, truth=truth)


def test_a_folder_without_a_certificate_has_nothing_to_follow_up(tmp_path: Path) -> None:
    assert _followed_up(job(tmp_path), CERTIFICATE, frozenset()) == ()
    (tmp_path / "lift.json").write_text("no certificate", encoding="utf-8")
    assert _followed_up(job(tmp_path), replace(CERTIFICATE), frozenset()) == ()
