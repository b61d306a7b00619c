"""MACE: a voter either knows the answer or spams."""

from dataclasses import dataclass

import numpy as np

from karat.label.expectation import Gold, LabelEstimate, maximise
from karat.label.votes import Votes


@dataclass(frozen=True)
class Mace:
    """A voter gives the right answer, or, with a probability of their own, one drawn from their favourites.

    It finds people who click without looking, and forgives honest slips less than a confusion matrix does. The
    expected spam is a function of the counts, so a round costs what one of Dawid and Skene's does. Source: Hovy et
    al. 2013, with their Beta(0.5, 0.5) prior on knowing and Dirichlet(10) on favourites.

    Parameters
    ----------
    knows : float
        Pseudo-votes on either side of knowing and spamming, > 0.
    favourites : float
        Pseudo-votes a class has among the favourites, > 0.
    """

    knows: float = 0.5
    favourites: float = 1.0

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs, and the confusion matrices that knowing and spamming amount to."""
        v, k = votes.shape[1:]
        spam = np.full(v, 0.3)
        favours = np.full((v, k), 1.0 / k)
        every = np.arange(k)

        def table(counts: np.ndarray, _: np.ndarray) -> np.ndarray:
            nonlocal spam, favours
            right = counts[:, every, every]  # (v, k) said l and l is believed true
            blind = spam[:, None] * favours
            guessed = right * blind / np.maximum(blind + 1 - spam[:, None], 1e-12)
            missed = counts.sum(axis=2) - right
            spams = guessed + missed
            total, knew = spams.sum(axis=1), (right - guessed).sum(axis=1)
            spam = (total + self.knows) / (total + knew + 2 * self.knows)
            favours = (spams + self.favourites) / (total + self.favourites * k)[:, None]
            confusion = np.repeat((spam[:, None] * favours)[:, :, None], k, axis=2)
            confusion[:, every, every] += (1 - spam)[:, None]
            return confusion

        return maximise(votes, table, gold)
