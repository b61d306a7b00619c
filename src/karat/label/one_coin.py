"""One coin: a voter is right with a probability of their own, whatever the truth."""

from dataclasses import dataclass

import numpy as np

from karat.label.expectation import Gold, LabelEstimate, maximise
from karat.label.votes import Votes


@dataclass(frozen=True)
class OneCoin:
    """One accuracy a voter; wrong answers are spread evenly over the other classes.

    One number a voter can be learned from few votes. It cannot see that a voter takes one class for another. Source:
    the homogeneous model of Dawid and Skene 1979, also called ZenCrowd (Demartini et al. 2012).

    Parameters
    ----------
    strength : float
        Pseudo-votes each voter gets from all voters together, > 0.
    """

    strength: float = 2.0

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs, and confusion matrices with one number each."""
        return maximise(votes, self._table, gold)

    def _table(self, counts: np.ndarray, prior: np.ndarray) -> np.ndarray:
        k = counts.shape[1]
        right = counts[:, np.arange(k), np.arange(k)].sum(axis=1)
        cast = counts.sum(axis=(1, 2))
        overall = (right.sum() + 1.0) / (cast.sum() + 2.0)
        accuracy = (right + self.strength * overall) / (cast + self.strength)
        table = np.broadcast_to(((1 - accuracy) / max(k - 1, 1))[:, None, None], counts.shape).copy()
        table[:, np.arange(k), np.arange(k)] = accuracy[:, None]
        return table
