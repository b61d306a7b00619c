"""Votes and a model's probabilities together."""

from dataclasses import dataclass

import numpy as np

from karat.label.expectation import Gold, LabelEstimate, Method, clamped, confusion_of, softmax
from karat.label.votes import Votes

TEMPERS = np.geomspace(0.05, 1.0, 10)  # cost: the ends of the grid; which of them is chosen by held-out votes
WEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)  # cost: the grid; which of them is chosen by held-out votes
MOST_TESTED = 50_000  # cost: held-out votes; of more a sample
FLOOR = 1e-4  # of a probability: a model that is certain and wrong must not outvote everybody; unproven


@dataclass(frozen=True)
class WithModel:
    """The voters' evidence and a model's log-probabilities, each with the weight that held-out votes give it.

    With few votes an item the model decides, with many the voters do. A model that knows nothing of what the voters
    say gets no weight. The probabilities must be out of sample: a model that was trained on these votes repeats them.
    Source: the idea of CROWDLAB (Goh et al. 2022), with the weights chosen by the likelihood of held-out votes.

    Parameters
    ----------
    voters : Method
        How the votes alone are read.
    probabilities : ndarray of float64, shape (n, k)
        The model's; lines sum to one, NaN lines stand for no answer.
    rounds : int
        How often voters are judged anew by the joint belief.
    """

    voters: Method
    probabilities: np.ndarray
    rounds: int = 3

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Joint beliefs."""
        estimate = self.voters.estimate(votes, gold)
        usual = _usual(estimate)
        silent = np.isnan(self.probabilities).any(axis=1, keepdims=True)
        speaks = np.where(silent, usual, np.maximum(np.nan_to_num(self.probabilities), FLOOR))
        model = np.log(speaks / speaks.sum(axis=1, keepdims=True))
        for _ in range(self.rounds):
            temper, weight = _weights(votes, estimate, model, np.log(usual))
            base = weight * model + (1 - weight) * np.log(usual)
            belief = clamped(softmax(temper * votes.evidence(estimate.table) + base), gold)
            estimate = LabelEstimate(belief, temper * estimate.table, base)
            if temper > TEMPERS[0]:
                sharper = np.log(confusion_of(votes, belief, 3.0))
                estimate = LabelEstimate(belief, sharper, base)
        temper, _ = _weights(votes, estimate, estimate.base, estimate.base)
        belief = clamped(softmax(temper * votes.evidence(estimate.table) + estimate.base), gold)
        return LabelEstimate(belief, temper * estimate.table, estimate.base, self.rounds)


def _usual(estimate: LabelEstimate) -> np.ndarray:
    mean: np.ndarray = estimate.belief.mean(axis=0) + 1e-6
    return mean / mean.sum()


def _weights(votes: Votes, estimate: LabelEstimate, model: np.ndarray, usual: np.ndarray) -> tuple[float, float]:
    """The temperature of the votes and the weight of the model under which held-out votes are likeliest."""
    tested = np.arange(len(votes))[:: max(1, -(-len(votes) // MOST_TESTED))]
    item, voter, label = votes.item[tested], votes.voter[tested], votes.label[tested]
    rest = votes.evidence(estimate.table)[item] - estimate.table[voter, label]
    says = confusion_of(votes, estimate.belief, 1.0)[voter, label]
    before = np.broadcast_to(usual, model.shape)[item]
    best = (-np.inf, 1.0, 0.0)
    for temper in TEMPERS:
        for weight in WEIGHTS:
            belief = softmax(temper * rest + weight * model[item] + (1 - weight) * before)
            best = max(best, (float(np.log((belief * says).sum(axis=1)).sum()), float(temper), float(weight)))
    return best[1], best[2]
