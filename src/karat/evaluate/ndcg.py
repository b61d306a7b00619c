"""How high in the list the right items stand."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.evaluate.hit_rate import ListMetric, hits


@dataclass(frozen=True)
class NDCG(ListMetric):
    """Discounted gain of the first k places over that of the best possible list, all held-out items equally relevant.

    Full ranking: every item that the person has not met competes; samples of the catalogue give other orders of
    methods. Source: Järvelin & Kekäläinen (2002); Krichene & Rendle (2020) on sampled metrics.

    Parameters
    ----------
    k : int
        Places shown, >= 1.
    """

    def each(self, truth: Any, answer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) float per person, 0 where nothing is held out; and (n,) int how many items are."""
        hit, relevant = hits(truth, answer, self.k)
        gains = 1 / np.log2(np.arange(2, self.k + 2))
        best = np.concatenate([[0.0], np.cumsum(gains)])[np.minimum(relevant, self.k)]
        gained = hit @ gains[: hit.shape[1]]
        return np.divide(gained, best, out=np.zeros(len(gained)), where=best > 0), relevant
