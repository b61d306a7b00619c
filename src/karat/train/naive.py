"""The answer that looks at nothing."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from karat.core.onnx_graph import Graph, Written
from karat.core.unit import Learner
from karat.train import onnx_answers
from karat.train.cost import measured
from karat.train.probabilities import class_count, is_classes


@dataclass(frozen=True)
class Naive(Learner):
    """Predicts the share of each class, or the mean: what a model must beat to be worth anything.

    Parameters
    ----------
    classes : int
        Number of classes, 0 to take it from the target.
    """

    name: ClassVar[str] = "naive"
    features: ClassVar[str] = "trees"
    part: ClassVar[str] = "naive"

    classes: int = 0

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> "NaiveModel":
        """Counts or averages the target (n,); the features are not read."""
        del features, seed
        cost: dict[str, float] = {}
        with measured(cost):
            if is_classes(target):
                counts = np.bincount(target, minlength=class_count(target, self.classes))
                answer = counts / max(counts.sum(), 1)
            else:
                answer = np.array([target.mean()])
        return NaiveModel(answer, is_classes(target), cost)


@dataclass(frozen=True, eq=False)
class NaiveModel:
    """One answer for all: shares (k,) or a mean (1,)."""

    answer: np.ndarray
    classification: bool
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) probabilities or (n,) numbers, all rows alike."""
        n = features.shape[0]
        return np.tile(self.answer, (n, 1)) if self.classification else np.full(n, self.answer[0])

    def to_onnx(self, graph: Graph, blocks: Written, any_input: str) -> str:
        """The nodes of ``predict``."""
        if not self.classification:
            return onnx_answers.constant(graph, self.answer, any_input)
        with np.errstate(divide="ignore"):
            return graph.add("Exp", onnx_answers.constant(graph, np.log(self.answer), any_input))
