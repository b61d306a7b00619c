"""Room 8: when no model is exported, and the room's line."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.dataset import Dataset
from karat.flow.deploying import _foretold, _prepared, deploy, in_words
from karat.flow.weighing import LabelWeights

AGREED = (
    "model.onnx agrees with the Python model on 1,200 of 1,300 records "
    "(40 of them with missing, unseen, Chinese or extreme values)"
)


def data(learner: str = "", task: str = "classification") -> Dataset:
    dice = np.random.default_rng(0)
    x = dice.normal(0, 1, 60)
    table = pa.table(
        {"x": [f"{value:.3f}" for value in x], "y": ["p" if value > 0 else "q" for value in x[:-1]] + [None]}
    )
    schema = Schema((Column("x", Role.NUMBER, "float64"), Column("y", Role.TARGET)), task=task, learner=learner)
    return Dataset.of(Block(np.arange(60), table, schema))


def on(model: bool = True, refined: int | None = 2, clean: Path = Path("nowhere")) -> SimpleNamespace:
    settings = SimpleNamespace(deploy=SimpleNamespace(model=model), seed=0)
    job, rooms = SimpleNamespace(settings=settings, name="loans"), {"store": {"refined": refined}}
    return SimpleNamespace(job=job, rooms=rooms, place=lambda room: clean)


def test_the_export_may_be_off(tmp_path: Path) -> None:
    assert deploy(on(model=False), data(), tmp_path) == {"agree": None}
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        ({"agree": None}, "the export is off"),
        ({"agree": None, "why": "no model.onnx: x"}, "no model.onnx: x"),
        (
            {"agree": 1200, "of": 1300, "probes": 40},
            AGREED,
        ),
    ],
)
def test_the_rooms_line(summary: dict, words: str) -> None:
    assert in_words(summary) == words
    assert in_words({"agree": 1, "of": 1, "probes": 0, "foretold": 24}).endswith("; 24 steps forecast")


def test_only_a_number_of_a_series_is_foretold(tmp_path: Path) -> None:
    block = data().whole()
    assert _foretold(on(), block, None, tmp_path) == {}
    assert _foretold(on(), block, {"season": 24}, tmp_path) == {}


def test_the_shipped_model_is_fitted_on_all_records_with_an_answer() -> None:
    for refined, number in ((2, "2"), (None, "1")):
        prepared = _prepared(on(refined=refined), data().whole(), "boosted trees")
        assert prepared.classes == ("p", "q")
        assert (prepared.name, prepared.version) == ("loans", number)
    features = prepared.preparation.apply(data().whole())
    answers = prepared.model.predict(features)
    assert answers.shape == (60, 2)
    right = answers.argmax(axis=1)[:-1] == np.array(
        [value == "q" for value in data().whole().text("y").to_pylist()[:-1]]
    )
    assert right.mean() > 0.9


def test_the_scorecard_stands_beside_another_learner(tmp_path: Path) -> None:
    from karat.cli.wiring import walked
    from karat.deploy.judging import Service
    from karat.deploy.protocol import Request
    from karat.flow.job import Job
    from karat.flow.settings import made_settings

    dice = np.random.default_rng(0)
    debt, age = dice.normal(0, 1, 300), dice.normal(40, 9, 300)
    late = dice.random(300) < 1 / (1 + np.exp(-2 * debt))
    lines = [f"{d:.3f},{a:.1f},{'yes' if y else 'no'}" for d, a, y in zip(debt, age, late, strict=True)]
    (tmp_path / "loans.csv").write_text("\n".join(["debt,age,late", *lines]) + "\n", encoding="utf-8")
    settings = {"workers": 1, "collect": {"target": "late"}, "prepare": {"folds": 3, "repeats": 1}}
    settings["train"] = {"learner": "Linear"}
    walked(Job(tmp_path / "loans.csv", tmp_path / "run", "run", made_settings(settings, "test")))
    service = Service.load(tmp_path / "run", "scorecard")
    (answer,) = service.answer([Request("", {"debt": ["3.1"], "age": ["41"]}, {}, quarantine=False)])
    assert answer.values["reasons"][0][0] == "debt"
    assert answer.values["score"][0] < 600
    assert (tmp_path / "run" / "model" / "scorecard" / "card.csv").exists()
    assert Service.load(tmp_path / "run").predictor.signature.model == "loans"


def test_the_shipped_model_heeds_weights_that_ship(tmp_path: Path) -> None:
    block = data().whole()
    heavy = np.where(np.array(block.text("y").to_pylist()) == "q", 9.0, 1.0)
    LabelWeights(block.rows, heavy).save(tmp_path)
    models = [_prepared(on(clean=place), block, "boosted trees") for place in (tmp_path / "none", tmp_path)]
    plain, weighed = (model.model.predict(model.preparation.apply(block))[:, 1].mean() for model in models)
    assert weighed > plain + 0.005
