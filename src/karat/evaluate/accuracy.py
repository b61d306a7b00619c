"""How often the likeliest class is right."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.confusion import decided


@dataclass(frozen=True)
class Accuracy(Metric):
    """Share of records whose likeliest class is the true one.

    Flatters whoever names the largest class: read it beside the naive learner's.
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        return float((decided(answer) == truth).mean())

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all."""
        right = (decided(answer) == truth).astype(np.float64)
        return np.asarray(right - right.mean())
