"""The textbook learner: start somewhere, step against the gradient, watch the loss."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from karat.core.errors import InputError
from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.linear import LinearModel
from karat.train.probabilities import class_count, is_classes, probabilities
from karat.train.threads import one_thread

# unproven: fewer give up on a bump, more watch it diverge
PATIENCE = 10  # epochs in a row in which the loss may rise before the rate is called too high
TINY = 1e-12  # cost: steps of a loss that falls by less, beside itself, move only the last digits


class DivergedError(InputError):
    """The loss rises instead of falling; ``losses`` holds it up to the stop."""

    losses: np.ndarray


@dataclass(frozen=True)
class GradientDescent(Learner):
    """``y = w x + b`` by full steps down the mean squared error, or the cross-entropy for classes.

    Source: Cauchy (1847); Bottou, Curtis & Nocedal (2018), SIAM Review 60, section 4 on how large a step may be.

    Parameters
    ----------
    rate : float
        Length of a step, > 0. Steps longer than 2 / (largest curvature of the loss) diverge.
    epochs : int
        Most steps; it stops before when the loss no longer falls.
    start_weight, start_bias : float
        Where every weight and the bias begin.
    classes : int
        Number of classes, 0 to take it from the target.
    """

    name: ClassVar[str] = "gradient descent"
    tried: ClassVar[bool] = False

    rate: float = 0.1
    epochs: int = 5_000
    start_weight: float = 1.0
    start_bias: float = 1.0
    classes: int = 0

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> "DescentModel":
        """Learn from features (n, d) and class codes (n,) int or numbers (n,) float; the seed is not used.

        Raises
        ------
        DivergedError
            When the loss rises ``PATIENCE`` epochs in a row or leaves the numbers.
        """
        del seed
        cost: dict[str, float] = {}
        with measured(cost), one_thread(), np.errstate(over="ignore", invalid="ignore"):
            x = features.astype(np.float64)
            if not is_classes(target):
                weights, bias, losses = self._descend(x, target.astype(np.float64)[:, None], classes=0)
                return DescentModel(weights, bias, np.zeros(0, np.int64), 0, cost, losses)
            k = class_count(target, self.classes)
            present, code = np.unique(target, return_inverse=True)
            wanted = np.eye(len(present))[code]
            wanted = wanted[:, 1:] if len(present) == 2 else wanted
            weights, bias, losses = self._descend(x, wanted, classes=len(present))
        return DescentModel(weights, bias, present, k, cost, losses)

    def _descend(self, x: Any, wanted: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        weights = np.full((x.shape[1], wanted.shape[1]), self.start_weight)
        bias = np.full(wanted.shape[1], self.start_bias)
        losses: list[float] = []
        rising = 0
        for _ in range(self.epochs):
            answer = np.asarray(x @ weights) + bias
            loss, slope = _loss(answer, wanted, classes)
            rising = rising + 1 if losses and not loss <= losses[-1] else 0
            settled = bool(losses) and 0 <= losses[-1] - loss <= TINY * max(losses[-1], TINY)
            losses.append(loss)
            if rising >= PATIENCE or not np.isfinite(loss):
                raise self._diverged(x, losses, classes)
            if settled:
                break
            weights = weights - self.rate * np.asarray(x.T @ slope)
            bias = bias - self.rate * slope.sum(0)
        return weights, bias, np.array(losses)

    def _diverged(self, x: Any, losses: list[float], classes: int) -> DivergedError:
        limit = 2 / _curvature(x, classes)
        error = DivergedError(
            f"the loss of GradientDescent rose from {losses[0]:.3g} to {losses[-1]:.3g} in {len(losses)} epochs: "
            f"steps of {self.rate:g} overshoot, the steepest direction allows {limit:.2g}",
            f"Scale the features in prepare (ScaleNumbers), or choose a rate below {limit:.2g}",
        )
        error.losses = np.array(losses)
        return error


def _loss(answer: np.ndarray, wanted: np.ndarray, classes: int) -> tuple[float, np.ndarray]:
    """The mean loss, and its derivative by each answer (n, m)."""
    n = len(wanted)
    if not classes:
        off = answer - wanted
        return float((off**2).sum() / n), 2 * off / n
    probability = probabilities(answer, classes)
    probability = probability[:, 1:] if wanted.shape[1] == 1 and classes == 2 else probability
    kept = np.clip(probability, 1e-15, 1 - 1e-15)
    surprise = wanted * np.log(kept) + ((1 - wanted) * np.log(1 - kept) if wanted.shape[1] == 1 else 0)
    return float(-surprise.sum() / n), (probability - wanted) / n


def _curvature(x: Any, classes: int) -> float:
    """The largest curvature of the loss (a bound, for classes), by power iteration on the features with a bias."""
    direction = np.ones(x.shape[1] + 1)
    size = 1.0
    for _ in range(100):
        direction = direction / np.linalg.norm(direction)
        along = np.asarray(x @ direction[:-1]) + direction[-1]
        direction = np.append(np.asarray(x.T @ along), along.sum()) / x.shape[0]
        size = float(np.linalg.norm(direction))
    return size * (2.0 if not classes else 0.25 if classes == 2 else 0.5)


@dataclass(frozen=True, eq=False)
class DescentModel(LinearModel):
    """A linear model with the loss before each step."""

    losses: np.ndarray = field(default_factory=lambda: np.zeros(0))
