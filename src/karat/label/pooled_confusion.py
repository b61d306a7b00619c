"""Do voters err together? What no model that takes them for independent can see by itself."""

import numpy as np

from karat.label.expectation import LabelEstimate, confusion_of
from karat.label.votes import Votes

CAUTIOUS = 1.0  # unproven: pseudo-votes of all voters for each; less takes a few votes for a habit


def shared_confusion(votes: Votes, estimate: LabelEstimate) -> float:
    """Correlation of two voters' surprises on one item, in [-1, 1]; 0 where they err independently.

    A surprise is the difference between what a voter said and what their confusion matrix expects under the belief,
    scaled to variance one. If items fool many voters alike, surprises on one item point the same way.
    """
    n, _, k = votes.shape
    table = confusion_of(votes, estimate.belief, CAUTIOUS)  # (v, said, truth)
    total, pairs = 0.0, 0.0
    size = np.bincount(votes.item, minlength=n).astype(np.float64)
    said = [votes.label == c for c in range(k)]
    for c in range(1 if k == 2 else 0, k):
        expects = np.zeros(len(votes))
        for t in range(k):
            expects += table[votes.voter, c, t] * estimate.belief[votes.item, t]
        scale = np.sqrt(np.maximum(expects * (1 - expects), 1e-3))
        surprise = (said[c] - expects) / scale
        sums = np.bincount(votes.item, surprise, n)
        own = np.bincount(votes.item, surprise * surprise, n)
        share = float(np.mean(said[c]))
        total += share * float((sums * sums - own).sum())
        pairs += share * float((size * (size - 1)).sum())
    return total / pairs if pairs else 0.0
