"""How surprised the answer would be."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.evaluate.mean_losses import Loss


@dataclass(frozen=True)
class LogLoss(Loss):
    """Mean of -ln of the probability given to the true class, cut at 1e-15.

    Punishes confident errors without bound. Source: Good (1952).
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, float("inf"))

    def losses(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) of each record: class codes (n,) int, probabilities (n, k)."""
        likelihood = answer[np.arange(len(truth)), truth] / answer.sum(1)
        return np.asarray(-np.log(np.clip(likelihood, 1e-15, 1)))
