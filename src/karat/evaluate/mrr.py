"""How soon the first right item comes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.evaluate.hit_rate import ListMetric, hits


@dataclass(frozen=True)
class MRR(ListMetric):
    """One over the place of the first right item among the first k, 0 where there is none, the mean over people.

    Source: Voorhees (1999), the TREC-8 question answering track; full ranking.

    Parameters
    ----------
    k : int
        Places shown, >= 1.
    """

    def each(self, truth: Any, answer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) float per person, 0 where nothing is held out; and (n,) int how many items are."""
        hit, relevant = hits(truth, answer, self.k)
        first = hit.argmax(axis=1)
        return np.where(hit.any(axis=1), 1 / (1 + first), 0.0), relevant
