"""How far the probabilities are from the truth."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class Brier(Metric):
    """Mean squared distance of the probabilities from the truth.

    On the scale of one class for two, of the sum over classes for more. Source: Brier (1950).
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, 2.0)
    sign: ClassVar[int] = -1

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        return float(self.losses(truth, answer).mean())

    def losses(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) of each record."""
        k = answer.shape[1]
        return np.asarray(((answer - np.eye(k)[truth]) ** 2).sum(1) / (2 if k == 2 else 1))

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all."""
        losses = self.losses(truth, answer)
        return np.asarray(losses - losses.mean())
