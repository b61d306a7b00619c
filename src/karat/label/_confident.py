"""Confident learning: labels whose record is surer of another class than that class's own records are."""

import numpy as np

FEWEST = 5  # records of a class, up to which none of its labels is taken for wrong


def confident(expected: np.ndarray, given: np.ndarray) -> tuple[float, np.ndarray]:
    """How many labels are wrong by that measure, and (n,) bool: which, the surest of every pair of classes.

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
        Out-of-sample class probabilities.
    given : ndarray of int64, shape (n,)

    Source: Northcutt et al. (2021), Confident learning; pruned by noise rate.
    """
    size, classes = expected.shape
    own = expected[np.arange(size), given]
    held = np.bincount(given, minlength=classes)
    usual = np.bincount(given, own, minlength=classes) / np.maximum(held, 1)
    over = np.where((expected >= usual) & (held > 0), expected, -1.0)
    sure = over.max(axis=1) >= 0
    joint = np.bincount(given[sure] * classes + over[sure].argmax(axis=1), minlength=classes**2)
    table = joint.reshape(classes, classes) / np.maximum(joint.reshape(classes, classes).sum(axis=1, keepdims=True), 1)
    count = float(((1 - table.diagonal()) * held)[table.sum(axis=1) > 0].sum())
    return count, _surest(expected, given, own, np.round(table * held[:, None]).astype(np.int64))


def _surest(expected: np.ndarray, given: np.ndarray, own: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(n,) bool: of each class the ``counts`` (k, k) labels another class beats by most, where it is the likeliest."""
    out = np.zeros(len(given), bool)
    beaten = np.flatnonzero(expected.max(axis=1) > own)
    order = beaten[np.argsort(given[beaten], kind="stable")]
    ends = np.cumsum(np.bincount(given[beaten], minlength=len(counts)))
    enough = np.bincount(given, minlength=len(counts)) > FEWEST
    for one in np.flatnonzero(enough & (counts.sum(axis=1) > counts.diagonal())):
        members = order[ends[one - 1] if one else 0 : ends[one]]
        for other in np.flatnonzero(counts[one] > 0):
            if one != other and len(members):
                ahead = expected[members, other] - own[members]
                last = len(members) - min(int(counts[one, other]), len(members))
                out[members[ahead >= np.partition(ahead, last)[last]]] = True
    return out
