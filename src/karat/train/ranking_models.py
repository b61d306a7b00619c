"""Fitted recommenders: what they answer for a person's history."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph

CHEBYSHEV_STEPS = 24  # cost: for a confidence of 2 the error falls by 3.7 a step, below float32 after 14


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

    def to_onnx(self, graph: Graph, met: str) -> str:
        """The nodes of ``predict`` for what was met, (n, items) float of 0 and 1."""
        dense = self.weights.toarray() if hasattr(self.weights, "toarray") else self.weights
        return graph.add("MatMul", met, graph.constant(dense, np.float32))


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

    def to_onnx(self, graph: Graph, met: str) -> str:
        """The nodes of ``predict`` for what was met, (n, items) float of 0 and 1."""
        return graph.add(
            "Add",
            graph.add("MatMul", self._folded_to_onnx(graph, met), graph.constant(self.items.T, np.float32)),
            graph.constant(self.bias[None, :], np.float32),
        )

    def _folded_to_onnx(self, graph: Graph, met: str) -> str:
        """(n, f): the mean of a history by a map, or least squares by Chebyshev's steps.

        With the inverse of the items' own matrix before it the system has eigenvalues from 1 to 1 + confidence, so that
        a fixed number of steps solves it for every history. Source: Golub & Van Loan (2013), section 11.2.8.
        """
        items = graph.constant(self.items, np.float32)
        if self.fold is not None:
            size = graph.add("ReduceSum", met, graph.constant([1], np.int64), keepdims=1)
            whole = graph.add("Max", size, graph.constant([[1]], np.float32))
            mean = graph.add("Div", graph.add("MatMul", met, items), whole)
            return graph.add("MatMul", mean, graph.constant(self.fold, np.float32))
        gram = self.items.T @ self.items + self.penalty * np.eye(self.items.shape[1])
        inverse = graph.constant(np.linalg.inv(gram), np.float32)
        across = graph.constant(self.items.T, np.float32)

        def scaled(tensor: str, factor: float) -> str:
            return graph.add("Mul", tensor, graph.constant([[factor]], np.float32))

        wanted = graph.add("MatMul", scaled(graph.add("MatMul", met, items), 1 + self.confidence), inverse)
        middle, half = 1 + self.confidence / 2, self.confidence / 2
        step = 1 / middle
        move = wanted
        answer = scaled(move, step)
        for at in range(CHEBYSHEV_STEPS):
            own = graph.add("Mul", met, graph.add("MatMul", answer, across))
            more = graph.add("MatMul", scaled(graph.add("MatMul", own, items), self.confidence), inverse)
            left = graph.add("Sub", graph.add("Sub", wanted, answer), more)
            share = (half * step / 2) ** 2 * (1 if at else 2)
            step = 1 / (middle - share / step)
            move = graph.add("Add", left, scaled(move, share))
            answer = graph.add("Add", answer, scaled(move, step))
        return answer


def mean_item(histories: Any, items: np.ndarray) -> np.ndarray:
    """(n, f) the mean factors of each history's items; 0 for an empty one."""
    sizes = np.maximum(1, np.diff(histories.indptr))
    return np.asarray(histories @ items) / sizes[:, None]
