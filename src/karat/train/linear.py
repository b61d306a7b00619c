"""Weights for features: the fragile learner, which shows what the data is like."""

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

import numpy as np

from karat.core.errors import OptionError
from karat.core.local_model import encoder_digest, is_encoder
from karat.core.onnx_graph import Graph, Written
from karat.core.schema import Role, Schema, pictures_alone
from karat.core.unit import Learner
from karat.train import onnx_answers
from karat.train.additive_parts import linear_parts
from karat.train.cost import measured
from karat.train.monotone_fit import Directions, bounded_logistic, bounded_ridge, limits_of, refuse_many
from karat.train.probabilities import class_count, is_classes, probabilities, spread
from karat.train.threads import one_thread
from karat.train.training_drivers import linear_drivers

# cost: beyond, L-BFGS finds the same weights
NEWTON_CLASSES = 50  # the Hessian has a block for each pair of classes
NEWTON_FEATURES = 600  # up to here the Hessian of a dense fit is cheap to build and factor
# unproven: more tell it better and leave less to fit on
HELD_OUT = 5  # one record in so many tells the slope of the margins
SLOPE_RECORDS = 10_000  # more would not move it; cost: a second fit of so many
SLOPES = np.geomspace(0.25, 32, 57)  # cost: the ends of the grid; which of them is chosen on held-out records
ONE_AT_A_TIME = Lock()  # its random numbers belong to the process: two fits on two threads would take each other's


