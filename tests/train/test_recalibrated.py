"""Corrected answers: what newer outcomes say of a model's answers, without training, and the same in ONNX."""

import numpy as np
import pytest

from karat.core.onnx_graph import Features, Graph
from karat.train.boosted_trees import BoostedTrees
from karat.train.recalibrated import Correction, Recalibrated
from tests.train.test_sized_trees import steps


def test_classes_that_became_more_frequent_are_answered_more_often():
    chance = np.random.default_rng(0)
    margin = chance.normal(size=4_000)
    said = 1 / (1 + np.exp(-margin))
    truth = (chance.random(4_000) < 1 / (1 + np.exp(-(2 * margin + 1)))).astype(np.int64)
    correction = Correction.fit(np.stack([1 - said, said], axis=1), truth)
    answers = correction.apply(np.stack([1 - said, said], axis=1))
    assert np.allclose(answers.sum(axis=1), 1)
    assert np.abs(answers[:, 1] - 1 / (1 + np.exp(-(2 * margin + 1)))).mean() < 0.02
    assert correction.scale == pytest.approx(2, abs=0.2)


def test_three_classes_of_which_one_does_not_occur():
    answers = np.random.default_rng(1).dirichlet([1, 1, 1], 500)
    corrected = Correction.fit(answers, np.arange(500) % 2).apply(answers)
    assert corrected[:, 2].mean() < 0.05
    assert np.isfinite(corrected).all()


def test_numbers_follow_a_line():
    correction = Correction.fit(np.arange(10.0), 3 * np.arange(10.0) - 2)
    assert correction.scale == pytest.approx(3)
    assert correction.shift == (pytest.approx(-2),)
    assert Correction.fit(np.ones(5), np.arange(5.0)).apply(np.ones(2)).tolist() == [2, 2]


def test_without_a_correction_answers_stay():
    answers = np.array([[0.2, 0.8]])
    assert Correction().apply(answers) is answers


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_the_exported_model_answers_alike(classes):
    features, target = steps(300)
    target = {0: features[:, 0].astype(np.float64) * 3, 2: target, 3: np.where(features[:, 1] > 0.8, 2, target)}[
        classes
    ]
    base = BoostedTrees().fit(features, target, 0)
    correction = Correction.fit(base.predict(features), target[::-1] if classes else target * 2 + 1)
    model = Recalibrated(base, correction)
    graph = Graph(frozenset({"x", "y"}))
    graph.cast(model.to_onnx(graph, [Features("x", np.arange(5))], "x"), "DOUBLE", "y")
    proto = graph.model([("x", "FLOAT", [None, 5])], [("y", "DOUBLE", [None, None])], "corrected")
    import onnxruntime

    (answer,) = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {"x": features})
    assert np.allclose(answer.reshape(model.predict(features).shape), model.predict(features), atol=1e-6)
