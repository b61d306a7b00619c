"""How well the order is, as lenders write it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.auc import AUC


@dataclass(frozen=True)
class Gini(Metric):
    """Twice the area under the ROC curve less 1: 0 for a coin, 1 for a perfect order (accuracy ratio, Somers' D).

    Says nothing for more than two classes. Source: Somers (1962); Basel Committee (2005), working paper 14.
    """

    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, 2); NaN for more classes."""
        return 2 * AUC().score(truth, answer) - 1 if answer.shape[1] == 2 else float("nan")

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all."""
        return 2 * AUC().influence(truth, answer) if answer.shape[1] == 2 else np.full(len(truth), np.nan)
