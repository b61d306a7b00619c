"""Weights for features: the fragile learner, which shows what the data is like."""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.probabilities import class_count, is_classes, spread
from karat.train.threads import one_thread

NEWTON_FEATURES = 600  # up to here the Hessian of a dense fit is cheap to build and factor


@dataclass(frozen=True)
class Linear(Learner):
    """Logistic regression for classes, ridge regression for numbers, both with a quadratic penalty.

    Wants scaled features without gaps. One weight a feature: it cannot step around a wrong value, so that faults in
    the data show in it before they show in trees.

    Parameters
    ----------
    strength : float
        Inverse of the penalty on dense features, > 0.
    text_strength : float
        The same on sparse features, whose rows have length 1.
    classes : int
        Number of classes, 0 to take it from the target.
    """

    strength: float = 1.0
    text_strength: float = 10.0
    classes: int = 0

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> "LinearModel":
        """Learn from features (n, d), dense float32 or CSR, and class codes (n,) int or numbers (n,) float."""
        cost: dict[str, float] = {}
        with measured(cost), one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a fit stopped at its last step is still the same fit on every arm
            if not is_classes(target):
                return self._ridge(features, target, cost)
            k = class_count(target, self.classes)
            present = np.unique(target)
            if len(present) == 1:
                return LinearModel(np.zeros((features.shape[1], 1)), np.zeros(1), present, k, cost)
            weights, bias = self._logistic(features, target, seed)
        return LinearModel(weights, bias, present, k, cost)

    def _ridge(self, features: Any, target: np.ndarray, cost: dict[str, float]) -> "LinearModel":
        from sklearn.linear_model import Ridge

        dense = isinstance(features, np.ndarray)
        wide = dense and features.shape[1] <= NEWTON_FEATURES
        strength = self.strength if dense else self.text_strength
        model = Ridge(alpha=1 / strength, solver="cholesky" if wide else "sparse_cg", tol=1e-6)
        model.fit(features.astype(np.float64), target)
        return LinearModel(model.coef_.reshape(-1, 1), np.array([model.intercept_]), np.zeros(0, np.int64), 0, cost)

    def _logistic(self, features: Any, target: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        from sklearn.linear_model import LogisticRegression

        dense = isinstance(features, np.ndarray)
        strength = self.strength if dense else self.text_strength
        two = len(np.unique(target)) == 2
        solver = "newton-cholesky" if dense and features.shape[1] <= NEWTON_FEATURES else "lbfgs"
        if two and not dense:
            solver = "liblinear"
        model = LogisticRegression(C=strength, solver=solver, max_iter=100, tol=1e-4, random_state=seed)
        model.fit(features.astype(np.float64), target)
        return model.coef_.T, model.intercept_


@dataclass(frozen=True, eq=False)
class LinearModel:
    """``features @ weights + bias``, then the logistic function or softmax for classes.

    Parameters
    ----------
    weights : ndarray of float64, shape (d, m)
        One column for two classes (towards the second one) or for numbers, else one a class.
    bias : ndarray of float64, shape (m,)
    present : ndarray of int64
        Codes of the classes met in training, rising; empty for numbers.
    classes : int
        Number of classes, 0 for numbers.
    """

    weights: np.ndarray
    bias: np.ndarray
    present: np.ndarray
    classes: int
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) class probabilities, or (n,) numbers."""
        with one_thread():
            answer = np.asarray(features @ self.weights) + self.bias
        if not self.classes:
            return answer[:, 0]
        return spread(self._probabilities(answer), self.present, self.classes)

    def _probabilities(self, answer: np.ndarray) -> np.ndarray:
        if len(self.present) == 1:
            return np.ones((len(answer), 1))
        if answer.shape[1] == 1:
            second = 1 / (1 + np.exp(-np.clip(answer, -500, 500)))
            return np.hstack([1 - second, second])
        powers = np.exp(answer - answer.max(1, keepdims=True))
        return powers / powers.sum(1, keepdims=True)
