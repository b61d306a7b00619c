"""Mean absolute error."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class MAE(Metric):
    """Mean absolute error, in the target's unit.

    An outlier counts no more than its size.
    """

    sign: ClassVar[int] = -1
    tasks: ClassVar[frozenset[str]] = frozenset({"regression"})

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of numbers (n,) and answers (n,)."""
        return float(self.losses(truth, answer).mean())

    def losses(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) of each record."""
        return np.asarray(np.abs(answer - truth))

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all."""
        losses = self.losses(truth, answer)
        return np.asarray(losses - losses.mean())
