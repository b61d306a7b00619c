"""Answers of a fitted model, corrected by a few numbers that newer outcomes give: no new training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph, Written

FLOOR = 1e-6  # definition: probabilities below count as this much, so that their logarithm exists
RIDGE = 1e-3  # cost: holds the shift of classes that did not occur at 0


@dataclass(frozen=True)
class Correction:
    """Scale and shift of a model's answers.

    Source: bias-corrected temperature scaling (Alexandari, Kundaje and Shrikumar 2020); for two classes this is Platt
    scaling (1999), for numbers a line.

    Parameters
    ----------
    scale : float
        Of log-probabilities, or of numbers.
    shift : tuple of float
        One a class, or one alone for numbers.
    """

    scale: float = 1.0
    shift: tuple[float, ...] = ()

    @classmethod
    def fit(cls, answers: np.ndarray, truth: np.ndarray) -> "Correction":
        """The correction under which these outcomes are likeliest.

        Parameters
        ----------
        answers : ndarray, shape (n, k) or (n,)
            Probabilities, or numbers.
        truth : ndarray, shape (n,)
            Codes of classes, or numbers.
        """
        return _line(answers, truth) if answers.ndim == 1 else _likeliest(answers, truth.astype(np.int64))

    def apply(self, answers: np.ndarray) -> np.ndarray:
        """Corrected answers, in the same shape."""
        if not self.shift:
            return answers
        if answers.ndim == 1:
            return np.asarray(self.scale * answers + self.shift[0])
        return _softmax(self.scale * np.log(np.clip(answers, FLOOR, 1.0)) + np.array(self.shift))


def _line(answers: np.ndarray, truth: np.ndarray) -> Correction:
    spread = float(answers.var())
    scale = float(np.mean((answers - answers.mean()) * (truth - truth.mean()))) / spread if spread else 1.0
    return Correction(scale, (float(truth.mean() - scale * answers.mean()),))


def _likeliest(answers: np.ndarray, truth: np.ndarray) -> Correction:
    from scipy.optimize import minimize

    logs, hit = np.log(np.clip(answers, FLOOR, 1.0)), np.zeros_like(answers, np.float64)
    hit[np.arange(len(truth)), truth] = 1.0

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        chances = _softmax(values[0] * logs + values[1:])
        apart = (chances - hit) / len(hit)
        slope = np.append((apart * logs).sum(), apart.sum(axis=0) + RIDGE * values[1:])
        own = -np.log(np.maximum(chances[np.arange(len(truth)), truth], FLOOR)).mean()
        return float(own + 0.5 * RIDGE * (values[1:] ** 2).sum()), slope

    start = np.append(1.0, np.zeros(answers.shape[1]))
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] + [(None, None)] * (len(start) - 1))
    return Correction(float(best.x[0]), tuple(map(float, best.x[1:])))


def _softmax(margins: np.ndarray) -> np.ndarray:
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Recalibrated:
    """A fitted model whose answers are corrected.

    Parameters
    ----------
    model : object
        Any fitted model.
    correction : Correction
    """

    model: Any
    correction: Correction

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) class probabilities, or (n,) numbers."""
        return self.correction.apply(np.asarray(self.model.predict(features)))

    def to_onnx(self, graph: Graph, blocks: Written, any_input: str) -> str:
        """The nodes of ``predict``."""
        answer = graph.cast(self.model.to_onnx(graph, blocks, any_input), "DOUBLE")
        if not self.correction.shift:
            return answer
        if len(self.correction.shift) > 1:
            ends = [graph.constant(end, np.float64) for end in (FLOOR, 1.0)]
            answer = graph.add("Log", graph.add("Clip", answer, *ends))
        scaled = graph.add("Mul", answer, graph.constant(self.correction.scale, np.float64))
        shifted = graph.add("Add", scaled, _row(graph, self.correction.shift))
        return graph.add("Softmax", shifted, axis=1) if len(self.correction.shift) > 1 else shifted


def _row(graph: Graph, shift: Sequence[float]) -> str:
    return graph.constant([list(shift)], np.float64)
