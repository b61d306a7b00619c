"""A card of points: what lenders can read aloud, and defend."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.errors import OptionError
from karat.core.onnx_graph import Graph, Written
from karat.core.schema import Role, Schema
from karat.core.unit import Learner
from karat.train import onnx_answers
from karat.train.additive_parts import crossed_parts
from karat.train.cost import measured
from karat.train.crossings import Crossing, best_crossing
from karat.train.monotone_fit import Directions, bounded_logistic
from karat.train.onnx_card import card_parts
from karat.train.probabilities import class_count, is_classes, probabilities, spread
from karat.train.threads import one_thread

# unproven: less follows single records; crossings are measured in benchmarks/credit_risk.md
CELL_PRIOR = 50.0  # records without a correction that each crossed cell is thought to hold
# unproven: less crosses by chance; none is crossed on German credit (benchmarks/credit_risk.md)
LEAST_WORTH = 12.0  # nats beyond chance: the best of hundreds of pairs is tried


@dataclass(frozen=True)
class Scorecard(Learner):
    """Logistic regression on weights of evidence, no weight below 0: more evidence of risk never lowers the risk.

    Wants features that are evidence for the second of two classes. A weight that would turn negative would punish in
    one bin what its rate rewards, which nobody can explain to an applicant; it becomes 0 instead. What pairs of columns
    say beyond their sum is added as crossed characteristics, few and each a table that can be printed.
    Source: Siddiqi (2006), Credit Risk Scorecards.

    Parameters
    ----------
    strength : float
        Inverse of the penalty, > 0.
    crossings : int
        Most crossed characteristics; 0 keeps every column's points apart.
    classes : int
        Number of classes, 0 to take it from the target; 2 at most.
    monotone : tuple of (feature, direction)
        Features whose bins were ordered to rise or fall: they are crossed with nothing, since a table of two columns
        may turn the order of one.
    double, base, base_odds : float
        The lenders' scale: points that double the odds of paying back, and the score at which so many pay back for
        each that does not.
    """

    tasks = frozenset({"classification"})
    kinds = frozenset({"table"})
    name = "scorecard"
    features = "evidence"
    effort = 2

    strength: float = 1.0
    crossings: int = 6
    classes: int = 0
    monotone: Directions = ()
    double: float = 20.0
    base: float = 600.0
    base_odds: float = 50.0

    def suits(self, schema: Schema, classes: int | None = None) -> bool:
        """Two classes, and columns of numbers or categories to give points for."""
        columns = schema.with_role(Role.NUMBER, Role.CATEGORY)
        return super().suits(schema, classes) and classes in (None, 2) and bool(columns)

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> "ScorecardModel":
        """Learn from evidence (n, d) and class codes (n,) int.

        Raises
        ------
        OptionError
            More than two classes, or numbers to predict.
        """
        del seed
        k = class_count(target, self.classes) if is_classes(target) else 0
        if not 1 <= k <= 2:
            raise OptionError(
                "Scorecard needs a target of two classes, and this one has " + (f"{k}" if k else "numbers"),
                "Use another learner",
            )
        cost: dict[str, float] = {}
        scale = (self.double, self.base, self.base_odds)
        present = np.unique(target)
        with measured(cost), one_thread():
            dense = np.asarray(features, np.float64)
            if len(present) == 1:
                return ScorecardModel(np.zeros(dense.shape[1]), 0.0, present, k, (), scale, cost)
            truth = (target == present[1]).astype(np.float64)
            weights, bias = _weighed(dense, truth, self.strength)
            crossed: list[Crossing] = []
            free = np.array(sorted(set(range(dense.shape[1])) - dict(self.monotone).keys()), np.int64)
            while len(crossed) < self.crossings and len(free) > 1:
                probability = 1 / (1 + np.exp(-np.clip(_whole(dense, crossed) @ weights + bias, -500, 500)))
                crossing, worth = best_crossing(
                    dense, truth - probability, probability * (1 - probability), CELL_PRIOR, free
                )
                if worth < LEAST_WORTH:
                    break
                crossed.append(crossing)
                weights, bias = _weighed(_whole(dense, crossed), truth, self.strength)
        return ScorecardModel(weights, bias, present, k, tuple(crossed), scale, cost)


def _weighed(features: np.ndarray, truth: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
    """Weights (d,) >= 0 and bias."""
    return bounded_logistic(features, truth, strength, [(0.0, None)] * features.shape[1], start=0.5)


def _whole(features: np.ndarray, crossed: Sequence[Crossing]) -> np.ndarray:
    """The features, and the corrections of crossings behind them."""
    return np.column_stack([features, *(crossing.apply(features) for crossing in crossed)]) if crossed else features


@dataclass(frozen=True, eq=False)
class ScorecardModel:
    """Log-odds of the second class: ``evidence @ weights + bias``.

    Parameters
    ----------
    weights : ndarray of float64, shape (d + crossings,)
        Not negative.
    present : ndarray of int64
        Codes of the classes met in training, rising.
    crossed : tuple of Crossing
        Their corrections are features too, behind the others.
    scale : (double, base, base_odds)
        As in ``Scorecard``.
    """

    weights: np.ndarray
    bias: float
    present: np.ndarray
    classes: int
    crossed: tuple[Crossing, ...] = ()
    scale: tuple[float, float, float] = (20.0, 600.0, 50.0)
    cost: dict[str, float] = field(default_factory=dict)

    @property
    def factor(self) -> float:
        """Points that one unit of log-odds takes away."""
        return float(self.scale[0] / np.log(2))

    @property
    def start(self) -> float:
        """The score of a record without evidence."""
        return float(self.scale[1] - self.factor * (np.log(self.scale[2]) + self.bias))

    def points(self, features: Any) -> np.ndarray:
        """(n, d + crossings) points of each feature and crossing; with ``start`` they sum to the score."""
        return np.asarray(-self.factor * self.parts(features))

    def margin(self, features: Any) -> np.ndarray:
        """(n,) log-odds of the second class."""
        with one_thread():
            return np.asarray(self.parts(features).sum(1) + self.bias)

    def parts(self, features: Any) -> np.ndarray:
        """(n, d + crossings) what each feature and crossing adds to the log-odds; with the bias they sum to it."""
        return np.asarray(_whole(np.asarray(features, np.float64), self.crossed) * self.weights)

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) class probabilities."""
        if len(self.present) == 1:
            return spread(np.ones((len(features), 1)), self.present, self.classes)
        return spread(probabilities(self.margin(features)[:, None], 2), self.present, self.classes)

    def to_onnx(self, graph: Graph, blocks: Written, any_input: str) -> str:
        """The nodes of ``predict``."""
        if not blocks:
            answer = onnx_answers.constant(graph, np.array([self.bias]), any_input)
        else:
            parts = self.parts_to_onnx(graph, blocks)
            total = graph.add("ReduceSum", parts, graph.constant([1], np.int64), keepdims=1)
            answer = graph.add("Add", total, graph.constant([[self.bias]], np.float64))
        return onnx_answers.chances(graph, answer, self.present, self.classes)

    def parts_to_onnx(self, graph: Graph, blocks: Written) -> str:
        """The nodes of ``parts``."""
        return card_parts(graph, self, blocks)

    def explain(self, features: np.ndarray, background: np.ndarray, output: int = 0) -> tuple[float, np.ndarray]:
        """The log-odds of a record without evidence, and what each column adds; crossed tables by halves."""
        return crossed_parts(features, self)
