"""Precision and recall in one number."""

from dataclasses import dataclass

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.confusion import precision_recall


@dataclass(frozen=True)
class F1(Metric):
    """Harmonic mean of precision and recall of the second class; the mean over classes for more than two (macro)."""

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        return float(precision_recall(truth, answer)[2].mean())