@dataclass(frozen=True)
class Linear(Learner):
    """Logistic regression for classes, ridge regression for numbers; for text a linear support vector machine.

    Wants scaled features without gaps. One weight a feature: it cannot step around a wrong value, so that faults in
    the data show in it before they show in trees.

    Parameters
    ----------
    strength : float
        Inverse of the penalty on dense features, > 0.
    text_strength : float
        The same on sparse features, whose rows have length 1. There the squared hinge loss decides, which is faster
        and finds more than the logistic; its margins become probabilities by one slope, fitted on held-out records.
    classes : int
        Number of classes, 0 to take it from the target.
    monotone : tuple of (feature, direction)
        Dense features whose weight may only be positive (1) or negative (-1), for two classes or numbers.
    """

    part: ClassVar[str] = "fragile"
    effort: ClassVar[int] = 1

    strength: float = 1.0
    text_strength: float = 1.0
    classes: int = 0
    monotone: Directions = ()

    def fit(
        self, features: Any, target: np.ndarray, seed: int = 0, *, weights: np.ndarray | None = None
    ) -> "LinearModel":
        """Learn from features (n, d), dense float32 or CSR, and class codes or numbers (n,), each of some weight."""
        cost: dict[str, float] = {}
        with measured(cost), one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a fit stopped at its last step is still the same fit on every arm
            if self.monotone and not isinstance(features, np.ndarray):
                raise OptionError("[train] monotone does not apply to columns of text", "Leave it out")
            if weights is not None and self.monotone:
                raise OptionError("[train] monotone does not go with weights of records", "Leave one of them out")
            if not is_classes(target):
                return self._ridge(features, target, cost, weights)
            k = class_count(target, self.classes)
            refuse_many(self.monotone, k)
            present = np.unique(target)
            if len(present) == 1:
                return LinearModel(np.zeros((features.shape[1], 1)), np.zeros(1), present, k, cost)
            slopes, bias = self._weigh(features, target, seed, weights)
        return LinearModel(slopes, bias, present, k, cost)

    def suits(self, schema: Schema, classes: int | None = None) -> bool:
        """Wherever pictures alone are not told apart, which ``LeastSquares`` does on their patches."""
        return super().suits(schema, classes) and not (schema.task == "classification" and pictures_alone(schema))

    def called(self, schema: Schema) -> str:
        if schema.task == "regression":
            return "ridge regression"
        return "support vector machine" if schema.with_role(Role.TEXT) else "logistic regression"

    def from_file(self, path: str, schema: Schema) -> tuple[str, str, Learner] | None:
        """On the vectors of a Hugging Face model for texts."""
        if not schema.with_role(Role.TEXT) or not is_encoder(path):
            return None
        return f"vectors of {Path(path).name} ({encoder_digest(path)})", "vectors", self

    def _ridge(self, features: Any, target: np.ndarray, cost: dict[str, float], weights: Any) -> "LinearModel":
        from sklearn.linear_model import Ridge

        dense = isinstance(features, np.ndarray)
        if self.monotone:
            limits = limits_of(self.monotone, features.shape[1])
            slopes, bias = bounded_ridge(features.astype(np.float64), target, self.strength, limits)
            return LinearModel(slopes.reshape(-1, 1), np.array([bias]), np.zeros(0, np.int64), 0, cost)
        wide = dense and features.shape[1] <= NEWTON_FEATURES
        strength = self.strength if dense else self.text_strength
        model = Ridge(alpha=1 / strength, solver="cholesky" if wide else "sparse_cg", tol=1e-6)
        model.fit(features.astype(np.float64), target, sample_weight=weights)
        return LinearModel(model.coef_.reshape(-1, 1), np.array([model.intercept_]), np.zeros(0, np.int64), 0, cost)

    def _weigh(self, features: Any, target: np.ndarray, seed: int, weights: Any) -> tuple[np.ndarray, np.ndarray]:
        if self.monotone:
            limits = limits_of(self.monotone, features.shape[1])
            truth = (target == target.max()).astype(np.float64)
            bounded, start = bounded_logistic(features.astype(np.float64), truth, self.strength, limits)
            return bounded.reshape(-1, 1), np.array([start])
        if isinstance(features, np.ndarray):
            from sklearn.linear_model import LogisticRegression

            few = features.shape[1] <= NEWTON_FEATURES and len(np.unique(target)) <= NEWTON_CLASSES
            solver = "newton-cholesky" if few else "lbfgs"
            model = LogisticRegression(C=self.strength, solver=solver, max_iter=100, tol=1e-4, random_state=seed)
            # In float32 Newton's steps cost a quarter and end at the same weights to six digits.
            model.fit(np.asarray(features, np.float32), target, sample_weight=weights)
            return model.coef_.T.astype(np.float64), model.intercept_.astype(np.float64)
        features = features.astype(np.float64)
        counts = np.ones(len(target)) if weights is None else weights
        slopes, bias = self._margins(features, target, seed, counts)
        return (slope := self._slope(features, target, seed, counts)) * slopes, bias * slope

    def _margins(self, features: Any, target: np.ndarray, seed: int, counts: Any) -> tuple[np.ndarray, np.ndarray]:
        from sklearn.svm import LinearSVC

        model = LinearSVC(C=self.text_strength, random_state=seed, max_iter=200)
        with ONE_AT_A_TIME:
            model.fit(features, target, counts)
        return model.coef_.T, model.intercept_

    def _slope(self, features: Any, target: np.ndarray, seed: int, counts: np.ndarray) -> float:
        """The slope that makes margins of unseen records the best log-odds; it moves no decision."""
        drawn, classes = (
            np.sort(np.random.default_rng(seed).permutation(len(target))[:SLOPE_RECORDS]),
            len(np.unique(target)),
        )
        features, target, counts = features[drawn], target[drawn], counts[drawn]
        unseen = np.random.default_rng(seed).permutation(len(target)) % HELD_OUT == 0
        present, code = np.unique(target, return_inverse=True)
        if len(np.unique(target[~unseen])) < len(present) or len(present) < classes or not unseen.any():
            return 2.0
        slopes, bias = self._margins(features[~unseen], target[~unseen], seed, counts[~unseen])
        margins = np.asarray(features[unseen] @ slopes) + bias
        losses = []
        for slope in SLOPES:
            likelihood = probabilities(margins * slope, len(present))[np.arange(int(unseen.sum())), code[unseen]]
            losses.append(-(counts[unseen] * np.log(np.maximum(likelihood, 1e-15))).sum())
        return float(SLOPES[int(np.argmin(losses))])

    def drivers(self, model: Any, train: np.ndarray, target: np.ndarray, asked: np.ndarray) -> np.ndarray:
        weights, bias = model.weights[:, 0], float(model.bias[0])
        return linear_drivers(weights, bias, train, target, asked, self.strength)


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
        with one_thread(numpy_alone=True):
            answer = np.asarray(features @ self.weights) + self.bias
        if not self.classes:
            return np.asarray(answer[:, 0])
        return spread(probabilities(answer, len(self.present)), self.present, self.classes)

    def to_onnx(self, graph: Graph, blocks: Written, any_input: str) -> str:
        """The nodes of ``predict``."""
        answer = onnx_answers.weighed(graph, self.weights, self.bias, blocks, any_input)
        return onnx_answers.chances(graph, answer, self.present, self.classes)

    def explain(self, features: np.ndarray, background: np.ndarray, output: int = 0) -> tuple[float, np.ndarray]:
        """The mean margin, and what each feature adds to it in each record."""
        return linear_parts(features, self.weights[:, output], float(self.bias[output]), background)
