"""A label model for rules: what fires, and how far it may be trusted."""

from dataclasses import dataclass

import numpy as np

from karat.label.expectation import SETTLED, Gold, LabelEstimate, clamped, class_shares, softmax
from karat.label.votes import Votes

# cost: 128 MB
MOST_LINES = 4_000  # votes of one kind beyond this are not compared with each other: their table would not fit


@dataclass(frozen=True)
class LabelModel:
    """Each kind of vote (rule and label) has a precision; an item's belief multiplies those of the rules that fire.

    A rule that can only say one class tells nothing by its errors: a confusion matrix sees no difference between
    classes in it, which is why Dawid and Skene fail on rules. Its precision does. A precision begins where a rule's
    author puts it, and agreement moves it slowly, for agreement of rules is weak proof. Rules that fire together
    beyond chance share one weight. The class shares come from items some rule fired on; where none does, they are
    all that is known. Source: data programming (Ratner et al. 2016) in the form of a product of experts.

    Parameters
    ----------
    precision : float
        What a rule's author expects of it, in (1 / k, 1).
    strength : float
        Votes that expectation is worth, > 0.
    rounds : int
        At most so many.
    """

    precision: float = 0.8
    strength: float = 200.0
    rounds: int = 50

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs; every vote's weight is shared with the votes it always comes with."""
        n, v, k = votes.shape
        said = np.tile(np.arange(k), v)
        expected = np.full((v * k, k), (1 - self.precision) / max(k - 1, 1))
        expected[np.arange(v * k), said] = self.precision
        cast = np.bincount(votes.code, minlength=v * k)[:, None]
        voted = np.bincount(votes.item, minlength=n) > 0
        trust, usual, weight = expected, np.full(k, 1.0 / k), np.ones(len(votes))
        belief = np.full((n, k), 1.0 / k)
        settled, done = False, 0
        for done in range(1, self.rounds + 1):
            lift = np.log(trust) - np.log(usual)
            logits = np.column_stack([np.bincount(votes.item, weight * lift[votes.code, c], n) for c in range(k)])
            fresh = clamped(softmax(logits + np.log(usual)), gold)
            moved = float(np.mean(np.abs(fresh - belief)))
            belief = fresh
            if done > 1 and moved < SETTLED:
                settled = True
                break
            usual = class_shares(belief, voted)
            trust = (votes.confusion(belief).reshape(v * k, k) + self.strength * expected) / (cast + self.strength)
            weight = vote_weights(votes, belief)
        return LabelEstimate(belief, lift.reshape(v, k, k), np.log(usual), done, settled)


def vote_weights(votes: Votes, belief: np.ndarray) -> np.ndarray:
    """(m,) weight of each vote: one, divided by one and the correlations with the item's other votes of its label.

    The correlation is that of firing within a class, so that rules which fire together only because the class is the
    same keep their weight.

    Parameters
    ----------
    belief : ndarray of float64, shape (n, k)
    """
    from scipy.sparse import csr_array

    n, v, k = votes.shape
    if v * k > MOST_LINES:
        return np.ones(len(votes))
    fires = csr_array((np.ones(len(votes)), (votes.item, votes.code)), (n, v * k))
    voted = np.bincount(votes.item, minlength=n) > 0
    tied = np.zeros((v * k, v * k))
    for c in range(k):
        mass = np.where(voted, belief[:, c], 0.0)
        total = max(mass.sum(), 1e-9)
        rate = fires.T @ mass / total
        joint = (fires.T @ (fires * mass[:, None])).toarray() / total
        spread = np.sqrt(np.maximum(rate * (1 - rate), 1e-9))
        tied += np.clip((joint - np.outer(rate, rate)) / np.outer(spread, spread), 0, 1) * total / voted.sum()
    label = np.arange(v * k) % k
    tied *= label[:, None] == label[None, :]
    np.fill_diagonal(tied, 0.0)
    company = csr_array(fires @ tied)
    return 1 / (1 + np.asarray(company[votes.item, votes.code]).ravel())
