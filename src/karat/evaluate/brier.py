"""How far the probabilities are from the truth."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.evaluate.mean_losses import Loss


@dataclass(frozen=True)
class Brier(Loss):
    """Mean squared distance of the probabilities from the truth.

    On the scale of one class for two, of the sum over classes for more. Source: Brier (1950).
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, 2.0)

    def losses(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) of each record: class codes (n,) int, probabilities (n, k)."""
        k = answer.shape[1]
        return np.asarray(((answer - np.eye(k)[truth]) ** 2).sum(1) / (2 if k == 2 else 1))
