"""Precision and recall in one number."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.confusion import decided, precision_recall


@dataclass(frozen=True)
class F1(Metric):
    """Harmonic mean of precision and recall of the second class.

    The mean over classes for more than two (macro), so that a small class weighs as much as a large one.
    Source: van Rijsbergen (1979).
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        return float(precision_recall(truth, answer)[2].mean())

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all, to first order."""
        k = answer.shape[1]
        there, answered = np.eye(k)[truth], np.eye(k)[decided(answer)]
        size = (there + answered).mean(0)
        known = np.array([1]) if k == 2 else np.flatnonzero(size)
        there, answered, size = there[:, known], answered[:, known], size[known]
        each = 2 * (there * answered).mean(0) / np.where(size, size, 1)
        return np.asarray(((2 * there * answered - each * (there + answered)) / np.where(size, size, 1)).mean(1))
