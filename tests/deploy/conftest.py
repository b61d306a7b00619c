"""A small model made by hand: y = sigmoid(age / 10 - 3), plus 1 for the city 北京."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Check
from karat.deploy.request_checks import save_checks
from karat.deploy.signature import Signature


@dataclass(frozen=True)
class Oldest:
    """The highest age seen in training."""

    age: float

    def merge(self, other: "Oldest") -> "Oldest":
        return Oldest(max(self.age, other.age))


@dataclass(frozen=True)
class TooOld(Check):
    """A check for the door."""

    dimension: ClassVar[Dimension] = Dimension.ACCURACY

    def learn(self, block: Block) -> Oldest:
        return Oldest(float(np.nanmax(block.numbers("age"))))

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        at = np.flatnonzero(block.numbers("age") > state.age)
        return self.found(
            len(at),
            row=block.rows[at],
            column="age",
            value=block.text("age").take(pa.array(at)),
            confidence=0.9,
            message=f"older than {state.age:g}, the oldest in training",
        )


@dataclass(frozen=True)
class Broken(TooOld):
    """A check that fails."""

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        raise ZeroDivisionError


@pytest.fixture(scope="session")
def schema() -> Schema:
    """A number, a category, a time, an id and a target."""
    return Schema(
        (
            Column("id", Role.ID, "int64"),
            Column("age", Role.NUMBER, "int64", nulls=("?",)),
            Column("城市", Role.CATEGORY),
            Column("when", Role.TIME, "timestamp", format="%Y/%m/%d"),
            Column("y", Role.TARGET),
        ),
        task="classification",
    )


def _write_model(path: Path) -> None:
    import onnx
    from onnx import TensorProto as T
    from onnx import helper as h

    nan, zero = h.make_tensor("nan", T.DOUBLE, [1], [0.0]), h.make_tensor("ten", T.DOUBLE, [1], [10.0])
    three = h.make_tensor("three", T.DOUBLE, [1], [3.0])
    names = h.make_tensor("names", T.STRING, [2], [b"no", "是".encode()])
    one = h.make_tensor("one", T.FLOAT, [1], [1.0])
    axis = h.make_tensor("axis", T.INT64, [1], [1])
    nodes = [
        h.make_node("IsNaN", ["age"], ["gap"]),
        h.make_node("Where", ["gap", "nan", "age"], ["full"]),
        h.make_node("Div", ["full", "ten"], ["tenth"]),
        h.make_node("Sub", ["tenth", "three"], ["logit64"]),
        h.make_node("Cast", ["logit64"], ["logit"], to=T.FLOAT),
        h.make_node(
            "LabelEncoder",
            ["城市"],
            ["city"],
            domain="ai.onnx.ml",
            keys_strings=["北京"],
            values_floats=[1.0],
            default_float=0.0,
        ),
        h.make_node("Add", ["logit", "city"], ["sum"]),
        h.make_node("IsNaN", ["when"], ["no time"]),
        h.make_node("Cast", ["no time"], ["late"], to=T.FLOAT),
        h.make_node("Add", ["sum", "late"], ["all"]),
        h.make_node("Sigmoid", ["all"], ["p"]),
        h.make_node("Sub", ["one", "p"], ["q"]),
        h.make_node("Concat", ["q", "p"], ["probabilities"], axis=1),
        h.make_node("ArgMax", ["probabilities"], ["best"], axis=1, keepdims=0),
        h.make_node("Gather", ["names", "best"], ["label"]),
    ]
    graph = h.make_graph(
        nodes,
        "toy",
        [
            h.make_tensor_value_info("age", T.DOUBLE, [None, 1]),
            h.make_tensor_value_info("城市", T.STRING, [None, 1]),
            h.make_tensor_value_info("when", T.DOUBLE, [None, 1]),
        ],
        [
            h.make_tensor_value_info("label", T.STRING, [None]),
            h.make_tensor_value_info("probabilities", T.FLOAT, [None, 2]),
        ],
        [nan, zero, three, names, one, axis],
    )
    opsets = [h.make_opsetid("", 17), h.make_opsetid("ai.onnx.ml", 3)]
    onnx.save(h.make_model(graph, opset_imports=opsets, ir_version=8), path)


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory, schema: Schema) -> Path:
    """A run folder with a model, checks and scores."""
    run = tmp_path_factory.mktemp("runs") / "people"
    model = run / "model"
    model.mkdir(parents=True)
    Signature.of("people", "1", schema, ["age", "城市", "when"], ["no", "是"], {"城市": ["北京", "上海"]}).save(
        model / "schema.json"
    )
    _write_model(model / "model.onnx")
    save_checks({"TooOld": (TooOld(), Oldest(90.0)), "Broken": (Broken(), Oldest(1.0))}, model / "checks.json")
    (run / "scores.json").write_text('{"after": {"dimensions": {"accuracy": {"score": 0.97}}}}')
    return run


@pytest.fixture(autouse=True, scope="session")
def _these_checks_are_a_plugin() -> Iterator[None]:
    """The checks above are loaded as those of an installed package are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("karat.core.state._plugins", lambda: {__name__.partition(".")[0]})
        yield
