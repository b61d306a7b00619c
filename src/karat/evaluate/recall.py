"""How much of what there is was found."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.confusion import precision_recall


@dataclass(frozen=True)
class Recall(Metric):
    """Share of the positive records (the second class) that were called so.

    The mean over classes for more than two.
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        return float(precision_recall(truth, answer)[1].mean())
