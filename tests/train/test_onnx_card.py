import numpy as np
import pytest

from karat.core.onnx_graph import Features
from karat.train.crossings import Crossing
from karat.train.onnx_card import card_parts
from karat.train.scorecard import ScorecardModel
from tests._graphs import run_graph

FEATURES = np.array([[1.0, -1.0, 0.5], [2.0, 1.0, 2.0], [1.5, 0.0, 0.0]], np.float32)


def test_what_each_feature_and_crossing_adds_is_that_of_the_model():
    narrow = Crossing(0, 2, np.array([1.0, 1.5]), np.array([0.5]), np.array([[1.0, 2], [4, 8], [16, 32]]))
    other = Crossing(1, 0, np.array([0.0]), np.zeros(0), np.array([[64.0], [128.0]]))
    weights = np.array([1.0, 10.0, 0.0, 0.5, 2.0])
    model = ScorecardModel(weights, -1.0, np.array([0, 1]), 2, (narrow, other))
    order = np.array([2, 1, 0])
    parts = run_graph(lambda graph: card_parts(graph, model, [Features("x", order)]), x=FEATURES[:, order])
    # upper ends belong to their bins: records meet the first crossing in the cells 1, 32 and 4
    assert parts.tolist() == [[1, -10, 0, 0.5, 128], [2, 10, 0, 16, 256], [1.5, 0, 0, 2, 128]]
    assert parts == pytest.approx(model.parts(FEATURES.astype(np.float64)))


def test_a_card_without_crossings_is_its_weighed_features():
    model = ScorecardModel(np.array([1.0, 2.0, 3.0]), 0.0, np.array([0, 1]), 2)
    parts = run_graph(lambda graph: card_parts(graph, model, [Features("x", np.arange(3))]), x=FEATURES)
    assert parts.tolist() == (FEATURES * [1, 2, 3]).tolist()
