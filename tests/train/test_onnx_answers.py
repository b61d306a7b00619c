import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from karat.core.errors import InputError
from karat.core.onnx_graph import Features, Runs
from karat.train import onnx_answers
from tests._graphs import run_graph

RAW = np.array([[0.0, np.log(3)], [2.0, 2.0]])


def chances(raw, present, classes):
    return run_graph(lambda graph: onnx_answers.chances(graph, "x", np.array(present), classes), x=raw)


def test_chances_of_two_classes_come_from_one_margin():
    assert chances(RAW[:, 1:], [0, 1], 2) == pytest.approx(
        np.array([[0.25, 0.75], [1 / (1 + np.exp(2)), 1 / (1 + np.exp(-2))]])
    )


def test_chances_of_more_are_a_softmax():
    raw = np.log(np.array([[1.0, 2.0, 5.0]]))
    assert chances(raw, [0, 1, 2], 3) == pytest.approx(np.array([[1, 2, 5]]) / 8)


def test_a_class_that_training_did_not_meet_has_no_chance():
    assert chances(RAW[:1, 1:], [0, 2], 4) == pytest.approx(np.array([[0.25, 0, 0.75, 0]]))
    assert chances(RAW[:, 1:], [1], 3).tolist() == [[0, 1, 0]] * 2
    raw = np.log(np.array([[1.0, 2.0, 5.0]]))
    assert chances(raw, [0, 2, 3], 4) == pytest.approx(np.array([[1, 0, 2, 5]]) / 8)


def test_numbers_are_as_they_are():
    assert chances(RAW, [], 0).tolist() == RAW.tolist()


def test_a_constant_stands_once_for_each_record():
    row = np.array([1.0, 2.5])
    answer = run_graph(lambda graph: onnx_answers.constant(graph, row, "x"), x=np.zeros((3, 1), np.float32))
    assert answer.tolist() == [[1, 2.5]] * 3


WEIGHTS = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
BIAS = np.array([0.5, 0.0])


def test_features_are_weighed_wherever_they_stand():
    x, y = np.array([[1, 2], [0, 1]], np.float32), np.array([[3], [0]], np.float32)
    blocks = [Features("x", np.array([2, 0])), Features("y", np.array([1]))]
    answer = run_graph(lambda graph: onnx_answers.weighed(graph, WEIGHTS, BIAS, blocks, "x"), x=x, y=y)
    assert answer.tolist() == [[4 + 2 + 6 + 0.5, 120], [1.5, 10]]
    alone = run_graph(lambda graph: onnx_answers.weighed(graph, WEIGHTS, BIAS, [], "x"), x=x)
    assert alone.tolist() == [[0.5, 0]] * 2


def test_runs_of_a_text_are_weighed_where_they_occur():
    def write(graph):
        runs = Runs(
            graph.constant([1.0, 0.5, 2.0], np.float64),
            graph.constant([0, 0, 2], np.int64),
            graph.constant([0, 1, 1], np.int64),
            np.array([2, 1]),
        )
        return onnx_answers.weighed(graph, WEIGHTS, BIAS, [runs], "x")

    # the first record has run 0 (feature 2) once and half of run 1 (feature 1), the third two of run 1
    answer = run_graph(write, x=np.zeros((3, 1), np.float32))
    assert answer.tolist() == [[5.5, 50], [0.5, 0], [4.5, 40]]


def table(size=200):
    chance = np.random.default_rng(0)
    features = chance.normal(size=(size, 3)).astype(np.float32)
    features[::6, 1] = np.nan
    return features, features[:, 0] - 2 * np.nan_to_num(features[:, 1])


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_trees_say_the_same_rounded_once(classes):
    features, target = table()
    order = np.array([2, 0, 1])
    if classes:
        codes = np.digitize(target, np.quantile(target, [0.5] if classes == 2 else [0.3, 0.6]))
        trees = HistGradientBoostingClassifier(max_iter=4, max_leaf_nodes=6).fit(features, codes)
        wanted = trees.decision_function(features).reshape(len(features), -1)
    else:
        trees = HistGradientBoostingRegressor(max_iter=4, max_leaf_nodes=6).fit(features, target)
        wanted = trees.predict(features)[:, None]
    answer = run_graph(
        lambda graph: onnx_answers.trees_of(graph, trees, [Features("x", order)], "x"), x=features[:, order]
    )
    assert answer == pytest.approx(wanted, rel=1.2e-7, abs=1e-12)  # the sum is double, the answer float32


def test_trees_without_features_say_their_baseline():
    features, target = table()
    trees = HistGradientBoostingRegressor(max_iter=2).fit(features, target)
    answer = run_graph(lambda graph: onnx_answers.trees_of(graph, trees, [], "x"), x=features[:2])
    assert answer == pytest.approx(target.mean())


def test_what_trees_cannot_be_exported_with_is_refused():
    features, target = table()
    trees = HistGradientBoostingRegressor(max_iter=2).fit(features, target)
    runs = Runs("w", "r", "k", np.array([0]))
    with pytest.raises(InputError, match="trees over text features"):
        run_graph(
            lambda graph: onnx_answers.trees_of(graph, trees, [Features("x", np.arange(3)), runs], "x"), x=features
        )
    words = np.random.default_rng(0).integers(0, 5, (100, 1)).astype(float)
    sorted_trees = HistGradientBoostingRegressor(max_iter=1, categorical_features=[0], min_samples_leaf=1).fit(
        words, np.array([3.0, -2, 5, 0, 1])[words[:, 0].astype(int)]
    )
    with pytest.raises(InputError, match="categorical splits"):
        run_graph(lambda graph: onnx_answers.trees_of(graph, sorted_trees, [], "x"), x=words)
