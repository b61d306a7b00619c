"""How surprised the answer would be."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class LogLoss(Metric):
    """Mean of -ln of the probability given to the true class, cut at 1e-15.

    Punishes confident errors without bound. Source: Good (1952).
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, float("inf"))
    sign: ClassVar[int] = -1

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        return float(self.losses(truth, answer).mean())

    def losses(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) of each record."""
        likelihood = answer[np.arange(len(truth)), truth] / answer.sum(1)
        return np.asarray(-np.log(np.clip(likelihood, 1e-15, 1)))

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all."""
        losses = self.losses(truth, answer)
        return np.asarray(losses - losses.mean())
