"""Items that the same people chose: the oldest recommender, and a sound one where the catalogue is large."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.ranking_models import ItemWeights
from karat.train.threads import one_thread

ITEMS_AT_ONCE = 1024  # cost: memory of their likenesses to all items


@dataclass(frozen=True)
class ItemKNN(Learner):
    """The nearest neighbours of every item by the cosine of their audiences, drawn towards 0 where few met both.

    Parameters
    ----------
    neighbours : int
        Kept for each item, >= 1.
    shrinkage : float
        Added to the denominator: a likeness seen on few people counts less; >= 0.
    damping : float
        Weight of a very active person's event against a rare visitor's: each history is divided by its length to
        this power, in [0, 1]. A robot with a thousand events makes everything alike; this bounds it.

    Source: Sarwar et al. (2001); the shrinkage after Bell & Koren (2007).
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})
    effort: ClassVar[int] = 0

    neighbours: int = 100
    shrinkage: float = 10.0
    damping: float = 0.5

    def fit(self, features: Any, target: np.ndarray | None = None, seed: int = 0) -> ItemWeights:
        """Learn from histories (users, items) in CSR; there is no target, and no chance in it."""
        from scipy import sparse

        cost: dict[str, float] = {}
        with measured(cost), one_thread():
            histories = features.astype(np.float64).tocsr()
            lengths = np.maximum(1, np.diff(histories.indptr))
            damped = sparse.diags_array(lengths**-self.damping) @ histories
            audience = histories.tocsc()
            norms = np.sqrt(np.asarray((damped.multiply(histories)).sum(axis=0)).ravel())
            pull = self.shrinkage * float(np.mean(lengths**-self.damping))
            parts = []
            for start in range(0, histories.shape[1], ITEMS_AT_ONCE):
                stop = min(start + ITEMS_AT_ONCE, histories.shape[1])
                alike = (damped.T @ audience[:, start:stop]).toarray().T
                alike /= np.outer(norms[start:stop], norms) + pull
                alike[np.arange(stop - start), np.arange(start, stop)] = 0.0
                parts.append(sparse.csr_array(_nearest(alike, self.neighbours)))
            weights = sparse.vstack(parts).T.tocsr()
        return ItemWeights(weights, cost)


def _nearest(alike: np.ndarray, count: int) -> np.ndarray:
    """Each row with all but its largest values set to 0."""
    if count < alike.shape[1]:
        limit = np.partition(alike, -count, axis=1)[:, [-count]]
        alike[alike < limit] = 0.0
    return alike
