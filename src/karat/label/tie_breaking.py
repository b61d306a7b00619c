"""What hangs on how ties are broken."""

from dataclasses import dataclass

import numpy as np

from karat.label.expectation import SETTLED, Gold
from karat.label.votes import Votes


@dataclass(frozen=True)
class Ties:
    """Items whose label was decided by something other than the votes on them.

    Parameters
    ----------
    split : int
        Items with as many votes for one class as for another.
    tied : int
        Items the method itself finds as likely of one class as of another; a tie-break decided them.
    without_votes : int
        Items nobody voted on: the class shares, or a model of their texts, decided them.
    lowest, highest : dict of str to float
        The share of each class over all items if every tie went against it, and for it.
    """

    items: int
    split: int
    tied: int
    without_votes: int
    lowest: dict[str, float]
    highest: dict[str, float]

    def __str__(self) -> str:
        share = self.tied / max(self.items, 1)
        moved = (
            f"a tie-break decided {self.tied:,} labels ({share:.1%})" if self.tied else "no label hangs on a tie-break"
        )
        return f"{moved}; votes are split evenly on {self.split:,} items, {self.without_votes:,} have none"


def ties_in(votes: Votes, belief: np.ndarray, gold: Gold | None) -> Ties:
    """Count what a tie-break could have moved.

    Parameters
    ----------
    belief : ndarray of float64, shape (n, k)
        As the method has it, before cooling.
    gold : Gold or None
        Known answers are no ties.
    """
    counts = votes.counts()
    total = counts.sum(axis=1)
    most = counts.max(axis=1, keepdims=True)
    open_ = np.ones(len(belief), bool)
    if gold is not None:
        open_[gold.item] = False
    split = open_ & (total > 0) & ((counts == most).sum(axis=1) > 1)
    even = belief >= belief.max(axis=1, keepdims=True) - SETTLED  # closer beliefs are a tie
    tied = open_ & (even.sum(axis=1) > 1)
    label = belief.argmax(axis=1)
    names = votes.classes.to_pylist()
    lowest, highest = {}, {}
    for c, name in enumerate(names):
        lowest[name] = float(((label == c) & ~tied).mean())
        highest[name] = float(((label == c) | (tied & even[:, c])).mean())
    return Ties(len(belief), int(split.sum()), int(tied.sum()), int((total == 0).sum()), lowest, highest)
