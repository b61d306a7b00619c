"""Wrong labels without a person: each record counts as far as its label is probable."""

import numpy as np

from karat.quality.accuracy.label_judge import LabelJudge, fitted_on_sample

LEAST = 0.01  # weight that every record keeps; unproven: none loses its class or its columns' values for good


def label_weights(expected: np.ndarray, labels: np.ndarray, judge: LabelJudge | None = None) -> np.ndarray:
    """(n,) weights: how probable each label is, scaled so that the classes keep their totals.

    Where the model says nothing of the labels every weight is 1; so is that of a label it cannot judge.

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
        Out-of-fold probabilities.
    labels : ndarray of int64, shape (n,)
    judge : LabelJudge, optional
        Fitted on them, where there is one already.

    Source: Natarajan et al. (2013), Learning with noisy labels; Liu & Tao (2016), by importance reweighting.
    """
    judge = judge or fitted_on_sample(expected, labels)
    if judge.skill.reason:
        return np.ones(len(labels))
    beliefs = judge.beliefs(expected, labels)
    kept = np.where(judge.known(labels, beliefs.likely), 1 - beliefs.wrong, 1.0)
    return in_total(np.maximum(kept, LEAST), labels)


def in_total(weights: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The weights scaled so that those of each class sum to its records."""
    sums = np.bincount(labels, weights)
    out: np.ndarray = weights * (np.bincount(labels) / np.maximum(sums, 1e-12))[labels]
    return out
