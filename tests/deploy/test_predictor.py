"""A model folder in use: answers by name, whatever the size of the block; a folder that does not fit is refused."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.deploy import predictor
from karat.deploy.predictor import Predictor


def block_of(schema, ages: list[str | None]) -> Block:
    n = len(ages)
    table = pa.table(
        {
            "id": [str(k) for k in range(n)],
            "age": pa.array(ages, pa.string()),
            "城市": ["上海"] * n,
            "when": ["2024/02/03"] * n,
            "y": pa.nulls(n, pa.string()),
        }
    )
    return Block(np.arange(n), table.cast(pa.schema([(name, pa.string()) for name in table.column_names])), schema)


def test_answers_are_worked_out_by_hand(run: Path, schema) -> None:
    answers = Predictor.load(run / "model").answer(block_of(schema, ["10", "50"]))
    assert list(answers) == ["label", "probabilities"]
    chance = 1 / (1 + np.exp(-np.array([-2.0, 2.0])))
    assert answers["probabilities"][:, 1] == pytest.approx(chance, abs=1e-6)
    assert answers["label"].tolist() == ["no", "是"]


@pytest.mark.parametrize("most", [1, 3, 7, 8])
def test_pieces_of_any_size_give_the_same_answer(run: Path, schema, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    block = block_of(schema, [str(10 * k) for k in range(7)])
    loaded = Predictor.load(run / "model")
    whole = loaded.answer(block)
    monkeypatch.setattr(predictor, "MAX_RECORDS", most)
    pieces = loaded.answer(block)
    assert all((whole[name] == pieces[name]).all() for name in whole)
    assert len(pieces["label"]) == 7


def test_no_record_gets_no_answer(run: Path, schema) -> None:
    answers = Predictor.load(run / "model").answer(block_of(schema, []))
    assert answers["label"].shape == (0,)
    assert answers["probabilities"].shape == (0, 2)


def test_a_folder_without_its_parts_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"schema\.json not found"):
        Predictor.load(tmp_path)
    shutil.copy(run / "model" / "schema.json", tmp_path)
    with pytest.raises(InputError, match=r"model\.onnx is not an ONNX model: no such file"):
        Predictor.load(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"nothing of the kind")
    with pytest.raises(InputError, match=r"is not an ONNX model: (?!no such file)"):
        Predictor.load(tmp_path)


def test_a_model_that_takes_other_inputs_than_its_schema_says_is_refused(run: Path, tmp_path: Path) -> None:
    shutil.copy(run / "model" / "model.onnx", tmp_path)
    text = (run / "model" / "schema.json").read_text(encoding="utf-8")
    (tmp_path / "schema.json").write_text(text.replace('"name": "age"', '"name": "years"'), encoding="utf-8")
    with pytest.raises(InputError, match="disagree on the inputs: only one of them has age, years"):
        Predictor.load(tmp_path)
