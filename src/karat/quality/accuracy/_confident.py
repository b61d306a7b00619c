"""Confident learning: labels whose record is surer of another class than that class's own records are."""

from dataclasses import dataclass

import numpy as np

# the same as cleanlab 1.0's MIN_NUM_PER_CLASS
FEWEST = 5  # records of a class, up to which none of its labels is taken for wrong


@dataclass(frozen=True)
class Picks:
    """Which labels confident learning takes for wrong.

    Parameters
    ----------
    ahead : ndarray of float64, shape (k, k)
        By how much another class (column) must beat the given one (row); infinite where no label is picked.
    """

    ahead: np.ndarray

    def of(self, expected: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """(n,) bool: the labels that are picked."""
        own = expected[np.arange(len(labels)), labels]
        beaten = expected.max(axis=1) > own
        out: np.ndarray = beaten & (expected - own[:, None] >= self.ahead[labels]).any(axis=1)
        return out


def confident(expected: np.ndarray, labels: np.ndarray) -> tuple[float, Picks]:
    """How many labels are wrong by that measure, and which: the surest of every pair of classes.

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
        Out-of-sample class probabilities.
    labels : ndarray of int64, shape (n,)

    Source: Northcutt et al. (2021), Confident learning; pruned by noise rate.
    """
    size, classes = expected.shape
    own = expected[np.arange(size), labels]
    sizes = np.bincount(labels, minlength=classes)
    usual = np.bincount(labels, own, minlength=classes) / np.maximum(sizes, 1)
    over = np.where((expected >= usual) & (sizes > 0), expected, -1.0)
    sure = over.max(axis=1) >= 0
    joint = np.bincount(labels[sure] * classes + over[sure].argmax(axis=1), minlength=classes**2)
    table = joint.reshape(classes, classes) / np.maximum(joint.reshape(classes, classes).sum(axis=1, keepdims=True), 1)
    count = float(((1 - table.diagonal()) * sizes)[table.sum(axis=1) > 0].sum())
    return count, Picks(_ahead(expected, labels, own, np.round(table * sizes[:, None]).astype(np.int64)))


def _ahead(expected: np.ndarray, labels: np.ndarray, own: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(k, k): by how much a class must beat the given one to be among the ``counts`` (k, k) it beats by most."""
    out = np.full(counts.shape, np.inf)
    beaten = np.flatnonzero(expected.max(axis=1) > own)
    order = beaten[np.argsort(labels[beaten], kind="stable")]
    ends = np.cumsum(np.bincount(labels[beaten], minlength=len(counts)))
    enough = np.bincount(labels, minlength=len(counts)) > FEWEST
    for label in np.flatnonzero(enough & (counts.sum(axis=1) > counts.diagonal())):
        members = order[ends[label - 1] if label else 0 : ends[label]]
        for other in np.flatnonzero(counts[label] > 0):
            if label != other and len(members):
                ahead = expected[members, other] - own[members]
                last = len(members) - min(int(counts[label, other]), len(members))
                out[label, other] = np.partition(ahead, last)[last]
    return out
