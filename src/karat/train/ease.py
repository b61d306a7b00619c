"""A linear item-to-item model in closed form: shallow, and hard to beat."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.ranking_models import ItemWeights
from karat.train.threads import one_thread

# cost: 288 MB in float64; ItemKNN takes its place
MAX_ITEMS = 6_000  # beyond it a matrix of items by items is too large to invert in passing
# cost: the grid; which of them is chosen on held-out events (benchmarks/recommendation.md)
PENALTIES = (100.0, 250.0, 600.0)


@dataclass(frozen=True)
class EASE(Learner):
    """How much each item speaks for every other, by ridge regression of every item on all others.

    One inverse of the items' Gram matrix gives all weights at once. A robot's history enters that matrix like a
    person's, so that rubbish in the log bends what everybody is shown. Memory grows with the square of
    the items: from some thousands on ``ItemKNN`` takes its place.

    Parameters
    ----------
    penalty : float
        Ridge penalty on the weights, > 0; the more events an item has, the more is needed. Found on
        held-out events.

    Source: Steck (2019), Embarrassingly shallow autoencoders for sparse data.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})
    effort: ClassVar[int] = 1
    part: ClassVar[str] = "robust"

    penalty: float = 250.0

    def competitors(self, items: int, events: int) -> tuple[Learner, ...]:
        """Several penalties; none for a catalogue too large to invert."""
        return tuple(replace(self, penalty=penalty) for penalty in PENALTIES) if items <= MAX_ITEMS else ()

    def fit(self, features: Any, target: np.ndarray | None = None, seed: int = 0) -> ItemWeights:
        """Learn from histories (users, items) in CSR; there is no target, and no chance in it."""
        cost: dict[str, float] = {}
        with measured(cost), one_thread():
            from scipy.linalg import lapack

            gram = (features.T @ features).toarray().astype(np.float64)
            gram[np.diag_indices_from(gram)] += self.penalty
            factor, _ = lapack.dpotrf(gram, lower=1, overwrite_a=1)
            inverse, _ = lapack.dpotri(factor, lower=1, overwrite_c=1)
            inverse = np.tril(inverse) + np.tril(inverse, -1).T
            weights = inverse / -np.diag(inverse)
            np.fill_diagonal(weights, 0.0)
        return ItemWeights(weights, cost)
