"""How many labels are wrong, and which: what the surest answers say, and how far the unsure ones may go beyond it."""

from dataclasses import dataclass

import numpy as np

from karat.label._confident import confident

FLOOR = 1e-6  # definition: keeps the logarithm of 0 a number
# from earlier work on the eight sets of benchmarks/wrong_labels.md
SUREST = 0.2  # share of each predicted class, surest first, that is taken for right
FEWEST = 10  # of each predicted class, where there are so many; unproven: fewer vary more
# unproven: fewer follow chance, more level classes
STEADY = 15.0  # records' worth of the common rate behind each class's own
FITTED_ON = 4_096  # records that sharpness is found on; cost: of more a sample
SHARPNESS = np.geomspace(0.25, 16.0, 13)  # unproven: the ends of the grid; which of them is chosen by likelihood
# the model's own errors among its surest answers, as a share of its errors anywhere; none: a rate below and one above
OWN_ERRORS = (0.0, 0.3, 0.7)  # from earlier work on the eight sets of benchmarks/wrong_labels.md
# beliefs: each of those; the count that confident learning gives; every disagreement; what confident learning flags
# the last chosen on four sets (benchmarks/wrong_labels.md), others unproven
WEIGHTS = (0.125, 0.125, 0.1, 0.025, 0.3, 0.075, 0.25)  # in ranking and cutting
# in what is stated: of a weak model; a good one gives up to GOOD of it to the higher counts
CREDENCE = (0.65, 0.0, 0.25, 0.1, 0.0, 0.0, 0.0)  # unproven; benchmarks/wrong_labels.md measures what is stated so
HIGHER = (0.0, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0)  # chosen on four sets of benchmarks/wrong_labels.md
# chosen on four sets of benchmarks/wrong_labels.md
GOOD, WEAK = 0.4, 0.3  # WEAK: share of answers that are the model's own errors, from which nothing is given
# the first chosen on four sets of benchmarks/wrong_labels.md, the other unproven
PICKED, PASSED = 0.75, 0.3  # how far confident learning's own flags, and what it leaves, are believed
BEYOND = 1.1  # wrong labels also stand where the model agrees with them; unproven: how many
# unproven: how often it covers is measured in benchmarks/wrong_labels.md
SPREAD = 1.2  # standard errors of the anchored rate, either side
MOST = 0.9  # unproven: share of a class at most that may be called wrong
USUAL_RATE = 0.01  # up to here, unsure answers are left to the model; unproven


@dataclass(frozen=True)
class NoiseEstimate:
    """What is believed about the labels.

    Parameters
    ----------
    wrong : ndarray of float64, shape (n,)
        Probability that the given label is not the true one, over all beliefs.
    beliefs : ndarray of float64, shape (h, n)
        The same under each belief.
    weights : ndarray of float64, shape (h,)
        Sum 1.
        In ranking and cutting: what a miss under each belief would matter.
    credence : ndarray of float64, shape (h,)
        Sum 1; in what is stated: how probable each belief is.
    likely : ndarray of int64, shape (n,)
        The most probable class but the given one.
    surplus : float
        By how many standard errors the labels that the model contradicts outnumber those it would contradict if all
        were right.
    """

    wrong: np.ndarray
    beliefs: np.ndarray
    weights: np.ndarray
    credence: np.ndarray
    likely: np.ndarray
    surplus: float = np.inf

    @property
    def stated(self) -> np.ndarray:
        """(n,) probability that the label is wrong, as far as numbers are told."""
        out: np.ndarray = self.credence @ self.beliefs
        return out


