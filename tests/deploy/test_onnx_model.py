"""The exported model answers as the Python model does, on data made to be awkward."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.deploy.agreement import PROBES, verify, verify_prepared
from karat.deploy.onnx_model import OnnxModel, Prepared
from karat.deploy.predictor import Predictor
from karat.deploy.signature import Signature

WORDS = [
    "好",
    "吃",
    "快",
    "慢",
    "送",
    "餐",
    "味",
    "道",
    "不",
    "错",
    "good",
    "BAD",
    "Fast",
    "slow",
    "😀",
    "👍",
    "é",
    "ß",
    "中文",
    "ＡＢ",
    "１２",
    "\n",
    "\t",
    ",",
    "。",
]
N = 600


def awkward(task: str, classes: int) -> Block:
    """Numbers with gaps and far values, categories with rare and missing ones, times, Chinese and English text."""
    rng = np.random.default_rng(3)
    number = rng.normal(0, 1, N)
    wide = np.exp(rng.normal(0, 8, N))
    city = rng.choice(["北京", "上海", "New York", "x", "N/A"], N, p=[0.4, 0.3, 0.2, 0.002, 0.098])
    seconds = rng.integers(-(10**9), 2 * 10**9, N)
    texts = ["".join(rng.choice(WORDS, rng.integers(0, 12))) for _ in range(N)]
    score = number + (city == "北京") + np.array([text.count("好") for text in texts]) + rng.normal(0, 0.5, N)
    code = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes)) if classes else score * 1e4
    gap = rng.random((3, N)) < 0.1
    columns = {
        "label": [None if g else repr(float(v)) for v, g in zip(number, gap[0], strict=True)],
        "宽": [("?" if g else f"{v:.6g}") for v, g in zip(wide, gap[1], strict=True)],
        "t1": [None if g else str(v) for v, g in zip(city, gap[2], strict=True)],
        "when": [str(np.datetime64(int(s), "s")) if s % 7 else None for s in seconds],
        "review": [text or None for text in texts],
        "target": [f"类{v}" if classes else repr(float(v)) for v in code],
    }
    schema = Schema(
        (
            Column("label", Role.NUMBER, "float64"),
            Column("宽", Role.NUMBER, "float64", nulls=("?",)),
            Column("t1", Role.CATEGORY, nulls=("N/A",)),
            Column("when", Role.TIME, "timestamp"),
            Column("review", Role.TEXT, nulls=("好",)),
            Column("target", Role.TARGET),
        ),
        task=task,
    )
    return Block(np.arange(N), pa.table({k: pa.array(v, pa.string()) for k, v in columns.items()}), schema)


def fitted(block: Block, recipe: int, train: np.ndarray, name: str = "toy") -> Prepared:
    """A model of one of the recipes, fitted on the records at some positions."""
    from karat.prepare.features import Preparation
    from karat.prepare.target import read_target
    from karat.train.recipes import recipes_for

    target = read_target(block)
    chosen = recipes_for(block.schema)[recipe].for_classes(len(target.classes))
    preparation = Preparation(block.schema, chosen.features).fit(block, train)
    model = chosen.fit(preparation.apply(block, train), target.values[train], 0)
    return Prepared(name, "1", block.schema, preparation, model, target.classes)


@pytest.mark.parametrize("recipe", [0, 1, 2])
@pytest.mark.parametrize(("task", "classes"), [("classification", 2), ("classification", 4), ("regression", 0)])
def test_agreement(tmp_path: Path, task: str, classes: int, recipe: int) -> None:
    block = awkward(task, classes)
    prepared = fitted(block, recipe, np.arange(N // 2))
    assert OnnxModel().export(prepared, tmp_path) == tmp_path / "model.onnx"
    found = verify_prepared(prepared, tmp_path, block.take(np.arange(N // 2, N)))
    assert found.n == N // 2 + found.probes
    assert found.probes > 2 * len(PROBES)
    assert found.whole, found
    assert found.worst <= 1e-5


def test_a_class_that_training_did_not_meet(tmp_path: Path) -> None:
    block = awkward("classification", 4)
    codes = np.array([text[-1] for text in block.text("target").to_pylist()]).astype(int)
    for present, recipe in (([0, 2, 3], 1), ([1, 3], 0), ([2], 1)):
        prepared = fitted(block, recipe, np.flatnonzero(np.isin(codes, present)))
        OnnxModel().export(prepared, tmp_path)
        answers = Predictor.load(tmp_path).answer(block)
        expected = prepared.model.predict(prepared.preparation.apply(block))
        assert set(answers["predicted_label"]) <= {f"类{code}" for code in present}
        assert np.abs(answers["probabilities"] - expected).max() <= 1e-5


def test_the_same_model_is_the_same_bytes(tmp_path: Path) -> None:
    block = awkward("classification", 2)
    one, two = (OnnxModel().export(fitted(block, 0, np.arange(N)), tmp_path / at).read_bytes() for at in "ab")
    assert one == two


def test_a_wrong_model_is_seen(tmp_path: Path) -> None:
    block = awkward("classification", 2)
    prepared = fitted(block, 1, np.arange(N // 2))
    OnnxModel().export(prepared, tmp_path)
    expected = prepared.model.predict(prepared.preparation.apply(block))
    assert verify(tmp_path, block.table, expected).whole
    expected[7] = expected[7] + [3e-5, -3e-5]
    expected[8] = expected[8][::-1]
    found = verify(tmp_path, block.table, expected)
    assert (found.n, found.agree) == (N, N - 2)
    assert found.worst > 3e-5


def test_the_schema_says_how_to_ask(tmp_path: Path) -> None:
    OnnxModel().export(fitted(awkward("classification", 2), 1, np.arange(N)), tmp_path)
    held = Signature.load(tmp_path / "schema.json")
    assert [(i.name, i.datatype) for i in held.inputs] == [
        ("label", "FP64"),
        ("宽", "FP64"),
        ("t1", "BYTES"),
        ("when", "FP64"),
    ]
    assert held.inputs[2].categories == ("北京", "上海", "New York")
    assert [o.name for o in held.outputs] == ["predicted_label", "probabilities"]
    assert held.classes == ("类0", "类1")


def test_company_does_not_matter(tmp_path: Path) -> None:
    block = awkward("classification", 2)
    prepared = fitted(block, 0, np.arange(N))
    OnnxModel().export(prepared, tmp_path)
    predictor = Predictor.load(tmp_path)
    texts = [None, "☃", "好", "", "很" * 3000, *block.text("review").to_pylist()[:20]]
    few = block.take(np.arange(len(texts)))
    table = few.table.set_column(4, "review", pa.array(texts, pa.string()))
    whole = predictor.answer(Block(few.rows, table, block.schema))["probabilities"]
    alone = [
        predictor.answer(Block(few.rows[at : at + 1], table.slice(at, 1), block.schema))["probabilities"]
        for at in range(len(texts))
    ]
    assert np.array_equal(np.concatenate(alone), whole)
