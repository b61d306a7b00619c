"""The proof as the corridor takes it: its plan, what cuts it, and what it refuses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.cli import proof
from karat.cli.proof import LiftProof, _answering, _followed_up, _ranked, _weighing
from karat.core.errors import OptionError
from karat.core.executor import TimeUp
from karat.flow.job import Job
from karat.flow.loading import load, plain_settings
from karat.flow.settings import made_settings
from karat.flow.weighing import LabelWeights
from karat.lift.budget import estimated_seconds
from karat.lift.certificate import Certificate, Gain, Level
from karat.lift.design import Design
from karat.lift.label_weighting import LABEL_WEIGHTS, LabelWeighting
from tests.lift._planted import records

SOME, NONE = Level(0.7, 0.6, 0.8), Gain(0.0, -0.1, 0.1)
CERTIFICATE = Certificate(
    "procedure", "AUC", SOME, SOME, SOME, 0.019, 0.011, 0.027, 0.01, NONE, NONE, NONE, 0.008, "worth it"
)


def until(asked: Job) -> float:
    return asked.clock + 60


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

    def notes(asked: Job) -> tuple[str, ...]:
        return LiftProof()._notes(block, asked, LiftProof()._plan(block, asked))

    (note,) = notes(small)
    assert note.startswith("cut to fit a budget of 1s")
    assert notes(job(tmp_path)) == ()
    assert notes(job(tmp_path, budget="9999h")) == ()


def test_what_is_slow_so_far_leaves_less_to_the_proof_and_keeps_its_folds(block, tmp_path: Path) -> None:
    quick = job(tmp_path, budget="60s")
    late = replace(quick, clock=quick.clock - 50)
    plans = [LiftProof()._plan_in_time(block, asked, until(asked)) for asked in (quick, late)]
    assert estimated_seconds(plans[1], block) < estimated_seconds(plans[0], block) / 2
    assert plans[0].folds == plans[1].folds


def test_a_proof_that_cannot_end_in_time_is_not_begun(block, tmp_path: Path) -> None:
    spent = job(tmp_path, budget="60s")
    spent = replace(spent, clock=spent.clock - 61)
    with pytest.raises(TimeUp):
        LiftProof().prove(block, spent)


def test_what_ships_without_time_to_choose_is_all_that_is_safe(block, tmp_path: Path) -> None:
    spent = job(tmp_path, budget="60s")
    spent = replace(spent, clock=spent.clock - 61)
    choice = LiftProof().choose(block, {"b": pa.table({"row": [1]}), "a": pa.table({"row": [1]})}, spent, tmp_path)
    assert choice.kept == ("a", "b")
    assert choice.weights is None


def test_the_proof_is_asked_with_the_settings_of_the_job(block, tmp_path: Path, monkeypatch) -> None:
    asked = {}

    def prove(records, **options):
        asked.update(options)
        return CERTIFICATE

    monkeypatch.setattr(proof, "prove", prove)
    wants = job(
        tmp_path, seed=5, budget="30s", evaluate={"metric": "LogLoss"}, clean={"max_changed": 0.5, "allow": ["all"]}
    )
    certificate = LiftProof().prove(block, wants, now=None)
    assert (asked["seed"], asked["metric"], asked["workers"], asked["full"]) == (5, "LogLoss", 1, False)
    assert asked["refine"].keywords["limits"].changed == 0.5
    assert asked["refine"].keywords["allowed"] == ("all",)
    assert asked["plan"].folds == LiftProof()._plan(block, wants).folds
    assert asked["until"] < wants.clock + 30
    assert len(certificate.notes) == 1
    assert certificate.follow_up == ()


def test_without_answers_nobody_answers(block, tmp_path: Path) -> None:
    assert _answering(None, block, job(tmp_path)) is None


def test_rankings_take_no_truth_and_are_not_proved_without_time(block, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="--truth does not apply to events"):
        _ranked(block, job(tmp_path), None, truth=block)
    spent = job(tmp_path, budget="60s")
    with pytest.raises(TimeUp):
        _ranked(block, replace(spent, clock=spent.clock - 61), None)


def test_a_folder_without_a_certificate_has_nothing_to_follow_up(tmp_path: Path) -> None:
    assert _followed_up(job(tmp_path), CERTIFICATE, frozenset()) == ()
    (tmp_path / "lift.json").write_text("no certificate", encoding="utf-8")
    assert _followed_up(job(tmp_path), replace(CERTIFICATE), frozenset()) == ()


def test_labels_are_weighed_unless_the_settings_say_no(block, tmp_path: Path) -> None:
    assert _weighing(block, job(tmp_path, seed=4)) == LabelWeighting(seed=4)
    assert _weighing(block, job(tmp_path, label={"weigh_labels": False})) is None


def test_what_ships_has_the_weights_of_the_power_that_was_chosen(tmp_path: Path) -> None:
    dirty, clean = records(500, seed=2, wrong=0.2)
    choice = LiftProof().choose(dirty, {}, job(tmp_path, prepare={"folds": 2, "repeats": 1}), tmp_path / "scores")
    assert [effect.family for effect in choice.effects] == [LABEL_WEIGHTS]
    assert (choice.weights is not None) == (choice.kept == (LABEL_WEIGHTS,)) == choice.effects[0].kept
    weights = LabelWeights.of_changes(choice.weights).of(dirty.rows)
    wrong = np.array(dirty.text("y").to_pylist()) != np.array(clean.text("y").to_pylist())
    assert weights[wrong].mean() < 0.7 * weights[~wrong].mean()
    off = job(tmp_path, label={"weigh_labels": False})
    assert LiftProof().choose(dirty, {}, off, tmp_path / "scores").kept == ()
