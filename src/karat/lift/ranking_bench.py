"""One split of a proof by ranking: what is asked, and the scores of whatever training events are given."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.errors import OptionError
from karat.prepare.interaction_log import Log, known_pairs, matrix
from karat.prepare.interaction_splits import TimeCut
from karat.train.recipes import learners
from karat.train.recommenders import headline

# Cameron and Miller (2015): fewer than fifty clusters are few: fewer widen the interval, more leave few users in each
BUCKETS = 100  # clusters of users that an interval counts
PLACES = 10  # definition: the 10 of NDCG@10
METRICS = ("NDCG", "RecallAtK", "MRR")


@dataclass(frozen=True)
class RankingRecipe:
    """The learner of the headline, and the metric.

    Parameters
    ----------
    learner : str
        Its code: EASE, or ItemKNN where the catalogue is large.
    """

    learner: str
    metric: str = "NDCG"

    @classmethod
    def of(cls, items: int, metric: str | None) -> "RankingRecipe":
        """The recipe for a catalogue of some size. Raises OptionError for a metric that ranks nothing."""
        if metric is not None and metric not in METRICS:
            raise OptionError.unknown("metric of a ranking", metric, METRICS, "--metric")
        return cls(headline(items).code(), metric or "NDCG")

    def fit(self, histories: Any) -> Any:
        """The fitted model."""
        learner = next(unit for unit in learners("ranking") if unit.code() == self.learner)
        return learner.fit(histories, np.zeros(0), 0)

    def each(self, truth: Any, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(users,) score and number of held-out items of each user."""
        from karat.evaluate.mrr import MRR
        from karat.evaluate.ndcg import NDCG
        from karat.evaluate.recall_at import RecallAtK

        metrics = {"NDCG": NDCG(PLACES), "RecallAtK": RecallAtK(PLACES), "MRR": MRR(PLACES)}
        return metrics[self.metric].each(truth, shown)


@dataclass(eq=False)
class RankingBench:
    """One split: what is asked, and the scores of whatever training events are given; equal ones are fitted once.

    All arms are asked with the same raw histories and about the same raw held-out events; only what the model learned
    from differs.
    """

    log: Log
    cut: TimeCut
    recipe: RankingRecipe
    memory: dict[bytes, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        log = self.log
        train, test = (known_pairs(log, at) for at in (self.cut.train, self.cut.test))
        self.met = np.unique(train[:, 1])  # a catalogue of what anybody had met by then
        self.place = np.full(log.shape[1] + 1, -1)
        self.place[self.met] = np.arange(len(self.met))
        shape = (log.shape[0], len(self.met))
        history = matrix(self._local(train), shape, once=True)
        truth = matrix(self._local(test), shape, once=True)
        truth = truth - truth.multiply(history)  # what was met before is not shown again
        truth.eliminate_zeros()
        self.asked = np.flatnonzero((np.diff(truth.indptr) > 0) & (np.diff(history.indptr) > 0))
        self.history, self.truth = history[self.asked], truth[self.asked]

    def _local(self, pairs: np.ndarray) -> np.ndarray:
        local = np.stack([pairs[:, 0], self.place[pairs[:, 1]]], axis=1)
        return local[local[:, 1] >= 0]

    def scores(self, pairs: np.ndarray) -> np.ndarray:
        """(asked,) each asked user's score by a model of some training events (m, 2)."""
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        key = hashlib.sha256(np.ascontiguousarray(pairs[order]).tobytes()).digest()
        if key not in self.memory:
            self.memory[key] = self._fitted(pairs)
        return self.memory[key]

    def _fitted(self, pairs: np.ndarray) -> np.ndarray:
        from karat.evaluate.hit_rate import top_items

        local = self._local(pairs)
        if not len(local):
            return np.zeros(len(self.asked))
        model = self.recipe.fit(matrix(local, (self.log.shape[0], len(self.met))))
        shown = top_items(model.predict(self.history).astype(np.float64), self.history, PLACES)
        return self.recipe.each(self.truth, shown)[0]

    def sums(self, values: np.ndarray) -> list[float]:
        """Values of the asked users summed by cluster."""
        totals = np.bincount(self.log.clusters(BUCKETS)[self.asked], weights=values, minlength=BUCKETS)
        return [float(total) for total in totals]
