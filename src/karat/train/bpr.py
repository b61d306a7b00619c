"""Order learned from pairs: what a person chose should stand above what the person did not."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.ranking_models import ItemFactors, mean_item
from karat.train.threads import one_thread

# unproven: less follows rare items, more flattens; the map is measured in benchmarks/recommendation.md
FOLD_RIDGE = 0.01
DRAWS = 10_000_000  # pairs drawn at most; cost: of a longer log each event is drawn less often, twice at least


@dataclass(frozen=True)
class BPR(Learner):
    """Factors for people and items and a weight for each item, by stochastic gradient descent on drawn pairs.

    Parameters
    ----------
    factors : int
        Dimensions of the space, >= 1.
    rate : float
        Length of a step, > 0.
    penalty : float
        On everything that is fitted, >= 0.
    rounds : int
        Times as many pairs are drawn as there are events.

    Source: Rendle et al. (2009), BPR: Bayesian personalized ranking from implicit feedback.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})
    effort: ClassVar[int] = 3

    factors: int = 48
    rate: float = 0.05
    penalty: float = 0.01
    rounds: int = 100

    def competitors(self, items: int, events: int) -> tuple[Learner, ...]:
        """As many rounds as some ten seconds allow."""
        return (replace(self, rounds=max(2, min(self.rounds, DRAWS // max(1, events)))),)

    def fit(self, features: Any, target: np.ndarray | None = None, seed: int = 0) -> ItemFactors:
        """Learn from histories (users, items) in CSR; the seed places the start and draws the pairs."""
        from karat.kernels.ranking import rank_pairs

        cost: dict[str, float] = {}
        with measured(cost), one_thread():
            by_user = features.tocsr().sorted_indices()
            chance = np.random.default_rng(seed)
            users = chance.normal(0, 0.1, (by_user.shape[0], self.factors))
            items = chance.normal(0, 0.1, (by_user.shape[1], self.factors))
            bias = np.zeros(len(items))
            rows = np.repeat(np.arange(by_user.shape[0]), np.diff(by_user.indptr))
            begin = int(chance.integers(1, 1 << 62))
            if by_user.nnz:
                steps = self.rounds * by_user.nnz
                arguments = (rows, by_user.indptr, by_user.indices, users, items, bias)
                rank_pairs(*arguments, steps, self.rate, self.penalty, begin)
            middle = mean_item(by_user, items)
            ridge = FOLD_RIDGE * (np.trace(middle.T @ middle) / self.factors + 1e-9)
            fold = np.linalg.solve(middle.T @ middle + ridge * np.eye(self.factors), middle.T @ users)
        return ItemFactors(items, bias, 1.0, 1.0, users, fold, cost)
