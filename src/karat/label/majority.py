"""Majority: what most voters say."""

from dataclasses import dataclass

import numpy as np

from karat.label.expectation import Gold, LabelEstimate, clamped, softmax
from karat.label.votes import Votes

SURE = 0.99  # definition: no voter is taken to be surer, whose votes would outweigh all others
TIE_BREAK = 1e-6  # a logit's weight for the more usual class: it decides ties and nothing else; definition


@dataclass(frozen=True)
class Majority:
    """The class most voters name; a tie goes to the class with more votes over all items.

    It assumes least: every voter weighs alike. It is beaten where voters differ much, and beats cleverer methods where
    many share a confusion. Its confidence takes all voters to be right equally often, as often as two of them agree.
    """

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs from the counts."""
        _, v, k = votes.shape
        counts = votes.counts()
        usual = (counts.sum(axis=0) + 1.0) / (counts.sum() + k)
        weight = log_odds(usual_accuracy(counts, k), k)
        voted = counts.sum(axis=1) > 0
        base = np.where(voted[:, None], TIE_BREAK, 1.0) * np.log(usual)
        table = np.broadcast_to(np.eye(k) * weight, (v, k, k))
        return LabelEstimate(clamped(softmax(counts * weight + base), gold), table, base)


def usual_accuracy(counts: np.ndarray, k: int) -> float:
    """The accuracy at which voters who are all alike would agree as often as these do.

    Parameters
    ----------
    counts : ndarray of float64, shape (n, k)
        Votes by item and class.
    k : int
        Classes. With p the accuracy, two voters agree with probability p² + (1 - p)² / (k - 1).
    """
    total = counts.sum(axis=1)
    pairs = float((total * (total - 1)).sum())
    same = float((counts * (counts - 1)).sum())
    agree = (same + 2 * 0.7) / (pairs + 2)  # one pair at the agreement of good voters, where there are no pairs
    if k == 1:
        return SURE
    chance = 1.0 / k
    spread = max(agree - chance, 0.0) * (k - 1) / k
    return min(max(chance + spread**0.5, chance + 0.01), SURE)


def log_odds(accuracy: np.ndarray | float, k: int) -> np.ndarray:
    """What a vote of a voter with this accuracy adds to its class's logit."""
    return np.log(np.asarray(accuracy) * max(k - 1, 1) / (1 - np.asarray(accuracy)))
