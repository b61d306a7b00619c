"""How likely a label is wrong, given what a model that has not seen it expects."""

from dataclasses import dataclass

import numpy as np

# unproven: a grid; finer costs time
SHARPNESS = np.geomspace(0.2, 12.0, 28)  # exponents that make the model's probabilities sharper or flatter
# unproven: a grid of shares of wrong labels, up to a half; finer costs time
RATES = np.concatenate([np.geomspace(1e-4, 0.05, 16), np.linspace(0.06, 0.5, 23)])
# unproven: higher names more labels
USUAL_RATE = 0.02  # scale of the prior on the share of wrong labels, which is long in the tail
FLOOR = 1e-6  # unproven: lower lets a sure answer of the model weigh more
SUREST = 0.2  # share of each predicted class, surest first; unproven: more records, less sure ones
# unproven: higher keeps what the curve says more often
SUPPORTED = 0.6  # share of the contradictions among the surest that the curve must explain as wrong labels
FAINT = 2e-3  # beliefs with less weight are let go; unproven: drops little, saves time


@dataclass(frozen=True)
class LabelNoise:
    """Beliefs about how labels go wrong, and how much each is worth.

    Parameters
    ----------
    sharpness : ndarray of float64, shape (h,)
        The model's probabilities to this power, scaled to 1, fit the true labels.
    rates : ndarray of float64, shape (h,)
        How often a label is wrong.
    weights : ndarray of float64, shape (h,)
        Sum 1.
    """

    sharpness: np.ndarray
    rates: np.ndarray
    weights: np.ndarray

    def true(self, expected: np.ndarray) -> np.ndarray:
        """(n, k) probability of each true label, the given one left out of account."""
        out = np.zeros(expected.shape)
        for sharpness in np.unique(self.sharpness):
            out += self.weights[self.sharpness == sharpness].sum() * _sharpened(expected, sharpness)
        return out

    def wrong(self, expected: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """(n,) probability that the given label is not the true one.

        Parameters
        ----------
        expected : ndarray of float64, shape (n, k)
            Out-of-fold class probabilities.
        labels : ndarray of int, shape (n,)
            Position of the given label among the classes.
        """
        at, others = np.arange(len(labels)), max(1, expected.shape[1] - 1)
        out = np.zeros(len(labels))
        for sharpness in np.unique(self.sharpness):
            right = _sharpened(expected, sharpness)[at, labels]
            for belief in np.flatnonzero(self.sharpness == sharpness):
                mistaken = self.rates[belief] / others * (1 - right)
                out += self.weights[belief] * mistaken / (mistaken + (1 - self.rates[belief]) * right + 1e-300)
        return out


def _sharpened(expected: np.ndarray, sharpness: float) -> np.ndarray:
    log = sharpness * np.log(np.maximum(expected, FLOOR))
    powered = np.exp(log - log.max(axis=1, keepdims=True))
    out: np.ndarray = powered / powered.sum(axis=1, keepdims=True)
    return out


def fit(expected: np.ndarray, labels: np.ndarray) -> LabelNoise:
    """What to believe of label noise (a lapse rate under a calibrated classifier).

    An uncertain model explains surprising labels by its own uncertainty; only surprises that stay as frequent where
    the model is surest speak for wrong labels. Sharpness and rate are weighed on a grid, under a prior of scale
    ``USUAL_RATE``. Where the labels cannot tell the one from the other, both beliefs are kept. A rate so found is held
    against the share of labels that contradict the model's surest answers, which needs no such curve: where it
    supports it, that share is the rate.

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
        Out-of-fold class probabilities.
    labels : ndarray of int, shape (n,)

    Source: Natarajan et al. (2013), Learning with noisy labels; Wichmann & Hill (2001) for the lapse rate; Liu & Tao
    (2016) for the surest answers.
    """
    at, others = np.arange(len(labels)), max(1, expected.shape[1] - 1)
    scores = np.empty((len(SHARPNESS), len(RATES)))
    for row, sharpness in enumerate(SHARPNESS):
        right = _sharpened(expected, sharpness)[at, labels]
        seen = (1 - RATES[:, None]) * right + RATES[:, None] * (1 - right) / others
        likelihood = np.log(np.maximum(seen, 1e-300)).sum(axis=1)
        scores[row] = likelihood - 2 * np.log1p(RATES / USUAL_RATE) - np.log(sharpness) ** 2
    weights = _weighed(scores)
    seen_rate = float(weights.sum(axis=0) @ RATES)
    anchored = _anchored(expected, labels)
    if SUPPORTED * anchored <= seen_rate < anchored:
        scores[:, np.arange(len(RATES)) != np.abs(RATES - anchored).argmin()] = -np.inf
        weights = _weighed(scores)
    sharp, rate = np.nonzero(weights >= min(FAINT, weights.max()))
    kept = weights[sharp, rate]
    return LabelNoise(SHARPNESS[sharp], RATES[rate], kept / kept.sum())


def _weighed(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max())
    out: np.ndarray = weights / weights.sum()
    return out


def _anchored(expected: np.ndarray, labels: np.ndarray) -> float:
    """The share of labels that contradict the model's surest answers, each predicted class having its part in them."""
    top, size = expected.argmax(axis=1), len(labels)
    sizes = np.bincount(top, minlength=expected.shape[1])
    order = np.lexsort((-expected[np.arange(size), top], top))
    rank = np.arange(size) - (np.cumsum(sizes) - sizes)[top[order]]
    sure = order[rank < np.ceil(SUREST * sizes)[top[order]]]
    return float((top[sure] != labels[sure]).mean()) if len(sure) else 0.0
