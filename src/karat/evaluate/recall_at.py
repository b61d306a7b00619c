"""How many of the right items are shown."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.evaluate.hit_rate import ListMetric, hits


@dataclass(frozen=True)
class RecallAtK(ListMetric):
    """Share of a person's held-out items among the first k places, the mean over people.

    Source: van Rijsbergen (1979), on a list cut at k; full ranking.

    Parameters
    ----------
    k : int
        Places shown, >= 1.
    """

    name: ClassVar[str] = "recall"

    def each(self, truth: Any, answer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) float per person, 0 where nothing is held out; and (n,) int how many items are."""
        hit, relevant = hits(truth, answer, self.k)
        return hit.sum(axis=1) / np.maximum(1, relevant), relevant
