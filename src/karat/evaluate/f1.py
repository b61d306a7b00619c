"""Precision and recall in one number."""

from dataclasses import dataclass

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.confusion import precision_recall


@dataclass(frozen=True)
class F1(Metric):
    """Harmonic mean of precision and recall of the second class.

    The mean over classes for more than two (macro), so that a small class weighs as much as a large one.
    Source: van Rijsbergen (1979).
    """

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        return float(precision_recall(truth, answer)[2].mean())
