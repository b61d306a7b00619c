"""Weighted majority: voters count by how often the others agree with them."""

from dataclasses import dataclass

import numpy as np

from karat.label.expectation import Gold, LabelEstimate, clamped, softmax
from karat.label.majority import TIE_BREAK, log_odds
from karat.label.votes import Votes


@dataclass(frozen=True)
class WeightedMajority:
    """A vote weighs the log-odds of its voter's agreement with the rest; nobody is turned round.

    One step of what Dawid and Skene iterate: it drops careless voters and cannot run away with a shared confusion.
    Source: the weighted majority of Littlestone and Warmuth 1994, with agreement in place of known mistakes.

    Parameters
    ----------
    strength : float
        Pseudo-votes each voter gets at the agreement of all voters, > 0.
    """

    strength: float = 5.0

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs from the weighted counts."""
        v, k = votes.shape[1:]
        counts = votes.counts()
        usual = (counts.sum(axis=0) + 1.0) / (counts.sum() + k)
        others = counts.sum(axis=1)[votes.item] - 1
        same = counts[votes.item, votes.label] - 1
        shared = np.where(others > 0, same / np.maximum(others, 1), 0.0)
        judged = np.bincount(votes.voter, others > 0, v)
        agree = np.bincount(votes.voter, shared, v)
        if gold is not None and len(gold):
            truth = np.full(len(counts), -1)
            truth[gold.item] = gold.label
            known = truth[votes.item] >= 0
            agree += np.bincount(votes.voter[known], truth[votes.item[known]] == votes.label[known], v)
            judged += np.bincount(votes.voter[known], minlength=v)
        overall = (agree.sum() + 0.7) / (judged.sum() + 1)
        rate = (agree + self.strength * overall) / (judged + self.strength)
        weight = np.maximum(log_odds(np.clip(rate, 0.01, 0.99), k), 1e-3)
        table = np.eye(k) * weight[:, None, None]
        voted = counts.sum(axis=1) > 0
        base = np.where(voted[:, None], TIE_BREAK, 1.0) * np.log(usual)
        return LabelEstimate(clamped(softmax(votes.evidence(table) + base), gold), table, base)
