"""How much of the spread is explained."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class R2(Metric):
    """1 - squared error / squared spread about the mean.

    1 is perfect, 0 is the mean, below 0 is worse than it; NaN where the truth is one value.
    """

    bounds: ClassVar[tuple[float, float]] = (float("-inf"), 1.0)
    tasks: ClassVar[frozenset[str]] = frozenset({"regression"})

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of numbers (n,) and answers (n,)."""
        spread = ((truth - truth.mean()) ** 2).sum()
        return float(1 - ((answer - truth) ** 2).sum() / spread) if spread else float("nan")

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all."""
        off, spread = (answer - truth) ** 2, (truth - truth.mean()) ** 2
        if not spread.any():
            return np.full(len(truth), np.nan)
        return np.asarray((off.mean() * spread / spread.mean() - off) / spread.mean())
