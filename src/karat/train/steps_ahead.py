"""Numbers forecast as what they will have moved by then, one model for all steps ahead."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph, Written
from karat.core.unit import Learner
from karat.train.boosted_trees import BoostedTrees
from karat.train.cost import measured
from karat.train.onnx_ahead import ahead


@dataclass(frozen=True)
class StepsAhead(Learner):
    """Boosted trees on the difference from the last known value, the lags told as differences too.

    Wants the last known value as its first feature, as ``Lags`` gives it, then ``levels`` more features that are
    values of the same series. Levels wander over the years, and a tree cannot follow where it has not been; what a
    series moves by from here, seen from here, is alike at any level. How many steps ahead is a feature like others:
    the forecast is direct, no step is fed with the forecast of the one before.

    Source: Taieb, Bontempi, Atiya & Sorjamaa (2012), strategies for multi-step ahead time series forecasting;
    Makridakis, Spiliotis & Assimakopoulos (2022), M5 accuracy competition.

    Parameters
    ----------
    levels : int
        Features behind the first that are values of the series.
    step : int
        The feature that says how many steps ahead; 0 where all are forecast alike. Near steps and far ones get models
        of their own (1, 2 to 3, 4 to 7, …): what tells of the next hour drowns among the hours of a day.
    trees : BoostedTrees
        What learns the differences.
    """

    tasks = frozenset({"forecasting"})
    tried = False  # the ways of a forecast give it its trees

    levels: int = 0
    step: int = 0
    trees: BoostedTrees = field(default_factory=lambda: BoostedTrees(trees=150, rate=0.08, leaves=24))

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> "StepsAheadModel":
        """Learn from features (n, d) float32 with NaN for gaps, and numbers (n,)."""
        cost: dict[str, float] = {}
        with measured(cost):
            otherwise = float(np.mean(target))
            last = _last(features, otherwise)
            seen, off = seen_from(features, last, self.levels), target - last
            reach = np.log2(np.maximum(features[:, self.step], 1)).astype(np.int64) if self.step else np.zeros(len(off))
            known = np.unique(reach)
            inner = tuple(self.trees.fit(seen[reach == k], off[reach == k], seed) for k in known)
        edges = np.exp2(known[1:]) - 0.5
        return StepsAheadModel(inner, edges, otherwise, self.levels, self.step, cost)


def _last(features: np.ndarray, otherwise: float) -> np.ndarray:
    values = np.asarray(features[:, 0], np.float64)
    return np.where(np.isnan(values), otherwise, values)


def seen_from(features: np.ndarray, last: np.ndarray, levels: int) -> np.ndarray:
    """The features with the values of the series as distances from the last known one; float32."""
    out = np.array(features, np.float32)
    with np.errstate(over="ignore"):  # what lies beyond float32 is as far as can be
        out[:, 1 : 1 + levels] -= last.astype(np.float32)[:, None]
    return out


@dataclass(frozen=True, eq=False)
class StepsAheadModel:
    """The last known value, and what trees add to it.

    Parameters
    ----------
    inner : tuple of TreesModel
    edges : ndarray of float64, shape (len(inner) - 1,)
        Steps ahead from which on the next of them answers.
    otherwise : float
        Taken for the last value where none is known.
    levels : int
        Features behind the first that are told from the last value.
    step : int
        The feature that says how many steps ahead, or 0.
    """

    inner: tuple[Any, ...]
    edges: np.ndarray
    otherwise: float
    levels: int
    step: int = 0
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n,) numbers."""
        out = _last(features, self.otherwise)
        seen = seen_from(features, out, self.levels)
        steps = np.nan_to_num(features[:, self.step].astype(np.float64), nan=0.0) if self.step else np.zeros(len(out))
        which = np.searchsorted(self.edges, steps, side="left")
        for k, inner in enumerate(self.inner):
            mine = which == k
            if mine.any():
                out[mine] += inner.predict(seen[mine])
        return out

    def to_onnx(self, graph: Graph, blocks: Written, any_input: str) -> str:
        """The nodes of ``predict``."""
        return ahead(graph, self, blocks, lambda seen, trees: trees.to_onnx(graph, [seen], any_input))
