"""What the surest answers of a model say of the rate of wrong labels, and how sharp its probabilities should be."""

import numpy as np

from karat.core.degrees import SMALL_SAMPLE

FLOOR = 1e-6  # definition: keeps the logarithm of 0 a number
# from earlier work on the eight sets of benchmarks/wrong_labels.md
SUREST = 0.2  # share of each predicted class, surest first, that is taken for right
# unproven: fewer follow chance, more level classes
STEADY = 15.0  # records' worth of the common rate behind each class's own
SHARPNESS = np.geomspace(0.25, 16.0, 13)  # unproven: the ends of the grid; which of them is chosen by likelihood
MOST = 0.9  # unproven: share of a class at most that may be called wrong
# unproven: how often it covers is measured in benchmarks/wrong_labels.md
SPREAD = 1.2  # standard errors of the anchored rate, either side
FINE = np.geomspace(0.15, 16.0, 48)  # unproven: the ends of the grid; which of them is chosen by likelihood


def tilt(wrong: np.ndarray, count: float) -> float:
    """The logarithm of the factor by which all odds must be multiplied so that the probabilities sum to ``count``."""
    low, high = -14.0, 14.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if moved(wrong, middle).sum() < count else (low, middle)
    return low


def moved(wrong: np.ndarray, by: float) -> np.ndarray:
    """The probabilities with the logarithms of their odds moved."""
    bounded = np.clip(wrong, 1e-9, 1 - 1e-9)
    odds = bounded / (1 - bounded) * np.exp(by)
    out: np.ndarray = odds / (1 + odds)
    return out


def anchored(expected: np.ndarray, top: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float, int]:
    """How often a record of each class is given each label (k, k), the common rate of wrong ones, and on how many."""
    size, classes = expected.shape
    sizes = np.bincount(top, minlength=classes)
    order = np.lexsort((-expected[np.arange(size), top], top))
    rank = np.empty(size, np.int64)
    rank[order] = np.arange(size) - (np.cumsum(sizes) - sizes)[top[order]]
    sure = rank < np.maximum(np.ceil(SUREST * sizes), np.minimum(sizes, SMALL_SAMPLE))[top]
    joint = np.bincount(top[sure] * classes + labels[sure], minlength=classes**2).reshape(classes, classes)
    off = joint.sum() - np.trace(joint)
    rate = float((off + 0.5) / (joint.sum() + 1))
    common = np.full((classes, classes), rate / max(classes - 1, 1))
    np.fill_diagonal(common, 1 - rate)
    flips = joint + STEADY * common
    return flips / flips.sum(axis=1, keepdims=True), rate, int(sure.sum())


def ends(flips: np.ndarray, rate: float, seen: int) -> tuple[np.ndarray, np.ndarray]:
    """The flips at the lower and the upper end of what chance leaves open of their rate."""
    error = np.sqrt(max(rate * seen, 1.0)) / max(rate * seen, 0.5)
    low, high = (scaled(flips, max(1 + wide * error, 0.05)) for wide in (-SPREAD, SPREAD))
    return low, high


def scaled(flips: np.ndarray, by: float) -> np.ndarray:
    """The same flips, ``by`` times as frequent."""
    worst = float(1 - flips.diagonal().min())
    eye = np.eye(len(flips))
    out: np.ndarray = eye + min(by, MOST / max(worst, 1e-9)) * (flips - eye)
    return out


def sharpness(log: np.ndarray, labels: np.ndarray, transition: np.ndarray) -> float:
    """The power of the probabilities under which the given labels are most likely."""
    columns = transition.T[labels]
    scores = [
        np.log(np.maximum((softmax(sharp * log) * columns).sum(axis=1), 1e-12)).sum() - 0.5 * np.log(sharp) ** 2
        for sharp in SHARPNESS
    ]
    return float(SHARPNESS[int(np.argmax(scores))])


def calibrating_power(log: np.ndarray, labels: np.ndarray) -> float:
    """The power of the probabilities under which the labels are most likely if all are right."""
    at = np.arange(len(labels))
    fits = [float(np.log(np.maximum(softmax(sharp * log)[at, labels], 1e-12)).sum()) for sharp in FINE]
    return float(FINE[int(np.argmax(fits))])


def further(true: np.ndarray, own: np.ndarray, wrong: np.ndarray, share: float) -> np.ndarray:
    """Wrong, too, where the truth is sharper than the labels are: doubt that grows with the rate of wrong labels."""
    squares = true**2
    sharper = own**2 / squares.sum(axis=1)
    more = np.maximum(0.0, own - sharper) / np.maximum(own, 1e-12)
    out: np.ndarray = wrong + (1 - wrong) * share * more
    return out


def softmax(scores: np.ndarray) -> np.ndarray:
    powered = np.exp(scores - scores.max(axis=1, keepdims=True))
    powered /= powered.sum(axis=1, keepdims=True)
    out: np.ndarray = powered
    return out
