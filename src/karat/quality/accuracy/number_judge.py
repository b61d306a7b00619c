"""Which numbers are wrong, judged by what a model that never saw them expects."""

from dataclasses import dataclass, replace
from math import lgamma, log, pi

import numpy as np

from karat.core.degrees import LARGE_SAMPLE
from karat.quality.accuracy.label_beliefs import LabelBeliefs

# unproven; benchmarks/wrong_labels.md measures the whole
TAILS = (5.0, 30.0)  # degrees of freedom of the usual errors: heavy, nearly normal; each believed as much
# cost: the ends of the grid; each is believed as far as the errors bear it out
RATES = np.geomspace(1e-3, 0.45, 24)
WIDER = np.geomspace(1.5, 30.0, 10)  # cost: the ends of the grid; likewise
NEIGHBOURS = 0.1  # share of the records that the usual error at a prediction is taken from; unproven
# cost: a grid; the likeliest of them is taken
ONE_GROUP = [(tail, scale) for tail in (1.5, 2, 3, 4, 5, 8, 30) for scale in (0.7, 0.8, 0.9, 1, 1.1, 1.25)]
# benchmark: wrong_labels.md; log likelihood by which two groups explain the errors better than one with heavy tails:
# at most 2.3 in 120 sets of right numbers of four shapes
PROVEN = 3.0
BY_CHANCE = 0.05  # definition: of the largest of all right numbers


@dataclass(frozen=True)
class NumberJudge:
    """What a model's errors tell: their usual size, which may depend on the prediction, and a wider group, the wrong.

    How many are wrong and how much wider they lie is found by likelihood, under two kinds of tail.

    Parameters
    ----------
    middle : float
        The median error.
    guesses : ndarray of float64, shape (m,)
        Predictions, rising.
    ranks, sizes : ndarray of float64
        The usual error at some of their ranks; between them it is interpolated.
    groups : ndarray of float64, shape (h, 3)
        Of each belief: the tail, how much wider the wrong lie, and their share.
    weights : ndarray of float64, shape (h,)
    alone : tuple of float
        Tail and scale of one group that explains all errors as well as one can.
    gain : float
        Log likelihood by which two groups explain them better.
    """

    middle: float
    guesses: np.ndarray
    ranks: np.ndarray
    sizes: np.ndarray
    groups: np.ndarray
    weights: np.ndarray
    alone: tuple[float, float] = (TAILS[0], 1.0)
    gain: float = 0.0

    @classmethod
    def of(cls, numbers: np.ndarray, guess: np.ndarray) -> "NumberJudge":
        """Learned from numbers (n,) and predictions (n,) out of sample; n is at least 1."""
        residual = numbers - guess
        ranks, sizes = _usual(residual, guess)
        middle = float(np.median(residual))
        unfitted = cls(middle, np.sort(guess), ranks, sizes, np.zeros((0, 3)), np.zeros(0))
        apart = unfitted.apart(numbers, guess)
        groups, scores, seen_of = [], [], []
        for tail in TAILS:
            usual = _student(apart, tail)
            for wider in WIDER:
                strange = _student(apart / wider, TAILS[0]) / wider
                seen = np.log(np.outer(1 - RATES, usual) + np.outer(RATES, strange) + 1e-300).sum(axis=1)
                score = seen - RATES / 0.1
                best = int(score.argmax())
                groups.append((tail, wider, float(RATES[best])))
                scores.append(float(score[best]))
                seen_of.append(float(seen[best]))
        fits = np.array(scores).reshape(len(TAILS), -1)
        likelihood = np.exp(fits - fits.max(axis=1, keepdims=True))
        weights = (likelihood / likelihood.sum(axis=1, keepdims=True)).ravel() / len(TAILS)
        keep = weights >= min(0.01, weights.max())
        single = [float(np.log(_student(apart / scale, tail) / scale).sum()) for tail, scale in ONE_GROUP]
        return replace(
            unfitted,
            groups=np.array(groups)[keep],
            weights=weights[keep] / weights[keep].sum(),
            alone=ONE_GROUP[int(np.argmax(single))],
            gain=max(seen_of) - max(single),
        )

    def apart(self, numbers: np.ndarray, guess: np.ndarray) -> np.ndarray:
        """(n,) how many usual errors each number lies off."""
        rank = np.searchsorted(self.guesses, guess)
        return np.asarray((numbers - guess - self.middle) / np.interp(rank, self.ranks, self.sizes))

    def beliefs(self, numbers: np.ndarray, guess: np.ndarray) -> LabelBeliefs:
        """How probably each number is wrong."""
        apart = self.apart(numbers, guess)
        chances = []
        for tail, wider, rate in self.groups.tolist():
            odds = rate * _student(apart / wider, TAILS[0]) / wider / ((1 - rate) * _student(apart, tail) + 1e-300)
            chances.append(np.where(np.abs(apart) > 1, odds / (1 + odds), np.minimum(odds / (1 + odds), rate)))
        beliefs = np.array(chances)
        none = np.zeros(len(apart), np.int64)  # there are no classes
        return LabelBeliefs(self.weights @ beliefs, beliefs, self.weights, self.weights, none)

    def proven(self, numbers: np.ndarray, guess: np.ndarray) -> np.ndarray:
        """(n,) bool: where one group of errors with heavy tails, all numbers right, is no explanation."""
        from scipy.special import stdtr

        tail, scale = self.alone
        larger = len(self.guesses) * 2 * stdtr(tail, -np.abs(self.apart(numbers, guess)) / scale)
        return np.asarray((self.gain > PROVEN) | (larger < BY_CHANCE))


def _usual(residual: np.ndarray, guess: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranks of predictions, and the usual error there: the median distance among neighbours, as a deviation."""
    distance = np.abs(residual - np.median(residual))
    whole = 1.4826 * float(np.median(distance))
    if whole == 0:
        whole = float(distance.mean()) or 1.0
    width = max(int(NEIGHBOURS * len(residual)), LARGE_SAMPLE)
    if len(residual) < 4 * width:
        return np.zeros(1), np.full(1, whole)
    order = np.argsort(guess, kind="stable")
    middles = np.arange(0, len(order) - width + 1, max(width // 4, 1))
    local = [1.4826 * float(np.median(distance[order[at : at + width]])) for at in middles]
    return middles + width / 2, np.maximum(local, 0.2 * whole)


def _student(apart: np.ndarray, tail: float) -> np.ndarray:
    """The density of Student's t."""
    scale = lgamma((tail + 1) / 2) - lgamma(tail / 2) - 0.5 * log(tail * pi)
    out: np.ndarray = np.exp(scale - (tail + 1) / 2 * np.log1p(apart**2 / tail))
    return out
