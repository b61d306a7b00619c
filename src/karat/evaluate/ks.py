"""How far apart a score keeps the two classes."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class KS(Metric):
    """The widest gap between the two classes' cumulative shares of the probability (Kolmogorov and Smirnov).

    What lenders read first: at the best cut-off, the share of defaults caught less the share of good payers refused.
    Says nothing for more than two classes. Source: Smirnov (1948); Siddiqi (2006), Credit Risk Scorecards.
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, 2); NaN for more classes or only one present."""
        if answer.shape[1] != 2 or len(np.unique(truth)) != 2:
            return float("nan")
        order = np.argsort(answer[:, 1], kind="stable")
        probability, yes = answer[order, 1], (truth[order] == 1).astype(np.float64)
        last = np.append(probability[1:] != probability[:-1], True)
        ones, zeros = np.cumsum(yes)[last] / yes.sum(), np.cumsum(1 - yes)[last] / (1 - yes).sum()
        return float(np.abs(zeros - ones).max())
