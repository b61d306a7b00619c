"""What a model takes and gives: written, read back, and the tensors and texts that go with it."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.parsing import EPOCH_FORMAT
from karat.core.schema import Column, Role, Schema
from karat.deploy.signature import Signature, as_text, epoch_seconds

SCHEMA = Schema(
    (
        Column("label", Role.NUMBER, "float64"),
        Column("city", Role.CATEGORY),
        Column("at", Role.TIME, "timestamp"),
        Column("photo", Role.IMAGE, "binary"),
        Column("id", Role.ID),
        Column("y", Role.TARGET),
    ),
    task="classification",
)


def signature(*used: str, classes: tuple[str, ...] = ("no", "是")) -> Signature:
    return Signature.of("m", "3", SCHEMA, used, classes, {"city": ["Bonn", "北京"]})


def test_inputs_by_role() -> None:
    inputs = {entry.name: entry for entry in signature("label", "city", "at", "photo").inputs}
    assert [(entry.datatype, entry.tensor, entry.shape) for entry in inputs.values()] == [
        ("FP64", "DOUBLE", (None, 1)),
        ("BYTES", "STRING", (None, 1)),
        ("FP64", "DOUBLE", (None, 1)),
        ("BYTES", "UINT8", (None, 32, 32, 3)),
    ]
    assert inputs["city"].categories == ("Bonn", "北京")
    assert inputs["label"].categories == ()


def test_a_column_that_no_model_takes() -> None:
    with pytest.raises(InputError, match="column 'id' has role id, which a model cannot take"):
        signature("id")


def test_outputs_avoid_the_names_of_inputs() -> None:
    assert [(entry.name, entry.shape) for entry in signature("city").outputs] == [
        ("label", (-1,)),
        ("probabilities", (-1, 2)),
    ]
    assert signature("label").outputs[0].name == "predicted_label"
    assert [entry.name for entry in signature("city", classes=()).outputs] == ["value"]
    assert "the predicted y" in signature("city").outputs[0].meaning


def test_the_points_of_a_card_stand_behind() -> None:
    card = signature("city").with_card(["city", "label"], 4)
    assert [(entry.name, entry.datatype, entry.shape) for entry in card.outputs[2:]] == [
        ("score", "FP64", (-1,)),
        ("reasons", "BYTES", (-1, 4)),
        ("points", "FP64", (-1, 2)),
    ]
    assert card.outputs[2].meaning.endswith("less likely 是")
    assert card.outputs[4].meaning == "points of: city, label"


def test_written_and_read_back_it_is_the_same(tmp_path: Path) -> None:
    written = signature("city", "label", "photo")
    written.save(tmp_path / "model" / "schema.json")
    text = (tmp_path / "model" / "schema.json").read_text(encoding="utf-8")
    assert Signature.load(tmp_path / "model" / "schema.json") == written
    assert "北京" in text
    assert json.loads(text)["task"] == "classification"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "is not the schema of a model: JSONDecodeError"),
        ("{}", "KeyError: 'format'"),
        ("[]", "is not the schema of a model: TypeError"),
        ('{"format": "other/1"}', "has format 'other/1', not 'karat-model-schema/1'"),
        ('{"format": "karat-model-schema/1"}', "KeyError: 'inputs'"),
    ],
)
def test_another_file_is_no_schema(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "schema.json"
    with pytest.raises(InputError, match="not found"):
        Signature.load(path)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=problem):
        Signature.load(path)


def test_tensors_of_records() -> None:
    table = pa.table(
        {
            "label": ["1.5", None],
            "city": [None, "北京"],
            "at": ["1970-01-01 00:01:00.5", None],
            "photo": pa.array([None, b"no picture"], pa.binary()),
            "id": ["a", "b"],
            "y": ["no", "是"],
        }
    )
    feeds = signature("label", "city", "at", "photo").feeds(Block(np.arange(2), table, SCHEMA))
    assert feeds["label"].tolist()[0] == [1.5]
    assert np.isnan(feeds["label"][1, 0])
    assert feeds["city"].tolist() == [[""], ["北京"]]
    assert feeds["at"][0].tolist() == [60.5]
    assert np.isnan(feeds["at"][1, 0])
    assert feeds["photo"].shape == (2, 32, 32, 3)
    assert feeds["photo"].dtype == np.uint8


def test_seconds_since_1970() -> None:
    times = np.array(["1970-01-02", "1969-12-31T23:59:59", "NaT"], "datetime64[s]")
    assert epoch_seconds(times).tolist()[:2] == [86_400.0, -1.0]
    assert np.isnan(epoch_seconds(times)[2])


@pytest.mark.parametrize(
    ("column", "values", "texts"),
    [
        (Column("n", Role.NUMBER, "float64"), [1.0, 0.5, np.nan, np.inf], ["1.0", "0.5", None, "inf"]),
        (Column("n", Role.NUMBER, "int64"), [1.0, 0.5, np.nan, np.inf], ["1", "0.5", None, "inf"]),
        (Column("n", Role.NUMBER, "float64", decimal=","), [1.5, np.nan], ["1,5", None]),
        (Column("c", Role.CATEGORY), [2.0], ["2"]),
    ],
)
def test_numbers_as_the_text_of_their_column(column: Column, values: list[float], texts: list[str | None]) -> None:
    assert as_text(np.array(values), column) == texts


def test_integers_stay_whole_in_a_column_of_fractions() -> None:
    assert as_text(np.array([1, 2]), Column("n", Role.NUMBER, "float64")) == ["1", "2"]


@pytest.mark.parametrize(
    ("form", "text"),
    [("", "1970-01-02T00:00:01"), ("%d.%m.%Y", "02.01.1970"), (EPOCH_FORMAT, "86401")],
)
def test_times_as_the_text_of_their_column(form: str, text: str) -> None:
    column = Column("t", Role.TIME, "timestamp", format=form)
    assert as_text(np.array([86_401.0, np.nan, 1e20]), column) == [text, None, "1e+20"]


def test_parts_of_a_second_are_kept() -> None:
    assert as_text(np.array([0.25]), Column("t", Role.TIME, "timestamp")) == ["1970-01-01T00:00:00.250000"]
