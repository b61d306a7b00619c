"""Expectation and maximisation in log space, shared by every model in which a voter has a confusion matrix.

The E step needs the logarithm of a table (voter, label, truth), the M step makes that table from expected counts of
the same shape. A model is the function from counts to table; everything else is here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from karat.label.votes import Votes

MOST_ROUNDS = 200  # cost: where beliefs have not settled by then, the estimate says so
MANY_VOTES = 1_000_000  # beyond: a quarter of the rounds, after which beliefs move in the fourth digit; cost: time
SETTLED = 1e-5  # mean move of a belief between two rounds; cost: further rounds move later digits
WIDE = 16  # classes; cost: beyond, the other way to the same numbers is as quick
TINY = 1e-12  # definition: keeps the logarithm of 0 a number

Table = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Gold:
    """Items whose answer is known.

    Parameters
    ----------
    item, label : ndarray of int32, shape (g,)
    """

    item: np.ndarray
    label: np.ndarray

    def __len__(self) -> int:
        return len(self.item)

    def only(self, part: np.ndarray) -> "Gold":
        """The gold items where a mask is true."""
        return Gold(self.item[part], self.label[part])


@dataclass(frozen=True, eq=False)
class LabelEstimate:
    """What a method believes.

    Parameters
    ----------
    belief : ndarray of float64, shape (n, k)
        Probability of each class for each item as the model has it; lines sum to one. Their order decides the label.
    table : ndarray of float64, shape (v, k, k)
        What a vote adds to the logit of each class, (voter, said, truth).
    base : ndarray of float64, shape (n, k) or (k,)
        Logits before any vote.
    settled : bool
        Converged before the last round.
    note : str
        What the method found out about its own use; "" for nothing.
    """

    belief: np.ndarray
    table: np.ndarray
    base: np.ndarray
    rounds: int = 1
    settled: bool = True
    note: str = ""


class Method(Protocol):
    """A way from votes to beliefs."""

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs about every item; gold items, where given, teach about the voters."""
        ...


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities by line."""
    k = logits.shape[1]
    if k > WIDE:
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities: np.ndarray = raised / raised.sum(axis=1, keepdims=True)
        return probabilities
    # column by column: NumPy reduces short lines twenty times slower than long ones
    columns = [logits[:, c] for c in range(k)]
    top = columns[0]
    for column in columns[1:]:
        top = np.maximum(top, column)
    out = np.empty_like(logits, dtype=np.float64)
    total = np.zeros(len(logits))
    for c, column in enumerate(columns):
        raised = np.exp(column - top)
        out[:, c] = raised
        total += raised
    for c in range(k):
        out[:, c] /= total
    return out


def clamped(belief: np.ndarray, gold: Gold | None) -> np.ndarray:
    """The belief with known answers in place."""
    if gold is not None and len(gold):
        belief[gold.item] = 0.0
        belief[gold.item, gold.label] = 1.0
    return belief


def shares(votes: Votes) -> np.ndarray:
    """(n, k): the share of each class among an item's votes; the class's share of all votes where there are none."""
    counts = votes.counts()
    total = counts.sum(axis=1, keepdims=True)
    usual = counts.sum(axis=0) / counts.sum()
    return np.where(total > 0, counts / np.maximum(total, 1), usual)


def confusion_of(votes: Votes, belief: np.ndarray, strength: float) -> np.ndarray:
    """(v, said, truth): probability that a voter says a label when the truth is given, smoothed towards all voters."""
    return smoothed(votes.confusion(belief), strength)


def smoothed(counts: np.ndarray, strength: float) -> np.ndarray:
    """Counts (v, said, truth) as probabilities over said, each line with pseudo-votes from all voters together."""
    pooled = counts.sum(axis=0) + 1.0 / counts.shape[1]
    pooled /= pooled.sum(axis=0)
    filled = counts + strength * pooled
    shared: np.ndarray = filled / filled.sum(axis=1, keepdims=True)
    return shared


def class_shares(belief: np.ndarray, voted: np.ndarray) -> np.ndarray:
    """(k,) share of each class among the items somebody voted on, with one pseudo-item each."""
    sums: np.ndarray = np.array([np.sum(column, where=voted) for column in belief.T]) + 1.0
    return sums / sums.sum()


def maximise(votes: Votes, table: Table, gold: Gold | None = None) -> LabelEstimate:
    """Iterate to a fixed point from the shares of the votes.

    Parameters
    ----------
    table : function of (counts, class shares) to ndarray, counts and result (v, said, truth)
        Expected counts to the probability that the voter says the label when that is the truth.
    gold : Gold, optional
        Held at the truth in every round.
    """
    belief = clamped(shares(votes), gold)
    voted = np.bincount(votes.item, minlength=len(belief)) > 0
    settled, done = False, 0
    rounds = MOST_ROUNDS if len(votes) < MANY_VOTES else MOST_ROUNDS // 4
    for done in range(1, rounds + 1):  # noqa: B007  how many it took is told
        usual = class_shares(belief, voted)
        logs = np.log(np.maximum(table(votes.confusion(belief), usual), TINY))
        fresh = clamped(softmax(votes.evidence(logs) + np.log(usual)), gold)
        moved = float(np.mean(np.abs(fresh - belief)))
        belief = fresh
        if moved < SETTLED:
            settled = True
            break
    return LabelEstimate(belief, logs, np.log(usual), done, settled)
