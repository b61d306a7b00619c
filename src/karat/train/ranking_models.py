"""Fitted recommenders: what they answer for a person's history."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class ItemWeights:
    """Scores of every item as weighted sums over a history: ``histories @ weights``.

    Parameters
    ----------
    weights : ndarray or CSR of float, shape (items, items)
        How much having met one item speaks for another; the diagonal is 0.
    """

    weights: Any
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, items) scores for histories (n, items) in CSR; a history may be of somebody never seen in training."""
        scores = features @ self.weights
        return np.asarray(scores.toarray() if hasattr(scores, "toarray") else scores)


@dataclass(frozen=True, eq=False)
class ItemFactors:
    """Scores from factors: a history is folded into the space of the items, then compared with every item.

    Parameters
    ----------
    items : ndarray of float64, shape (items, f)
    bias : ndarray of float64, shape (items,)
    penalty, confidence : float
        Of the least squares that fold a history in.
    known : ndarray of float64, shape (users, f), or None
        Factors of the users met in training, for histories given in the same rows.
    fold : ndarray of float64, shape (f, f), or None
        From the mean of a history's items to its user, where factors are no least-squares answer to 1 and 0.
    """

    items: np.ndarray
    bias: np.ndarray
    penalty: float
    confidence: float
    known: np.ndarray | None = None
    fold: np.ndarray | None = None
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, items) scores for histories (n, items) in CSR, folded in one by one."""
        return np.asarray(self.folded(features) @ self.items.T + self.bias)

    def predict_known(self, rows: np.ndarray) -> np.ndarray:
        """(n, items) scores for users by their row in training; by their own factors where training made some."""
        assert self.known is not None
        return np.asarray(self.known[rows] @ self.items.T + self.bias)

    def folded(self, features: Any) -> np.ndarray:
        """(n, f) factors of histories."""
        from karat.kernels.ranking import solve_rows

        histories = features.tocsr()
        if self.fold is not None:
            return np.asarray(mean_item(histories, self.items) @ self.fold)
        gram = self.items.T @ self.items + self.penalty * np.eye(self.items.shape[1])
        out = np.zeros((histories.shape[0], self.items.shape[1]))
        weights = self.confidence * histories.data.astype(np.float64)
        solve_rows(histories.indptr, histories.indices, weights, self.items, gram, out)
        return out


def mean_item(histories: Any, items: np.ndarray) -> np.ndarray:
    """(n, f) the mean factors of each history's items; 0 for an empty one."""
    sizes = np.maximum(1, np.diff(histories.indptr))
    return np.asarray(histories @ items) / sizes[:, None]
