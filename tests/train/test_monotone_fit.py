import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from karat.core.errors import OptionError
from karat.train.monotone_fit import bounded_logistic, bounded_ridge, limits_of, refuse_many


def drawn(seed=0, n=800):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, 4))
    margin = x @ np.array([1.0, -0.6, 0.3, 0.0]) + 0.5
    return x, margin + random.normal(size=n), (random.random(n) < 1 / (1 + np.exp(-margin))).astype(float)


def test_without_limits_they_are_plain_ridge_and_logistic_regression():
    x, y, classes = drawn()
    weights, bias = bounded_ridge(x, y, 0.5, limits_of((), 4))
    plain = Ridge(alpha=2.0).fit(x, y)
    assert weights == pytest.approx(plain.coef_, abs=1e-6)
    assert bias == pytest.approx(plain.intercept_, abs=1e-6)
    weights, bias = bounded_logistic(x, classes, 0.5, limits_of((), 4))
    plain = LogisticRegression(C=0.5, tol=1e-8).fit(x, classes)
    assert weights == pytest.approx(plain.coef_[0], abs=2e-3)
    assert bias == pytest.approx(plain.intercept_[0], abs=2e-3)


def test_a_weight_against_its_order_is_nothing_and_the_others_are_fitted_without_it():
    x, y, classes = drawn()
    ordered = limits_of(((0, 1), (1, 1), (2, -1)), 4)
    for weights, without in (
        (bounded_ridge(x, y, 1.0, ordered)[0], Ridge(alpha=1.0).fit(x[:, [0, 3]], y).coef_),
        (
            bounded_logistic(x, classes, 1.0, ordered)[0],
            LogisticRegression(C=1.0, tol=1e-8).fit(x[:, [0, 3]], classes).coef_[0],
        ),
    ):
        assert np.abs(weights[1:3]) == pytest.approx(0, abs=1e-6)
        assert weights[[0, 3]] == pytest.approx(without, abs=3e-3)


def test_many_classes_have_no_direction():
    refuse_many((), 9)
    refuse_many(((0, 1),), 2)
    with pytest.raises(OptionError, match="9 classes"):
        refuse_many(((0, 1),), 9)
