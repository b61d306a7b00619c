import numpy as np
from sklearn.datasets import load_digits

from karat.train.least_squares import LeastSquares, _left_out, _turned


def test_digits_are_read_and_probabilities_are_honest():
    held = load_digits()
    chance = np.random.default_rng(0)
    wide = np.maximum(held.data @ chance.normal(size=(64, 400)) / 30, 0).astype(np.float32)
    train, test = np.arange(1200), np.arange(1200, 1797)
    answer = LeastSquares(10).fit(wide[train], held.target[train]).predict(wide[test])
    right = answer.argmax(axis=1) == held.target[test]
    assert right.mean() >= 0.93
    assert abs(answer.max(axis=1).mean() - right.mean()) < 0.12
    np.testing.assert_allclose(answer.sum(axis=1), 1)


def test_what_is_left_out_equals_a_fit_without_it():
    chance = np.random.default_rng(1)
    features = chance.normal(size=(40, 5))
    features -= features.mean(axis=0)
    wanted = (features[:, :1] + chance.normal(size=(40, 1))).astype(np.float32)
    wanted -= wanted.mean(axis=0)
    values, axes = np.linalg.eigh(features.T @ features)
    turned = (features @ axes).astype(np.float32)
    answer = _left_out(turned, turned.T @ wanted, wanted, 1 / (values + np.array([[0.1], [0.5]])))[1]
    rest = np.arange(1, 40)
    middle, base = features[rest].mean(axis=0), wanted[rest].mean(axis=0)
    held = features[rest] - middle
    weights = np.linalg.solve(held.T @ held + 0.5 * np.eye(5), held.T @ (wanted[rest] - base))
    np.testing.assert_allclose(answer[0], base + (features[0] - middle) @ weights, atol=5e-3)


def test_one_class_and_two_classes():
    chance = np.random.default_rng(2)
    features = chance.normal(size=(60, 8)).astype(np.float32)
    assert LeastSquares(3).fit(features, np.ones(60, np.int64)).predict(features)[:, 1].min() == 1
    target = (features[:, 0] > 0).astype(np.int64)
    answer = LeastSquares(2).fit(features, target).predict(features)
    assert ((answer[:, 1] > 0.5) == target).mean() > 0.9


def test_fewer_records_than_features_give_the_same_answer():
    chance = np.random.default_rng(3)
    features = chance.normal(size=(30, 31)).astype(np.float32)
    target = (features[:, 0] + features[:, 1] > 0).astype(np.int64)
    wide = np.concatenate([features[:, :15], np.zeros((30, 40), np.float32)], axis=1)  # 55 features, 15 of them empty
    asked = np.concatenate([features[::-1, :15], np.zeros((30, 40), np.float32)], axis=1)
    twice = np.concatenate([wide, wide])
    by_records = LeastSquares(2).fit(wide, target).predict(asked)
    held = wide - wide.mean(axis=0)
    for turned, values, axes in (_turned(held), _turned(np.concatenate([held, np.zeros((30, 55), np.float32)]))):
        np.testing.assert_allclose((turned[:30] * values) @ axes.T, held @ held.T @ held, rtol=2e-3, atol=2e-2)
    assert ((by_records[:, 1] > 0.5) == target[::-1]).mean() > 0.7
    assert np.isfinite(LeastSquares(2).fit(np.zeros((6, 9), np.float32), np.arange(6) % 2).predict(twice[:2, :9])).all()
