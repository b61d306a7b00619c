import numpy as np
import pytest

from karat.core.onnx_graph import Features
from karat.train.boosted_trees import BoostedTrees
from karat.train.onnx_ahead import ahead
from karat.train.steps_ahead import StepsAhead, StepsAheadModel
from tests._graphs import run_graph


def stored(model, features):
    return run_graph(
        lambda graph: model.to_onnx(graph, [Features("x", np.arange(features.shape[1]))], "x"), x=features
    )[:, 0]


def series(size=300, levels=2):
    chance = np.random.default_rng(0)
    features = chance.normal(100, 10, (size, levels + 3)).astype(np.float32)
    features[:, levels + 1] = chance.integers(1, 9, size)
    target = features[:, 0] + features[:, 1 : 1 + levels].sum(axis=1) * 0.1 + features[:, levels + 1]
    return features, target.astype(np.float64)


@pytest.mark.parametrize(("levels", "step"), [(2, 3), (2, 0), (0, 1)])
def test_the_graph_forecasts_as_python_does(levels, step):
    features, target = series(levels=levels)
    model = StepsAhead(levels, step, BoostedTrees(trees=5, rate=0.3, leaves=6)).fit(features, target)
    features[::5, 0] = np.nan  # no last value is known
    features[1::5, 1] = np.nan
    assert len(model.inner) == (4 if step else 1)
    assert stored(model, features) == pytest.approx(model.predict(features), rel=1e-6)


def test_without_a_last_value_the_mean_stands_in_and_trees_add_to_it():
    class Adding:
        def __init__(self, amount):
            self.amount = amount

    def trees(graph):
        return lambda features, inner: graph.constant([[inner.amount]], np.float64)

    features = np.array([[5.0, 1.0], [np.nan, 1.0], [5.0, 2.0], [5.0, 1.5]], np.float32)
    model = StepsAheadModel((Adding(10.0), Adding(200.0)), np.array([1.5]), 7.0, 0, 1)
    answer = run_graph(lambda graph: ahead(graph, model, [Features("x", np.arange(2))], trees(graph)), x=features)
    assert answer.tolist() == [[15], [17], [205], [15]]  # an edge belongs to the nearer steps


def test_features_are_taken_in_the_order_of_the_model():
    features, target = series()
    model = StepsAhead(2, 3, BoostedTrees(trees=3, leaves=4)).fit(features, target)
    order = np.array([4, 3, 2, 1, 0])
    answer = run_graph(lambda graph: model.to_onnx(graph, [Features("x", order)], "x"), x=features[:, order])
    assert answer[:, 0] == pytest.approx(model.predict(features), rel=1e-6)
