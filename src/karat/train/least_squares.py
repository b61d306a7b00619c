"""Weights for many dense features at once, in closed form: what pictures become is learned from in a second."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.schema import Schema, pictures_alone
from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.linear import LinearModel
from karat.train.probabilities import class_count, probabilities
from karat.train.threads import one_thread

# cost: the grid; which of them is chosen by leaving out each record
PENALTIES = np.geomspace(1e-3, 1.0, 10)  # beside the mean square of a feature, times the records
# IEEE 754, whose eps is 1.2e-7 there
FAINT = 1e-6  # beside the widest axis: one that single precision cannot tell from none
CHUNK = 1024  # records whose squares are held at a time; cost: memory
SLOPES = np.geomspace(0.5, 64, 43)  # cost: the ends of the grid; which of them is chosen by leaving out each record


@dataclass(frozen=True)
class LeastSquares(Learner):
    """Ridge regression on the classes, its penalty and its certainty told by leaving out each record in turn.

    One factorisation gives the weights for every penalty and what each record would be answered without it, so that
    nothing is fitted twice. On a thousand features of pictures it answers about a point less well than logistic
    regression, without its many steps.

    Source: Rifkin & Lippert (2007), Notes on regularized least squares.

    Parameters
    ----------
    classes : int
        Number of classes, 0 to take it from the target.
    """

    name: ClassVar[str] = "least squares on patches"
    part: ClassVar[str] = "fragile"

    classes: int = 0
    tasks = frozenset({"classification"})

    def suits(self, schema: Schema, classes: int | None = None) -> bool:
        """Where pictures alone are told apart."""
        return super().suits(schema, classes) and pictures_alone(schema)

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> LinearModel:
        """Learn from features (n, d), dense float32, and class codes (n,) int."""
        cost: dict[str, float] = {}
        with measured(cost), one_thread(numpy_alone=True):
            k = class_count(target, self.classes)
            present, code = np.unique(target, return_inverse=True)
            if len(present) == 1:
                return LinearModel(np.zeros((features.shape[1], 1)), np.zeros(1), present, k, cost)
            weights, bias = _weighed(np.asarray(features, np.float32), code, len(present))
        return LinearModel(weights, bias, present, k, cost)


def _weighed(features: np.ndarray, code: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    centre = features.mean(axis=0)
    wanted = np.full((len(code), classes), -1.0 / classes, np.float32)
    wanted[np.arange(len(code)), code] += 1
    base = wanted.mean(axis=0)
    wanted -= base
    turned, values, axes = _turned(features - centre)
    products = turned.T @ wanted
    scale = max(float(values.sum()) / features.shape[1], 1e-12)
    left_out = _left_out(turned, products, wanted, (1 / (values + PENALTIES[:, None] * scale)).astype(np.float32))
    best = int(np.argmin(((left_out - wanted) ** 2).sum(axis=(1, 2), dtype=np.float64)))
    slope = _slope(left_out[best] + base, code, classes)
    weights = axes.astype(np.float64) @ (products / (values + PENALTIES[best] * scale)[:, None])
    bias = base.astype(np.float64) - centre @ weights
    if classes == 2:
        return slope * (weights[:, 1:] - weights[:, :1]), slope * (bias[1:] - bias[:1])
    return slope * weights, slope * bias


def _turned(centred: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centred features (n, d) in the axes of their covariance (n, r), its values (r,), and the axes (d, r).

    Of fewer records than features the axes are those of their products with each other, which are fewer.
    """
    wide = centred.shape[1] > centred.shape[0]
    values, axes = np.linalg.eigh((centred @ centred.T if wide else centred.T @ centred).astype(np.float64))
    values = np.maximum(values, 0)
    if not wide:
        axes = axes.astype(np.float32)
        return centred @ axes, values, axes
    some = values >= max(FAINT * values[-1], 1e-30)
    values, axes = values[some], axes[:, some]
    turned, back = (axes * np.sqrt(values)).astype(np.float32), (axes / np.sqrt(values)).astype(np.float32)
    return turned, values, centred.T @ back


def _left_out(turned: np.ndarray, products: np.ndarray, wanted: np.ndarray, shrunk: np.ndarray) -> np.ndarray:
    """(p, n, m) what each record is answered by a fit without it, for p ways to shrink the axes.

    Parameters
    ----------
    turned : ndarray of float32, shape (n, d)
        Centred features in the axes of their covariance.
    products : ndarray of float32, shape (d, m)
        Their products with ``wanted`` (n, m).
    shrunk : ndarray of float32, shape (p, d)
    """
    n, m = wanted.shape
    answer = turned @ (products[:, None] * shrunk.T[:, :, None]).reshape(len(products), len(shrunk) * m)
    leverage = np.concatenate([np.square(turned[at : at + CHUNK]) @ shrunk.T for at in range(0, n, CHUNK)])
    leverage += np.float32(1 / n)
    answer = answer.reshape(n, len(shrunk), m).transpose(1, 0, 2)
    kept = np.maximum(1 - leverage.T, np.float32(1e-3))[:, :, None]
    return wanted - (wanted - answer) / kept


def _slope(answers: np.ndarray, code: np.ndarray, classes: int) -> float:
    """The slope that makes answers to records left out the best log-odds; it moves no decision."""
    margins = answers[:, 1:] - answers[:, :1] if classes == 2 else answers
    losses = []
    for slope in SLOPES:
        likelihood = probabilities(margins * slope, classes)[np.arange(len(code)), code]
        losses.append(-np.log(np.maximum(likelihood, 1e-15)).sum())
    return float(SLOPES[int(np.argmin(losses))])
