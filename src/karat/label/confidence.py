"""How sure a label is: beliefs cooled until the votes they have not seen fit them.

Models that take votes for independent grow certain too fast. A vote that is held out tests the belief made of the
others: it is likelier under an honest belief than under an overconfident one. The temperature that fits held-out
votes best costs one pass over the votes, and needs no known answers; where there are some, they move it.
"""

import numpy as np

from karat.label.expectation import LabelEstimate, confusion_of, softmax
from karat.label.pooled_confusion import CAUTIOUS
from karat.label.votes import Votes

TEMPERS = np.geomspace(0.02, 1.0, 24)  # cost: the ends of the grid; which of them is chosen by held-out votes
MOST_TESTED = 100_000  # votes held out; more would not move the temperature; cost: of more a sample
# unproven: less leaves known answers unheard
GOLD_DOUBT = 0.5  # standard deviation of the log-temperature around the one held-out votes ask for


def cooled(votes: Votes, estimate: LabelEstimate, known: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
    """(n, k) beliefs whose confidence can be taken at its word; the estimate's own labels stay on top.

    Parameters
    ----------
    known : tuple of ndarray, optional
        Logits (g, k) and labels (g,) of known answers which the estimate was not told.
    """
    logits = votes.evidence(estimate.table) + estimate.base
    return _led_by(softmax(temperature(votes, estimate, known) * logits), estimate.belief.argmax(axis=1))


def temperature(votes: Votes, estimate: LabelEstimate, known: tuple[np.ndarray, np.ndarray] | None = None) -> float:
    """What to multiply logits by, at most 1; parameters as in ``cooled``."""
    fit = held_out_fit(votes, votes.evidence(estimate.table) + estimate.base, estimate)
    if known is not None:
        best = TEMPERS[int(np.argmax(fit))]
        fit = -0.5 * (np.log(TEMPERS / best) / GOLD_DOUBT) ** 2
        fit = fit + [_fit(softmax(temper * known[0]), known[1]) for temper in TEMPERS]
    return float(TEMPERS[int(np.argmax(fit))])


def held_out_fit(votes: Votes, logits: np.ndarray, estimate: LabelEstimate) -> np.ndarray:
    """(t,) log-likelihood of held-out votes under each temperature; only votes with company are tested."""
    if votes.weight is not None:
        return _shared_fit(votes, logits, estimate)
    company = np.bincount(votes.item, minlength=len(logits))[votes.item] > 1
    tested = np.flatnonzero(company)
    tested = tested[:: max(1, -(-len(tested) // MOST_TESTED))]
    if not len(tested):
        return -np.abs(np.log(TEMPERS))  # nothing to test with: as the model has it
    voter, label = votes.voter[tested], votes.label[tested]
    rest = logits[votes.item[tested]] - estimate.table[voter, label]
    says = confusion_of(votes, estimate.belief, CAUTIOUS)[voter, label]
    return np.array([np.log((softmax(temper * rest) * says).sum(axis=1)).sum() for temper in TEMPERS])


def _shared_fit(votes: Votes, logits: np.ndarray, estimate: LabelEstimate) -> np.ndarray:
    """The same where voters give probabilities: all that a voter says of an item is held out together."""
    share = np.asarray(votes.weight)
    pair = votes.item.astype(np.int64) * len(votes.voters) + votes.voter
    _, line = np.unique(pair, return_inverse=True)
    added = share[:, None] * estimate.table[votes.voter, votes.label]
    whole = np.column_stack([np.bincount(line, column) for column in added.T])
    rest = logits[votes.item] - whole[line]
    says = confusion_of(votes, estimate.belief, CAUTIOUS)[votes.voter, votes.label]
    return np.array([share @ np.log((softmax(temper * rest) * says).sum(axis=1)) for temper in TEMPERS])


def _fit(belief: np.ndarray, label: np.ndarray) -> float:
    return float(np.log(np.maximum(belief[np.arange(len(label)), label], 1e-9)).sum())


def _led_by(belief: np.ndarray, label: np.ndarray) -> np.ndarray:
    """The belief with the given label on top; where cooling has put another there, the two change places."""
    line = np.arange(len(label))
    top = belief.argmax(axis=1)
    out = belief.copy()
    out[line, label], out[line, top] = belief[line, top], belief[line, label]
    return out
