"""The same list for everybody: what most people have met, ever or lately."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from karat.core.onnx_graph import Graph
from karat.core.unit import Learner
from karat.train.cost import measured

SHARES = (1 / 4, 1 / 16, 1 / 64)  # cost: the grid; which of them is chosen on held-out events


@dataclass(frozen=True, eq=False)
class ItemScores:
    """One score an item, whoever asks.

    Parameters
    ----------
    scores : ndarray of float64, shape (items,)
    """

    scores: np.ndarray
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, items) scores for histories (n, items) in CSR."""
        return np.tile(self.scores, (features.shape[0], 1))

    def to_onnx(self, graph: Graph, met: str) -> str:
        """The nodes of ``predict`` for what was met, (n, items) float of 0 and 1."""
        nothing = graph.add("Mul", met, graph.constant([[0]], np.float32))
        return graph.add("Add", nothing, graph.constant(self.scores[None, :], np.float32))


@dataclass(frozen=True)
class Popularity(Learner):
    """Items by how many people have met them: what a recommender has to beat.

    Source: Cremonesi, Koren & Turrin (2010), Performance of recommender algorithms on top-N recommendation tasks.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})
    name: ClassVar[str] = "popularity"
    part: ClassVar[str] = "naive"
    effort: ClassVar[int] = -2

    def fit(self, features: Any, target: np.ndarray | None = None, seed: int = 0) -> ItemScores:
        """Learn from histories (users, items) in CSR; there is no chance in it."""
        cost: dict[str, float] = {}
        with measured(cost):
            scores = np.asarray(features.sum(axis=0), np.float64).ravel()
        return ItemScores(scores, cost)


@dataclass(frozen=True)
class RecentPopularity(Learner):
    """Items by how many people have met them lately: an event counts half as much after each half-life.

    Parameters
    ----------
    half_life : float
        As a share of the time that the log spans, > 0; found on held-out events.

    Source: Ji et al. (2020), A re-visit of the popularity baseline in recommender systems.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})
    part: ClassVar[str] = "naive"
    effort: ClassVar[int] = -1
    reads_ages: ClassVar[bool] = True

    half_life: float = 1 / 16

    def competitors(self, items: int, events: int) -> tuple[Learner, ...]:
        """Several half-lives."""
        return tuple(replace(self, half_life=share) for share in SHARES)

    def fit(self, features: Any, target: np.ndarray | None = None, seed: int = 0) -> ItemScores:
        """Learn from histories (users, items) in CSR and the age of each of their entries; there is no chance in it.

        Parameters
        ----------
        target : ndarray of float64, shape (entries,)
            Age of each entry of ``features``, in their order, as a share of the span of the log; empty or None without
            times, and then every event counts alike.
        """
        cost: dict[str, float] = {}
        with measured(cost):
            ages = np.zeros(features.nnz) if target is None or not len(target) else np.asarray(target, np.float64)
            weights = 0.5 ** (ages / self.half_life)
            scores = np.bincount(features.indices, weights, minlength=features.shape[1]).astype(np.float64)
        return ItemScores(scores, cost)