def doubt(expected: np.ndarray, labels: np.ndarray, seed: int = 0) -> NoiseEstimate:
    """Which labels are wrong, under each of several beliefs about how labels go wrong.

    A model's surest answers are nearly always right, so the share of labels that contradict them estimates the rate
    of wrong labels, class by class (anchor points). From there the beliefs part: some of those contradictions may be
    the model's own; where it is unsure, labels may be wrong more often than that; and confident learning has its own
    count and its own picks.

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
        Out-of-sample class probabilities.
    labels : ndarray of int64, shape (n,)
    seed : int

    Source: Liu & Tao (2016), anchor points; Patrini et al. (2017); Northcutt et al. (2021), confident learning.
    """
    size, classes = expected.shape
    at = np.arange(size)
    top = expected.argmax(axis=1)
    flips, rate, seen = _anchored(expected, top, labels)
    differ = float((top != labels).mean())
    log = np.log(np.maximum(expected, FLOOR))
    some = np.random.default_rng(seed).permutation(size)[:FITTED_ON]
    sharpened: dict[float, np.ndarray] = {}
    beliefs: list[np.ndarray] = []
    smooth, surplus = np.zeros(size), 0.0
    error = np.sqrt(max(rate * seen, 1.0)) / max(rate * seen, 0.5)
    for share in OWN_ERRORS:
        left = max((rate - share * differ) / (1 - share), 0.03 * rate) / rate
        for wide in (-SPREAD, SPREAD) if share == 0 else (0.0,):
            transition = _scaled(flips, left * max(1 + wide * error, 0.05))
            sharp = _sharpness(log[some], labels[some], transition)
            true = sharpened.setdefault(sharp, _softmax(sharp * log))
            own = true[at, labels]
            wrong = 1 - own * transition[labels, labels] / np.maximum((true * transition.T[labels]).sum(axis=1), 1e-12)
            beliefs.append(wrong)
            if share == 0:
                surplus += 0.5 * _surplus(true, top, labels)
                smooth += 0.5 * _further(true, own, wrong, min(max(10 * (rate - USUAL_RATE), 0.0), 1.0))
    counted = 0.5 * float(beliefs[0].sum() + beliefs[1].sum())
    confidently, picked = confident(expected, labels)
    beliefs += [
        tilted(smooth, max(confidently, 1.0)),
        tilted(smooth, max(counted, BEYOND * differ * size)),
        np.where(picked, PICKED, PASSED * beliefs[0]),
    ]
    weights = np.array(WEIGHTS)
    good = GOOD * min(max(1 - (differ - float(beliefs[0].mean())) / WEAK, 0.0), 1.0)
    credence = (1 - good) * np.array(CREDENCE) + good * np.array(HIGHER)
    stacked = np.array(beliefs)
    other = expected.copy()
    other[at, labels] = -1
    likely = other.argmax(axis=1) if classes > 1 else labels
    return NoiseEstimate(weights @ stacked, stacked, weights, credence, likely, surplus)


def _surplus(true: np.ndarray, top: np.ndarray, labels: np.ndarray) -> float:
    """How far the contradicted labels outnumber the model's own errors, as its sharpened probabilities expect them."""
    errors = 1 - true[np.arange(len(top)), top]
    return float(((top != labels).sum() - errors.sum()) / np.sqrt((errors * (1 - errors)).sum() + FLOOR))


def tilted(wrong: np.ndarray, count: float) -> np.ndarray:
    """The probabilities with their odds multiplied by one factor, so that they sum to ``count``."""
    bounded = np.clip(wrong, 1e-9, 1 - 1e-9)
    odds = bounded / (1 - bounded)
    low, high = -14.0, 14.0
    for _ in range(40):
        middle = (low + high) / 2
        moved = odds * np.exp(middle)
        low, high = (middle, high) if (moved / (1 + moved)).sum() < count else (low, middle)
    moved = odds * np.exp(low)
    out: np.ndarray = moved / (1 + moved)
    return out


def _anchored(expected: np.ndarray, top: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float, int]:
    """How often a record of each class is given each label (k, k), the common rate of wrong ones, and on how many."""
    size, classes = expected.shape
    sizes = np.bincount(top, minlength=classes)
    order = np.lexsort((-expected[np.arange(size), top], top))
    rank = np.empty(size, np.int64)
    rank[order] = np.arange(size) - (np.cumsum(sizes) - sizes)[top[order]]
    sure = rank < np.maximum(np.ceil(SUREST * sizes), np.minimum(sizes, FEWEST))[top]
    joint = np.bincount(top[sure] * classes + labels[sure], minlength=classes**2).reshape(classes, classes)
    off = joint.sum() - np.trace(joint)
    rate = float((off + 0.5) / (joint.sum() + 1))
    common = np.full((classes, classes), rate / max(classes - 1, 1))
    np.fill_diagonal(common, 1 - rate)
    flips = joint + STEADY * common
    return flips / flips.sum(axis=1, keepdims=True), rate, int(sure.sum())


def _scaled(flips: np.ndarray, by: float) -> np.ndarray:
    """The same flips, ``by`` times as frequent."""
    worst = float(1 - flips.diagonal().min())
    eye = np.eye(len(flips))
    out: np.ndarray = eye + min(by, MOST / max(worst, 1e-9)) * (flips - eye)
    return out


def _sharpness(log: np.ndarray, labels: np.ndarray, transition: np.ndarray) -> float:
    """The power of the probabilities under which the given labels are most likely."""
    columns = transition.T[labels]
    scores = [
        np.log(np.maximum((_softmax(sharp * log) * columns).sum(axis=1), 1e-12)).sum() - 0.5 * np.log(sharp) ** 2
        for sharp in SHARPNESS
    ]
    return float(SHARPNESS[int(np.argmax(scores))])


def _further(true: np.ndarray, own: np.ndarray, wrong: np.ndarray, share: float) -> np.ndarray:
    """Wrong, too, where the truth is sharper than the labels are: doubt that grows with the rate of wrong labels."""
    squares = true**2
    sharper = own**2 / squares.sum(axis=1)
    more = np.maximum(0.0, own - sharper) / np.maximum(own, 1e-12)
    out: np.ndarray = wrong + (1 - wrong) * share * more
    return out


def _softmax(scores: np.ndarray) -> np.ndarray:
    powered = np.exp(scores - scores.max(axis=1, keepdims=True))
    powered /= powered.sum(axis=1, keepdims=True)
    out: np.ndarray = powered
    return out
