"""How much of what was found is right."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.confusion import precision_recall


@dataclass(frozen=True)
class Precision(Metric):
    """Share of the records called positive (the second class) that are.

    The mean over classes for more than two; 0 where nothing was called so.
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        return float(precision_recall(truth, answer)[0].mean())
