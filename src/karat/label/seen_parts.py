"""Seen parts: a part that nobody gave is not among the candidates, and that says something about those that are."""

from dataclasses import dataclass

import numpy as np

from karat.label.candidates import NO, YES
from karat.label.expectation import MOST_ROUNDS, SETTLED, Gold, LabelEstimate, clamped, shares, softmax
from karat.label.votes import Votes

EXPECTED = (0.1, 0.7)  # unproven: how often a voter gives a false and a true part, before any vote
PSEUDO = 10.0  # unproven: answers that expectation is worth, over all voters
EDGE = 1e-3  # definition: keeps rates off 0 and 1, where one answer would decide everything


@dataclass(frozen=True)
class SeenParts:
    """Each voter finds a true part with one probability and adds a false one with another.

    A candidate is there because somebody gave it. Without that in mind false parts seem to be given often, and two who
    agree prove little; with it, two who add the same part by chance are as rare as they should be. The expected number
    of parts that nobody gave joins each candidate, as in counts of animals that were caught at least once. Source:
    zero-truncated capture and recapture (Sanathanan 1972) with Dawid and Skene's voters.

    Parameters
    ----------
    strength : float
        Pseudo-candidates each voter gets at the rate of all voters, > 0.
    """

    strength: float = 4.0

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs about candidates; the base carries what being seen says."""
        n = len(votes.items)
        yes = (votes.label == YES).astype(np.float64)
        belief = clamped(shares(votes), gold)
        settled, done = False, 0
        unseen = np.zeros((n, 2))
        for done in range(1, MOST_ROUNDS + 1):  # noqa: B007  how many it took is told
            rates = np.column_stack([self._rates(votes, yes, belief, unseen, at) for at in range(2)])
            rates[:, NO] = np.minimum(rates[:, NO], rates[:, YES])  # to give a part is never evidence against it
            table = np.log(np.stack([1 - rates, rates], axis=1))  # (v, said, truth)
            missed = np.column_stack([np.bincount(votes.item, table[votes.voter, 0, at], n) for at in range(2)])
            seen = np.maximum(-np.expm1(missed), EDGE)
            unseen = np.exp(missed) / seen
            usual = (belief.sum(axis=0) + 1.0) / (n + 2.0)
            base = np.log(usual) - np.log(seen)
            fresh = clamped(softmax(votes.evidence(table) + base), gold)
            moved = float(np.mean(np.abs(fresh - belief)))
            belief = fresh
            if moved < SETTLED:
                settled = True
                break
        return LabelEstimate(belief, table, base, done, settled)

    def _rates(self, votes: Votes, yes: np.ndarray, belief: np.ndarray, unseen: np.ndarray, truth: int) -> np.ndarray:
        """(v,) how often each voter gives parts of one kind, those that nobody gave among them."""
        voters, kind = len(votes.voters), belief[:, truth]
        given = np.bincount(votes.voter, yes * kind[votes.item], voters)
        there = np.bincount(votes.voter, (kind * (1 + unseen[:, truth]))[votes.item], voters)
        overall = (given.sum() + EXPECTED[truth] * PSEUDO) / (there.sum() + PSEUDO)
        rate = (given + self.strength * overall) / (there + self.strength)
        return np.asarray(np.clip(rate, EDGE, 1 - EDGE))
