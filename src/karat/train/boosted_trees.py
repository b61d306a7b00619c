"""Many small trees, each mending the error of those before: the robust learner."""

import warnings
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from karat.core.onnx_graph import Graph, Written
from karat.core.schema import Role, Schema
from karat.core.unit import Learner
from karat.train import onnx_answers
from karat.train.additive_parts import tree_parts
from karat.train.cost import measured
from karat.train.monotone_fit import refuse_many
from karat.train.probabilities import class_count, is_classes, spread
from karat.train.threads import one_thread
from karat.train.training_drivers import tree_drivers
from karat.train.tree_growth import fitted

WIDE_CELLS = 128_000  # cost: beyond 501 features histograms get coarser, on every arm alike; time against fineness

MANY_CLASSES = 20  # cost: beyond, fewer rounds; time against fit
LEAST_ROUNDS = 8  # cost: however many classes there are


@dataclass(frozen=True)
class BoostedTrees(Learner):
    """Gradient boosting on histograms; gaps (NaN) take the side that fits best.

    Fixed settings on every arm, no early stopping: a stop chosen on a part of the data would differ between arms.
    Source: Friedman (2001); Ke et al. (2017), LightGBM.

    Parameters
    ----------
    trees : int
        Rounds; fewer for more than 20 classes, since each round grows a tree a class.
    rate : float
        Share of each tree that counts, in (0, 1].
    leaves : int
        Most leaves a tree.
    penalty : float
        On the size of leaf values, >= 0.
    share : float
        Of the features that each split may choose from, in (0, 1].
    classes : int
        Number of classes, 0 to take it from the target.
    monotone : tuple of (feature, direction)
        Features along which the answer may only rise (1) or fall (-1), for two classes or numbers: more debt must
        never lower the risk, whatever a few records say.
    """

    name: ClassVar[str] = "boosted trees"
    features: ClassVar[str] = "trees"
    part: ClassVar[str] = "robust"
    effort: ClassVar[int] = 3

    trees: int = 60
    rate: float = 0.12
    leaves: int = 12
    penalty: float = 5.0
    share: float = 0.5
    classes: int = 0
    monotone: tuple[tuple[int, int], ...] = ()

    def suits(self, schema: Schema, classes: int | None = None) -> bool:
        """Where there is more than texts and pictures, which trees cannot read."""
        return super().suits(schema, classes) and any(c.role not in (Role.TEXT, Role.IMAGE) for c in schema.features)

    def _rounds(self, target: np.ndarray) -> int:
        k = class_count(target, self.classes) if is_classes(target) else 1
        return max(LEAST_ROUNDS, min(self.trees, self.trees * MANY_CLASSES // max(k, 1)))

    def _directions(self, width: int) -> list[int] | None:
        """The direction of each feature, 0 for any; None without constraints."""
        directions = dict(self.monotone)
        return [directions.get(at, 0) for at in range(width)] if directions else None

    def fit(
        self, features: Any, target: np.ndarray, seed: int = 0, *, weights: np.ndarray | None = None
    ) -> "TreesModel":
        """Learn from features (n, d) float32 with NaN for gaps, and class codes (n,) int or numbers (n,) float.

        ``weights``: how much each record counts, (n,); all alike by default.
        """
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        options: dict[str, Any] = {
            "max_iter": self._rounds(target),
            "learning_rate": self.rate,
            "max_leaf_nodes": self.leaves,
            "l2_regularization": self.penalty,
            "max_features": self.share,
            "early_stopping": False,
            "random_state": seed,
        }
        cost: dict[str, float] = {}
        present = np.unique(target) if is_classes(target) else np.zeros(0, np.int64)
        k = class_count(target, self.classes) if is_classes(target) else 0
        refuse_many(self.monotone, k)
        with measured(cost), one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dense = np.asarray(features if isinstance(features, np.ndarray) else features.todense())
            # A feature without one known value cannot be binned; constant, it is never split on.
            gone = np.isnan(dense).all(axis=0)
            dense = np.where(gone, np.float32(0), dense) if gone.any() else dense
            # Wide tables get coarser histograms, whose cost is features x bins.
            options["max_bins"] = max(31, min(255, WIDE_CELLS // dense.shape[1]))
            options["monotonic_cst"] = self._directions(dense.shape[1])
            if k and len(present) == 1:
                return TreesModel(None, present, k, cost)
            trees = HistGradientBoostingClassifier if k else HistGradientBoostingRegressor
            return TreesModel(fitted(trees(**options), dense, target, weights), present, k, cost)

    def drivers(self, model: Any, train: np.ndarray, target: np.ndarray, asked: np.ndarray) -> np.ndarray:
        return tree_drivers(model.trees, train, target, asked, self.penalty, self.rate)


@dataclass(frozen=True, eq=False)
class TreesModel:
    """Scikit-learn's fitted trees (None when training met one class only), and which classes they know."""

    trees: Any
    present: np.ndarray
    classes: int
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) class probabilities, or (n,) numbers."""
        dense = np.asarray(features if isinstance(features, np.ndarray) else features.todense())
        if self.trees is None:
            return spread(np.ones((len(dense), 1)), self.present, self.classes)
        with one_thread():
            if not self.classes:
                return np.asarray(self.trees.predict(dense), np.float64)
            return spread(self.trees.predict_proba(dense), self.present, self.classes)

    def to_onnx(self, graph: Graph, blocks: Written, any_input: str) -> str:
        """The nodes of ``predict``."""
        if self.trees is None:
            answer = onnx_answers.constant(graph, np.zeros(1), any_input)
        else:
            answer = onnx_answers.trees_of(graph, self.trees, blocks, any_input)
        return onnx_answers.chances(graph, answer, self.present, self.classes)

    def explain(self, features: np.ndarray, background: np.ndarray, output: int = 0) -> tuple[float, np.ndarray] | None:
        """The mean margin, and what each feature adds to it in each record; None where there are no trees."""
        return None if self.trees is None else tree_parts(features, self.trees, output)
