"""Several fits of boosted trees that answer together."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph, Written
from karat.train import onnx_answers
from karat.train.additive_parts import tree_parts
from karat.train.probabilities import probabilities, spread
from karat.train.threads import one_thread
from karat.train.tree_tables import TreeTables


@dataclass(frozen=True, eq=False)
class SizedModel:
    """The mean of the margins of several fits.

    Parameters
    ----------
    fits : tuple
        Scikit-learn's trees.
    present : ndarray of int64
        Codes of the classes met in training, rising; empty for numbers.
    classes : int
        Number of classes, 0 for numbers.
    setting : int
        Which of ``karat.train.sized_trees.SETTINGS`` was taken.
    parts : ndarray of int64, shape (n,)
        The fit that each training record was kept back from; -1 where all have seen it.
    """

    fits: tuple[Any, ...]
    present: np.ndarray
    classes: int
    setting: int
    parts: np.ndarray
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) class probabilities, or (n,) numbers."""
        dense = np.asarray(features if isinstance(features, np.ndarray) else features.todense())
        with one_thread():
            if not self.classes:
                return np.asarray(np.mean([trees.predict(dense) for trees in self.fits], axis=0), np.float64)
            margin = np.mean([trees.decision_function(dense) for trees in self.fits], axis=0)
        margin = margin.reshape(len(dense), -1)
        return spread(probabilities(margin, len(self.present)), self.present, self.classes)

    def tables(self) -> TreeTables:
        """All trees, as one ensemble."""
        return TreeTables.mean([TreeTables.of(trees) for trees in self.fits])

    def to_onnx(self, graph: Graph, blocks: Written, any_input: str) -> str:
        """The nodes of ``predict``."""
        answer = onnx_answers.trees_of(graph, self.tables(), blocks, any_input)
        return onnx_answers.chances(graph, answer, self.present, self.classes)

    def explain(self, features: np.ndarray, background: np.ndarray, output: int = 0) -> tuple[float, np.ndarray]:
        """The mean margin, and what each feature adds to it in each record."""
        return tree_parts(features, self.tables(), output)
