"""EASE for catalogues of any size: the weights of the items that most people meet."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from karat.core.onnx_graph import Graph
from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.ease import EASE, MAX_ITEMS, PENALTIES

BEHIND = 1e6  # definition: below every score of an item that has weights


@dataclass(frozen=True, eq=False)
class HeadWeights:
    """Scores of the most met items as weighted sums over a history; all others stand behind them, by popularity.

    Parameters
    ----------
    head : ndarray of int64, shape (m,)
        The items that have weights, rising.
    weights : ndarray of float64, shape (m, m)
    others : ndarray of float64, shape (items,)
        Scores of the items without weights, all far below 0; 0 for those with.
    """

    head: np.ndarray
    weights: np.ndarray
    others: np.ndarray
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, items) scores for histories (n, items) in CSR."""
        out = np.tile(self.others, (features.shape[0], 1))
        out[:, self.head] = np.asarray(features.tocsc()[:, self.head] @ self.weights)
        return out

    def to_onnx(self, graph: Graph, met: str) -> str:
        """The nodes of ``predict`` for what was met, (n, items) float of 0 and 1."""
        shown = graph.add("Gather", met, graph.constant(self.head, np.int64), axis=1)
        own = graph.add("MatMul", shown, graph.constant(self.weights, np.float32))
        place = np.full(len(self.others), len(self.head), np.int64)
        place[self.head] = np.arange(len(self.head))
        zero = graph.add(
            "Mul", graph.add("ReduceSum", met, graph.constant([1], np.int64)), graph.constant([[0]], np.float32)
        )
        spread = graph.add("Gather", graph.concat([own, zero]), graph.constant(place), axis=1)
        return graph.add("Add", spread, graph.constant(self.others[None, :], np.float32))


@dataclass(frozen=True)
class HeadEASE(Learner):
    """EASE on the items that most people have met, where a catalogue is too large for a matrix of all its items.

    The memory is that of ``most_items`` squared, however many items there are. Items beyond are shown where nothing
    else is left, the popular ones first; a history of them alone says nothing.

    Parameters
    ----------
    penalty : float
        As in ``EASE``, > 0; found on held-out events.
    most_items : int
        Items that get weights, >= 1.

    Source: Steck (2019), Embarrassingly shallow autoencoders for sparse data.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})
    effort: ClassVar[int] = 1

    penalty: float = 250.0
    most_items: int = MAX_ITEMS

    def competitors(self, items: int, events: int) -> tuple[Learner, ...]:
        """Several penalties, where the catalogue is too large for ``EASE``."""
        return tuple(replace(self, penalty=penalty) for penalty in PENALTIES) if items > MAX_ITEMS else ()

    def fit(self, features: Any, target: np.ndarray | None = None, seed: int = 0) -> HeadWeights:
        """Learn from histories (users, items) in CSR; there is no target, and no chance in it."""
        cost: dict[str, float] = {}
        with measured(cost):
            popular = np.asarray(features.sum(axis=0), np.float64).ravel()
            head = np.sort(np.argsort(-popular, kind="stable")[: self.most_items])
            weights = EASE(self.penalty).fit(features.tocsc()[:, head].tocsr(), None, seed).weights
            others = popular / max(1.0, popular.max(initial=0.0)) - BEHIND
            others[head] = 0.0
        return HeadWeights(head, weights, others, cost)
