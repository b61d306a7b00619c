"""Metrics that are the mean of what each record loses."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class Loss(Metric):
    """The mean of the records' losses; lower is better."""

    sign: ClassVar[int] = -1

    @abstractmethod
    def losses(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) of each record."""

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        return float(self.losses(truth, answer).mean())

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all."""
        losses = self.losses(truth, answer)
        return np.asarray(losses - losses.mean())
