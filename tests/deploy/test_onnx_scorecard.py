"""A scorecard beside the probability: points, their sum, and what costs most, in the graph as by hand."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest

from karat.core.onnx_graph import Features, Graph, Written
from karat.deploy.onnx_scorecard import REASONS, Card, card_outputs

OUT = ["score", "reasons", "points"]


@dataclass
class Model:
    """Its parts are its features."""

    factor: float = 10.0
    start: float = 500.0
    present: tuple[int, ...] = (0, 1)
    crossed: list[Any] = field(default_factory=list)
    weights: np.ndarray = field(default_factory=lambda: np.ones(2))

    def parts_to_onnx(self, graph: Graph, blocks: Written) -> str:
        (block,) = blocks
        assert isinstance(block, Features)
        return graph.cast(block.tensor, "DOUBLE")


def part(column: str, weights: list[float], counts: list[int]) -> SimpleNamespace:
    return SimpleNamespace(column=column, weights=np.array(weights), all=np.array(counts))


def prepared(model: Any, *parts: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(model=model, preparation=SimpleNamespace(parts=parts))


PARTS = part("age", [0.5, -1.0, -9.0], [5, 5, 0]), part("city", [0.25, 0.75], [3, 7])


def test_the_best_points_are_those_of_the_lowest_weight_that_was_met() -> None:
    crossed = SimpleNamespace(first=0, second=1, table=np.array([[0.5, -0.125], [1.0, 0.0]]))
    model = Model(crossed=[crossed], weights=np.array([2.0, 1.0, 4.0]))
    card = Card.of(prepared(model, *PARTS))
    assert card is not None
    assert card.names == ("age", "city", "age × city")
    assert card.best.tolist() == [20.0, -2.5, 5.0]
    assert card.shown == 3


def test_another_learner_and_a_model_of_one_class_have_no_card() -> None:
    assert Card.of(prepared(object(), *PARTS)) is None
    assert Card.of(prepared(Model())) is None
    assert Card.of(prepared(Model(present=(1,)), *PARTS)) is None


def test_reasons_are_the_parts_furthest_below_their_best() -> None:
    card = Card(Model(), ("a", "b", "c", "d", "e"), np.array([10.0, 10.0, 10.0, 10.0, 10.0]))
    assert card.shown == REASONS == 4
    points = np.array([[9.0, 5.0, 10.0, 5.0, 0.0], [10.0] * 5, [1.0, 2.0, 3.0, 4.0, 5.0]])
    assert card.reasons(points) == [["e", "b", "d", "a"], [""] * 4, ["a", "b", "c", "d"]]


def test_the_graph_says_what_the_card_says() -> None:
    model = Model()
    card = Card(model, ("age", "城市"), np.array([10.0, 5.0]))
    graph = Graph(frozenset([*OUT, "x"]))
    blocks: Written = [Features(graph.add("Identity", "x"), np.arange(2))]
    outputs = card_outputs(graph, card, blocks, OUT)
    assert outputs == [("score", "DOUBLE", [None]), ("reasons", "STRING", [None, 2]), ("points", "DOUBLE", [None, 2])]
    built = graph.model([("x", "FLOAT", [None, 2])], outputs, "points")
    session = ort.InferenceSession(built.SerializeToString(), providers=["CPUExecutionProvider"])
    parts = np.array([[-1.0, -0.5], [0.0, 0.5], [-0.5, 2.0]], np.float32)
    score, reasons, points = session.run(OUT, {"x": parts})
    assert points.tolist() == (-10.0 * parts).tolist()
    assert score == pytest.approx([515.0, 495.0, 485.0])
    assert reasons.tolist() == [["", ""], ["age", "城市"], ["城市", "age"]]
    assert reasons.tolist() == card.reasons(points)
