"""How the mean of several fits answers, is written and is taken apart."""

import numpy as np
import pytest

from karat.train.sized_trees import SizedTrees
from tests.train.test_sized_trees import steps


@pytest.mark.parametrize("task", ["two", "three", "numbers"])
def test_answers_the_tables_and_the_explanation_agree(task):
    features, target = steps(400)
    if task == "three":
        target = np.where(features[:, 1] > 0.8, 2, target)
    target = target if task != "numbers" else features[:, 0].astype(np.float64) * 3 + 100
    gaps = features.copy()
    gaps[::7, 2] = np.nan
    model = SizedTrees().fit(gaps, target, 0)
    answer = model.predict(gaps)
    base, parts = model.explain(gaps, gaps.mean(axis=0))
    margin = base + parts.sum(axis=1)
    if task == "two":
        assert np.allclose(1 / (1 + np.exp(-margin)), answer[:, 1])
    elif task == "numbers":
        assert np.allclose(margin, answer)
    else:
        whole = np.stack([_margin(model, gaps, k) for k in range(3)], axis=1)
        assert np.allclose(np.exp(whole) / np.exp(whole).sum(axis=1, keepdims=True), answer)


def _margin(model, features, output):
    base, parts = model.explain(features, features.mean(axis=0), output)
    return base + parts.sum(axis=1)


def test_the_exported_trees_answer_alike(tmp_path):
    from karat.core.onnx_graph import Features, Graph

    features, target = steps(300)
    features[::5, 1] = np.nan
    model = SizedTrees().fit(features, target, 0)
    graph = Graph(frozenset({"x", "y"}))
    answer = model.to_onnx(graph, [Features("x", np.arange(5))], "x")
    graph.cast(answer, "DOUBLE", "y")
    proto = graph.model([("x", "FLOAT", [None, 5])], [("y", "DOUBLE", [None, 2])], "told")
    import onnxruntime

    (told,) = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {"x": features})
    assert np.allclose(told, model.predict(features), atol=1e-9)
