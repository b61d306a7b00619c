"""Voters judged by known answers alone."""

from dataclasses import dataclass

import numpy as np

from karat.core.errors import OptionError
from karat.label.expectation import Gold, LabelEstimate, clamped, confusion_of, softmax
from karat.label.votes import Votes


@dataclass(frozen=True)
class KnownAnswers:
    """Each voter's confusion matrix is what they said where the answer is known; no agreement is taken for proof.

    Where many voters share a confusion every method without known answers follows the crowd. Thirty known answers
    with forty votes each tell who is to be believed. Source: the supervised half of Dawid and Skene 1979.

    Parameters
    ----------
    strength : float
        Pseudo-votes a line of the matrix gets from all voters together, > 0.
    """

    strength: float = 1.0

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs and confusion matrices."""
        if gold is None or not len(gold):
            raise OptionError("--method known_answers was given without known answers", "Give them with --gold")
        n, _, k = votes.shape
        known = clamped(np.zeros((n, k)), gold)
        table = np.log(confusion_of(votes, known, self.strength))
        base = np.log((np.bincount(gold.label, minlength=k) + 1.0) / (len(gold) + k))
        return LabelEstimate(clamped(softmax(votes.evidence(table) + base), gold), table, base)
