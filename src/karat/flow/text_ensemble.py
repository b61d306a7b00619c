"""More than one way to answer for a text, and how to weigh the answers."""

from typing import Any

import numpy as np

from karat.core.degrees import MIXED_SAMPLE

SMOOTHING = 0.3  # unproven: added to every weight of a class; more trusts rare words less
DIMENSIONS, ROUNDS = 128, 2
STRENGTH = 0.3  # unproven: inverse penalty of the regression on meanings; less heeds wrong labels less
LEAST = 1e-9  # definition: in place of 0 under a logarithm or a fraction line


def by_words(shown: Any, labels: np.ndarray, asked: Any, classes: int) -> np.ndarray:
    """(n, k) of multinomial naive Bayes on weights >= 0: biased, but hardly moved by single wrong labels."""
    if shown.nnz and shown.data.min() < 0:
        shown, asked = abs(shown), abs(asked)
    logs = np.empty((shown.shape[1], classes))
    share = np.bincount(labels, minlength=classes) / max(len(labels), 1)
    for label in range(classes):
        seen = np.asarray(shown[labels == label].sum(axis=0), np.float64).ravel() + SMOOTHING
        logs[:, label] = np.log(seen / seen.sum())
    return _softmax(np.asarray(asked @ logs) + np.log(np.maximum(share, LEAST)))


def meanings(features: Any, seed: int) -> np.ndarray:
    """Texts as unit vectors (n, d) float32 along the directions in which their n-grams go together.

    So few directions cannot learn a wrong label by heart. No label is read.

    Parameters
    ----------
    features : CSR matrix (n, v)

    Source: Deerwester et al. (1990), latent semantic analysis; Halko, Martinsson & Tropp (2011).
    """
    matrix = features.astype(np.float32)
    wide = min(DIMENSIONS, *matrix.shape)
    basis = np.random.default_rng(seed).standard_normal((matrix.shape[0], wide)).astype(np.float32)
    for _ in range(ROUNDS + 1):
        basis = np.linalg.qr(np.asarray(matrix @ (matrix.T @ basis)))[0]
    inner = np.asarray(matrix.T @ basis)
    sizes, turned = np.linalg.eigh(inner.T @ inner)
    spots = (basis @ turned) * np.sqrt(np.maximum(sizes, 0))
    out: np.ndarray = spots / np.maximum(np.linalg.norm(spots, axis=1, keepdims=True), LEAST)
    return out.astype(np.float32)


def by_meaning(shown: np.ndarray, labels: np.ndarray, asked: np.ndarray, classes: int, seed: int) -> np.ndarray:
    """(n, k) of a logistic regression on meanings."""
    from karat.train.linear import Linear

    return np.asarray(Linear(strength=STRENGTH, classes=classes).fit(shown, labels, seed).predict(asked))


def weighed(views: list[np.ndarray], labels: np.ndarray) -> np.ndarray:
    """(n, k): the product of the views' probabilities, each to the power under which the given labels are likeliest.

    Parameters
    ----------
    views : list of ndarray of float64, shape (n, k)
        Answers to records that were not learned from; NaN where there is none.
    labels : ndarray of int64, shape (n,)
        -1 where unknown.

    Source: Wolpert (1992), Stacked generalization.
    """
    from scipy.optimize import minimize

    logs = np.stack([np.log(np.maximum(view, LEAST)) for view in views])
    known = np.flatnonzero((labels >= 0) & ~np.isnan(logs).any(axis=(0, 2)))
    powers = np.full(len(views), 1 / len(views))
    if len(known) >= MIXED_SAMPLE:
        known_logs, label = logs[:, known], labels[known]
        own = known_logs[:, np.arange(len(known)), label]

        def loss(power: np.ndarray) -> tuple[float, np.ndarray]:
            scores = np.tensordot(power, known_logs, 1)
            top = scores.max(axis=1, keepdims=True)
            whole = np.exp(scores - top).sum(axis=1, keepdims=True)
            share = np.exp(scores - top) / whole
            steep = ((share * known_logs).sum(axis=2) - own).mean(axis=1)
            return float((top[:, 0] + np.log(whole[:, 0]) - power @ own).mean()), steep

        optimum = minimize(loss, powers, jac=True, method="L-BFGS-B", bounds=[(0.0, 5.0)] * len(views))
        powers = optimum.x if optimum.x.sum() > 0 else powers
    return _softmax(np.tensordot(powers, logs, 1))


def _softmax(scores: np.ndarray) -> np.ndarray:
    powered = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: np.ndarray = powered / powered.sum(axis=1, keepdims=True)
    return out
