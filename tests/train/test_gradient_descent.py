import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris

from karat.train.gradient_descent import DivergedError, GradientDescent
from karat.train.linear import Linear


def line(top, n=100):
    x = np.random.default_rng(3).uniform(0, top, (n, 1)).astype(np.float32)
    return x, 3.0 * x[:, 0].astype(float) + 2 + np.random.default_rng(4).normal(0, 0.1, n)


def test_it_reaches_the_least_squares_line():
    x, y = line(1)
    model = GradientDescent(rate=0.1, start_weight=1, start_bias=1).fit(x, y)
    weight, bias = np.polyfit(x[:, 0].astype(float), y, 1)
    assert model.weights[0, 0] == pytest.approx(weight, abs=1e-4)
    assert model.bias[0] == pytest.approx(bias, abs=1e-4)
    assert (np.diff(model.losses) <= 0).all()
    assert model.losses[0] == pytest.approx(((x[:, 0] + 1 - y) ** 2).mean())
    assert model.predict(x) == pytest.approx(weight * x[:, 0] + bias, abs=1e-3)


def test_one_step_by_hand():
    x, y = np.array([[1.0], [3.0]]), np.array([2.0, 4.0])  # at w = 1, b = 0 both errors are -1
    model = GradientDescent(rate=0.1, epochs=1, start_weight=1, start_bias=0).fit(x, y)
    assert model.weights[0, 0] == pytest.approx(1 + 0.1 * 2 * (1 + 3) / 2)
    assert model.bias[0] == pytest.approx(0.2)


def test_on_a_wide_input_it_stops_and_names_the_cure():
    x, y = line(10)
    with pytest.raises(DivergedError, match=r"Scale the features in prepare.*rate below 0\.0") as caught:
        GradientDescent(rate=0.1).fit(x, y)
    assert len(caught.value.losses) < 20
    assert caught.value.losses[-1] > caught.value.losses[0]
    limit = float(str(caught.value).rsplit("below ", 1)[1].rstrip("."))
    GradientDescent(rate=0.9 * limit, epochs=200).fit(x, y)
    with pytest.raises(DivergedError):
        GradientDescent(rate=1.1 * limit, epochs=2000).fit(x, y)
    scaled = (x - x.mean()) / x.std()
    assert GradientDescent(rate=0.1).fit(scaled, y).losses[-1] < 0.02


@pytest.mark.parametrize("load", [load_breast_cancer, load_iris])
def test_cross_entropy_decides_as_logistic_regression(load):
    x, y = load(return_X_y=True)
    x = ((x - x.mean(0)) / x.std(0)).astype(np.float32)
    model = GradientDescent(rate=0.1, epochs=2000, start_weight=0, start_bias=0).fit(x, y)
    given, wanted = model.predict(x), Linear(strength=100).fit(x, y, 0).predict(x)
    assert (given.argmax(1) == wanted.argmax(1)).mean() > 0.97
    assert (np.diff(model.losses) <= 0).all()
    assert model.losses[0] == pytest.approx(np.log(wanted.shape[1]))
