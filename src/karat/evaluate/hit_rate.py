"""Which of the items shown were right: what all metrics of a ranked list start from."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class ListMetric(Metric):
    """The mean over people of what the first k places of each one's list are worth; all items compete."""

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})

    k: int = 10

    @abstractmethod
    def each(self, truth: Any, answer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) float per person, 0 where nothing is held out; and (n,) int how many items are."""

    def score(self, truth: Any, answer: np.ndarray) -> float:
        """Of held-out items (n, items) in CSR and lists of items (n, j)."""
        return mean_of(*self.each(truth, answer))


def hits(truth: Any, answer: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, k) bool: is the item at each place relevant; and (n,) int: how many relevant items there are.

    Parameters
    ----------
    truth : CSR, shape (n, items)
        Held-out items, stored where relevant.
    answer : ndarray of int, shape (n, j)
        Items shown, best first; -1 where nothing is shown.
    """
    relevant = truth.tocsr()
    shown = answer[:, :k]
    rows = np.repeat(np.arange(relevant.shape[0]), np.diff(relevant.indptr))
    keys = np.sort(rows * relevant.shape[1] + relevant.indices)
    asked = np.arange(len(shown))[:, None] * relevant.shape[1] + shown
    place = np.minimum(np.searchsorted(keys, asked), max(0, len(keys) - 1))
    hit = (keys[place] == asked) & (shown >= 0) if len(keys) else np.zeros(shown.shape, bool)
    return hit, np.diff(relevant.indptr)


def mean_of(values: np.ndarray, relevant: np.ndarray) -> float:
    """The mean over people who have something held out; NaN without any."""
    asked = relevant > 0
    return float(values[asked].mean()) if asked.any() else float("nan")


def top_items(scores: np.ndarray, known: Any, k: int) -> np.ndarray:
    """(n, k) int: the items with the highest scores, best first, what a person has met already left out; -1 at the end.

    Parameters
    ----------
    scores : ndarray of float, shape (n, items)
        Changed: known items are set to minus infinity.
    known : CSR, shape (n, items)
        Items that must not be shown.
    """
    rows = np.repeat(np.arange(known.shape[0]), np.diff(known.indptr))
    scores[rows, known.indices] = -np.inf
    count = min(k, scores.shape[1])
    least = -np.partition(-scores, count - 1, axis=1)[:, [count - 1]]
    chosen, level = scores > least, scores == least
    chosen |= level & (np.cumsum(level, axis=1) <= count - chosen.sum(axis=1, keepdims=True))
    first = np.nonzero(chosen)[1].reshape(len(scores), count)  # equal scores stand in the order of the catalogue
    ranked = np.take_along_axis(scores, first, axis=1)
    order = np.argsort(-ranked, axis=1, kind="stable")
    best, ranked = np.take_along_axis(first, order, axis=1), np.take_along_axis(ranked, order, axis=1)
    out = np.full((len(scores), k), -1)
    out[:, :count] = np.where(np.isneginf(ranked), -1, best)
    return out
