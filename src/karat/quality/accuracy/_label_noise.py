"""How likely a label is wrong, given what a model that has not seen it expects."""

from dataclasses import dataclass

import numpy as np

SHARPNESS = np.geomspace(0.2, 5.0, 25)  # exponents that make the model's probabilities sharper or flatter
RATES = np.geomspace(1e-4, 0.3, 40)
USUAL_RATE = 0.02  # mean of the prior on the share of wrong labels
FLOOR = 1e-6
ROUNDS = 25


@dataclass(frozen=True)
class LabelNoise:
    """A model of how labels go wrong.

    Parameters
    ----------
    sharpness : float
        The model's probabilities to this power, scaled to 1, fit the true labels.
    rates : ndarray of float64, shape (k,)
        How often a record of another class is given this label, per class.
    """

    sharpness: float
    rates: np.ndarray

    def true(self, expected: np.ndarray) -> np.ndarray:
        """(n, k) probability of each true label, the given one left out of account."""
        return _sharpened(expected, self.sharpness)

    def wrong(self, expected: np.ndarray, given: np.ndarray) -> np.ndarray:
        """(n,) probability that the given label is not the true one.

        Parameters
        ----------
        expected : ndarray of float64, shape (n, k)
            Out-of-fold class probabilities.
        given : ndarray of int, shape (n,)
            Position of the given label among the classes.
        """
        right = self.true(expected)[np.arange(len(given)), given]
        mistaken = self.rates[given] * (1 - right)
        out: np.ndarray = mistaken / (mistaken + (1 - self._leaving()[given]) * right + 1e-300)
        return out

    def _leaving(self) -> np.ndarray:
        """(k,) how often a record of a class is given some other label."""
        out: np.ndarray = np.minimum(self.rates.sum() - self.rates, 0.9)
        return out


def _sharpened(expected: np.ndarray, sharpness: float) -> np.ndarray:
    log = sharpness * np.log(np.maximum(expected, FLOOR))
    powered = np.exp(log - log.max(axis=1, keepdims=True))
    out: np.ndarray = powered / powered.sum(axis=1, keepdims=True)
    return out


def fit(expected: np.ndarray, given: np.ndarray) -> LabelNoise:
    """The most probable model of label noise (a lapse rate under a calibrated classifier).

    An uncertain model explains surprising labels by its own uncertainty; only surprises that stay as frequent where
    the model is surest speak for wrong labels. Sharpness and one rate are found on a grid, under a prior with mean
    ``USUAL_RATE``; then each class gets its own rate by expectation-maximisation.

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
        Out-of-fold class probabilities.
    given : ndarray of int, shape (n,)

    Source: Natarajan et al. (2013), Learning with noisy labels; Wichmann & Hill (2001) for the lapse rate.
    """
    classes, at = expected.shape[1], np.arange(len(given))
    best = (-np.inf, 1.0, USUAL_RATE)
    others = max(1, classes - 1)
    for sharpness in SHARPNESS:
        right = _sharpened(expected, sharpness)[at, given]
        seen = (1 - RATES[:, None]) * right + RATES[:, None] * (1 - right) / others
        score = np.log(np.maximum(seen, 1e-300)).sum(axis=1) - RATES / USUAL_RATE - np.log(sharpness) ** 2
        top = int(score.argmax())
        if score[top] > best[0]:
            best = (float(score[top]), float(sharpness), float(RATES[top]))
    noise = LabelNoise(best[1], np.full(classes, best[2] / others))
    right = noise.true(expected)
    outside = np.maximum(len(given) - right.sum(axis=0), 1.0)
    for _ in range(ROUNDS):  # each class's rate, drawn towards the common one
        wrong = np.bincount(given, noise.wrong(expected, given), minlength=classes)
        weight = 1 / best[2]
        noise = LabelNoise(best[1], (wrong + weight * best[2] / others) / (outside + weight))
    return noise
