"""Dawid and Skene: every voter has a confusion matrix of their own."""

from dataclasses import dataclass, replace

import numpy as np

from karat.label.expectation import Gold, LabelEstimate, confusion_of, maximise, smoothed
from karat.label.votes import Votes

# flat from 1.5 to 6 (benchmarks/constants.md): fewer are surer of voters of few votes, more doubt everybody
CAUTIOUS = 3.0  # pseudo-votes for the confidence: a matrix learned from few votes is worth less than it claims


@dataclass(frozen=True)
class DawidSkene:
    """A confusion matrix a voter, smoothed towards the matrix of all voters together.

    It gains most where voters differ in kind: some take one class for another throughout, some answer backwards. It
    loses where many voters share a confusion, for it takes their agreement for proof. Source: Dawid and Skene 1979;
    the smoothing is empirical Bayes, as in Kim and Ghahramani 2012.

    Parameters
    ----------
    strength : float
        Pseudo-votes a line of the matrix gets from all voters together, > 0.
    """

    strength: float = 2.0

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs and confusion matrices; gold items are held at their answer."""
        estimate = maximise(votes, lambda counts, _: smoothed(counts, self.strength), gold)
        return replace(estimate, table=np.log(confusion_of(votes, estimate.belief, CAUTIOUS)))
