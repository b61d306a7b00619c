"""People and items as points of one space, fitted by least squares from what people did, not from what they said."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.ranking_models import ItemFactors
from karat.train.threads import one_thread


@dataclass(frozen=True)
class ImplicitALS(Learner):
    """Factors for people and items; an event is a confident 1, its absence an unsure 0.

    Every step solves one small system a person or an item, exactly. A person never seen is folded in from a history.

    Parameters
    ----------
    factors : int
        Dimensions of the space, >= 1.
    penalty : float
        On the factors, > 0.
    confidence : float
        How much surer an event is than its absence, > 0.
    sweeps : int
        Times that people and items are fitted in turn.

    Source: Hu, Koren & Volinsky (2008), Collaborative filtering for implicit feedback datasets.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})
    effort: ClassVar[int] = 2

    factors: int = 32
    penalty: float = 8.0
    confidence: float = 2.0
    sweeps: int = 12

    def fit(self, features: Any, target: np.ndarray | None = None, seed: int = 0) -> ItemFactors:
        """Learn from histories (users, items) in CSR; the seed places the items at the start."""
        from karat.kernels.ranking import solve_rows

        cost: dict[str, float] = {}
        with measured(cost), one_thread():
            by_user = features.tocsr()
            by_item = features.T.tocsr()
            chance = np.random.default_rng(seed)
            items = chance.normal(0, 0.1, (by_item.shape[0], self.factors))
            users = np.zeros((by_user.shape[0], self.factors))
            ridge = self.penalty * np.eye(self.factors)
            for _ in range(self.sweeps):
                for side, fixed, out in ((by_user, items, users), (by_item, users, items)):
                    weights = self.confidence * side.data.astype(np.float64)
                    solve_rows(side.indptr, side.indices, weights, fixed, fixed.T @ fixed + ridge, out)
        return ItemFactors(items, np.zeros(len(items)), self.penalty, self.confidence, users, None, cost)
