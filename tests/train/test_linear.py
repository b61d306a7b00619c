import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from karat.core.errors import OptionError
from karat.train import linear
from karat.train.linear import Linear


def scaled(features):
    return ((features - features.mean(0)) / features.std(0)).astype(np.float32)


def test_two_classes_meet_the_condition_of_the_optimum():
    x, y = load_breast_cancer(return_X_y=True)
    x = scaled(x)
    model = Linear(strength=1.0).fit(x, y, 0)
    given = model.predict(x)
    # At the optimum of the penalised likelihood the gradient is nought: w = C * sum (y - p) x, and sum (y - p) = 0.
    off = y - given[:, 1]
    assert model.weights[:, 0] == pytest.approx(x.astype(float).T @ off, abs=2e-2)
    assert off.sum() == pytest.approx(0, abs=1e-2)
    assert given.sum(1) == pytest.approx(1)


def test_many_classes_and_one_that_training_never_met():
    x, y = load_iris(return_X_y=True)
    model = Linear(classes=4).fit(scaled(x), y, 0)
    given = model.predict(scaled(x))
    assert given.shape == (150, 4)
    assert (given[:, 3] == 0).all()
    assert (given.argmax(1) == y).mean() > 0.95
    alone = Linear(classes=2).fit(scaled(x), np.ones(150, int), 0).predict(scaled(x))
    assert alone.tolist() == [[0, 1]] * 150


def test_numbers_by_the_normal_equations():
    x, y = load_diabetes(return_X_y=True)
    x = scaled(x)
    model = Linear(strength=0.5).fit(x, y, 0)
    centred = x.astype(float) - x.astype(float).mean(0)
    wanted = np.linalg.solve(centred.T @ centred + 2.0 * np.eye(x.shape[1]), centred.T @ (y - y.mean()))
    assert model.weights[:, 0] == pytest.approx(wanted, rel=1e-6)
    assert model.predict(x).mean() == pytest.approx(y.mean())


def test_sparse_margins_become_probabilities_that_mean_what_they_say():
    random = np.random.default_rng(0)
    x = random.normal(size=(4000, 30))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    chance = 1 / (1 + np.exp(-(12 * x[:, 0] + 1)))
    y = (random.random(4000) < chance).astype(int)
    model = Linear().fit(csr_matrix(x[:3000].astype(np.float32)), y[:3000], 0)
    given = model.predict(csr_matrix(x[3000:].astype(np.float32)))[:, 1]
    assert np.abs(given - chance[3000:]).mean() < 0.06
    again = Linear().fit(csr_matrix(x[:3000].astype(np.float32)), y[:3000], 0)
    assert np.array_equal(again.weights, model.weights)


def test_sparse_with_three_classes():
    random = np.random.default_rng(0)
    y = random.integers(0, 3, 300)
    x = csr_matrix((np.eye(3)[y] + random.normal(0, 0.1, (300, 3))).astype(np.float32))
    given = Linear(classes=3).fit(x, y, 0).predict(x)
    assert (given.argmax(1) == y).mean() > 0.97
    assert given.sum(1) == pytest.approx(1)


def test_a_weight_may_be_held_on_one_side_of_nothing():
    random = np.random.default_rng(0)
    x = random.normal(size=(400, 3)).astype(np.float32)
    y = 2 * x[:, 0] - x[:, 1] + 0.1 * random.normal(size=400)
    held = Linear(monotone=((1, 1),))
    for target in (y.astype(np.float64), (y > 0).astype(np.int64)):
        model, free = held.fit(x, target), Linear().fit(x, target)
        assert model.weights[1, 0] == 0 > free.weights[1, 0]
        assert model.weights[0, 0] > 0.5
    with pytest.raises(OptionError, match="text"):
        held.fit(csr_matrix(x), (y > 0).astype(np.int64))
    with pytest.raises(OptionError, match="3 classes"):
        held.fit(x, np.arange(400) % 3)


def test_of_very_many_classes_the_optimum_is_the_same(monkeypatch):
    rng = np.random.default_rng(0)
    features, target = rng.normal(size=(600, 3)).astype(np.float32), np.arange(600) % 60
    features += rng.normal(size=(60, 3))[target]
    quickly = Linear().fit(features, target).predict(features)
    monkeypatch.setattr(linear, "NEWTON_CLASSES", 60)
    np.testing.assert_allclose(quickly, Linear().fit(features, target).predict(features), atol=1e-2)
