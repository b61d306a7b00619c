"""The interval around a forecast, computed by the graph as by hand."""

import numpy as np
import onnxruntime as ort
import pytest

from karat.core.onnx_graph import Features, Graph
from karat.deploy.onnx_ahead import ForecastSpan, interval

NAMES = ["value", "low", "high"]


def ends(span: ForecastSpan, features: list[list[float]], values: list[float]) -> tuple[list[float], list[float]]:
    graph = Graph(frozenset([*NAMES, "x"]))
    size = len(features[0])
    blocks = [Features(graph.add("Identity", "x"), np.arange(size))]
    outputs = interval(graph, span, blocks, NAMES)
    model = graph.model([("x", "FLOAT", [None, size]), ("value", "DOUBLE", [None])], outputs, "a forecast")
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    low, high = session.run(["low", "high"], {"x": np.array(features, np.float32), "value": np.array(values)})
    return low.tolist(), high.tolist()


def test_half_the_width_is_the_scale_times_the_width_but_at_least_the_floor() -> None:
    span = ForecastSpan(0.9, np.array([2.0]), floor=0.5, scale=0, step=0)
    low, high = ends(span, [[3.0, 9.0], [0.25, 9.0], [np.nan, 9.0], [0.5, 9.0]], [10.0, 10.0, 10.0, -1.0])
    assert low == pytest.approx([4.0, 9.0, 9.0, -2.0])
    assert high == pytest.approx([16.0, 11.0, 11.0, 0.0])


def test_each_step_ahead_has_its_width() -> None:
    span = ForecastSpan(0.9, np.array([1.0, 2.0, 4.0]), floor=0.1, scale=0, step=1)
    low, high = ends(span, [[1.0, step] for step in (1, 2, 3, 9)], [0.0] * 4)
    assert high == pytest.approx([1.0, 2.0, 4.0, 4.0])
    assert low == pytest.approx([-1.0, -2.0, -4.0, -4.0])
