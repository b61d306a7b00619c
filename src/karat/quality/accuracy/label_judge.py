"""The one judge of labels: how many are wrong, and which.

The surest answers of a model say how often labels go wrong; beliefs part over how far the unsure ones may go beyond it.
A judge is fitted on a sample and then judges any record, so that ``karat assess``, ``karat run``,
``karat.label.errors``, the demonstrations and the review page name the same labels.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from karat.core.degrees import RARELY
from karat.core.hashes import number_hashes, record_keys
from karat.quality.accuracy._anchors import FLOOR, anchored, ends, further, moved, scaled, sharpness, softmax, tilt
from karat.quality.accuracy._confident import Picks, confident
from karat.quality.accuracy._label_excess import proven
from karat.quality.accuracy.label_beliefs import ALL_RIGHT, WITHIN, LabelBeliefs, Noise, best_cut, counted, weighed
from karat.quality.accuracy.skill import Skill, of_classes

MAX_LABELS = 16_384  # cost: bounds memory; of more a sample drawn by the hash of their number is judged by
FITTED_ON = 4_096  # records that sharpness is found on; cost: of more a sample
# the model's own errors among its surest answers, as a share of its errors anywhere; beside them none, a rate below and
# one above
OWN_ERRORS = (0.3, 0.7)  # from earlier work on the eight sets of benchmarks/wrong_labels.md
# beliefs: each of those; the count that confident learning gives; every disagreement; what confident learning flags
# the last chosen leaving out whole sets (benchmarks/label_judge.md), others unproven
WEIGHTS = (0.117, 0.117, 0.093, 0.023, 0.28, 0.07, 0.3)  # in ranking and cutting
# in what is stated: of a weak model; a good one gives up to GOOD of it to the higher counts
CREDENCE = (0.65, 0.0, 0.25, 0.1, 0.0, 0.0, 0.0)  # unproven; benchmarks/wrong_labels.md measures what is stated so
HIGHER = (0.0, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0)  # chosen on four sets of benchmarks/wrong_labels.md
# chosen on four sets of benchmarks/wrong_labels.md
GOOD, WEAK = 0.4, 0.3  # WEAK: share of answers that are the model's own errors, from which nothing is given
# the first chosen on four sets of benchmarks/wrong_labels.md, the other unproven
PICKED, PASSED = 0.75, 0.3  # how far confident learning's own flags, and what it leaves, are believed
BEYOND = 1.1  # wrong labels also stand where the model agrees with them; unproven: how many
ENDS = 2  # definition: beliefs at either end of the anchored rate


@dataclass(frozen=True)
class LabelJudge:
    """What was learned about the labels of a data set: judges any record of it.

    Parameters
    ----------
    sharpness : tuple of float, length h
        The model's probabilities to this power, scaled to 1, fit the true labels, under each anchored belief.
    transitions : tuple of ndarray of float64, shape (k, k)
        How often a record of a class (row) is given a label (column), under the same beliefs.
    further : float
        How far, in [0, 1], unsure labels are doubted beyond that.
    tilts : tuple of float
        By which the logarithms of the odds are moved in the beliefs of other counts.
    picks : Picks
        What confident learning takes for wrong.
    credence : ndarray of float64
        How probable each belief is.
    skill : Skill
        Which classes the model tells from the others.
    proven : ndarray of bool, shape (k,)
        Classes of which the model's own doubt does not explain how many of their labels it contradicts.
    likely : bool
        Whether labels wrong at random, besides the model's doubt, explain what is seen better than that doubt alone.
    cut : float
        Score from which a label is flagged; infinite where none is.
    noise : Noise
        How many labels are wrong, of all.
    """

    sharpness: tuple[float, ...]
    transitions: tuple[np.ndarray, ...]
    further: float
    tilts: tuple[float, ...]
    picks: Picks
    credence: np.ndarray
    skill: Skill
    proven: np.ndarray
    likely: bool = False
    cut: float = math.inf
    noise: Noise = field(default_factory=lambda: Noise(math.nan, 0.0, 0.0, 0, 0, math.nan))

    def beliefs(self, expected: np.ndarray, labels: np.ndarray) -> LabelBeliefs:
        """What is believed of each of some labels.

        Parameters
        ----------
        expected : ndarray of float64, shape (n, k)
            Out-of-sample class probabilities.
        labels : ndarray of int64, shape (n,)
        """
        base, smooth = self.at_anchors(expected, labels)
        every = [
            *base,
            *(moved(smooth, tilt) for tilt in self.tilts),
            np.where(self.picks.of(expected, labels), PICKED, PASSED * base[0]),
        ]
        stacked, weights = np.array(every), np.array(WEIGHTS)
        other = expected.copy()
        other[np.arange(len(labels)), labels] = -1
        likely = other.argmax(axis=1) if expected.shape[1] > 1 else labels
        return LabelBeliefs(weighed(stacked, weights), stacked, weights, self.credence, likely)

    def at_anchors(self, expected: np.ndarray, labels: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """The anchored beliefs, and the mean of the first two with further doubt where the model is unsure."""
        log, at = np.log(np.maximum(expected, FLOOR)), np.arange(len(labels))
        sharpened: dict[float, np.ndarray] = {}
        out: list[np.ndarray] = []
        smooth = np.zeros(len(labels))
        for sharp, transition in zip(self.sharpness, self.transitions, strict=True):
            true = sharpened.setdefault(sharp, softmax(sharp * log))
            own = true[at, labels]
            wrong = 1 - own * transition[labels, labels] / np.maximum((true * transition.T[labels]).sum(axis=1), 1e-12)
            if len(out) < ENDS:
                smooth += further(true, own, wrong, self.further) / ENDS
            out.append(wrong)
        return out, smooth

    def known(self, labels: np.ndarray, likely: np.ndarray) -> np.ndarray:
        """(n,) bool: labels of classes, and likely classes, that the model tells from the others."""
        out: np.ndarray = self.skill.classes[labels] & self.skill.classes[likely]
        return out

    def flags(self, beliefs: LabelBeliefs, labels: np.ndarray) -> np.ndarray:
        """(n,) bool: the labels that are probably wrong."""
        out: np.ndarray = self.known(labels, beliefs.likely) & (beliefs.wrong >= self.cut)
        return out


def fit(expected: np.ndarray, labels: np.ndarray, total: int = 0) -> LabelJudge:
    """A judge of these labels, and of others that were given in the same way.

    A model's surest answers are nearly always right, so the share of labels that contradict them estimates the rate
    of wrong labels, class by class (anchor points). From there the beliefs part: some of those contradictions may be
    the model's own; where it is unsure, labels may be wrong more often than that; and confident learning has its own
    count and its own picks.

    Nothing is flagged, and the reason said, where the model tells no class from the others better than chance (as with
    permuted labels), contradicts no label, or fewer than its probabilities, sharpened to fit, leave to chance. What is
    flagged is proven where labels drawn from the model's own probabilities, judged in the same way, would not look like
    this (99 % point of each class, classes pooled as far as they are alike).

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
        Out-of-sample class probabilities.
    labels : ndarray of int64, shape (n,)
    total : int
        Labels in all, where these are a sample; 0: these are all.

    Source: Liu & Tao (2016), anchor points; Patrini et al. (2017); Northcutt et al. (2021), confident learning.
    """
    size, classes = expected.shape
    top, skill = expected.argmax(axis=1), of_classes(expected, labels)
    flips, rate, seen = anchored(expected, top, labels)
    differ = float((top != labels).mean()) if size else 0.0
    log = np.log(np.maximum(expected, FLOOR))
    some = np.random.default_rng(0).permutation(size)[:FITTED_ON]
    own = [max((rate - share * differ) / (1 - share), 0.03 * rate) / rate for share in OWN_ERRORS]
    transitions = (*ends(flips, rate, seen), *(scaled(flips, left) for left in own))
    sharp = tuple(sharpness(log[some], labels[some], transition) for transition in transitions)
    confidently, picks = confident(expected, labels)
    plain = LabelJudge(
        sharp,
        transitions,
        min(max(10 * (rate - RARELY), 0.0), 1.0),
        (),
        picks,
        np.array(CREDENCE),
        skill,
        np.zeros(classes, bool),
    )
    base, smooth = plain.at_anchors(expected, labels)
    count = 0.5 * float(base[0].sum() + base[1].sum())
    tilts = tilt(smooth, max(confidently, 1.0)), tilt(smooth, max(count, BEYOND * differ * size))
    good = GOOD * min(max(1 - (differ - float(base[0].mean() if size else 0.0)) / WEAK, 0.0), 1.0)
    true = 0.5 * (softmax(sharp[0] * log) + softmax(sharp[1] * log))
    fitted = replace(
        plain,
        tilts=tilts,
        credence=(1 - good) * np.array(CREDENCE) + good * np.array(HIGHER),
    )
    if skill.reason or _fewer(true, top, labels):
        return replace(fitted, noise=_none(fitted, expected, labels, total or size))
    surely, likely = proven(expected, labels)
    fitted = replace(fitted, proven=surely, likely=likely)
    return _cut(fitted, expected, labels, total or size)


def fitted_on_sample(expected: np.ndarray, labels: np.ndarray, keys: Any = None) -> LabelJudge:
    """A judge of any number of labels, fitted on ``MAX_LABELS`` of them at most.

    Parameters
    ----------
    expected, labels
        As in ``fit``.
    keys : array-like of uint64, shape (n,), optional
        As in ``Block.keys``; by default they follow from what is expected and the label.
    """
    if keys is None:
        keys = record_keys(number_hashes(np.round(np.column_stack([expected, labels]), 6) + 0.0))
    keep = sample_of(np.asarray(keys, np.uint64))
    return fit(expected[keep], labels[keep], len(labels))


def sample_of(keys: np.ndarray) -> np.ndarray:
    """Positions of ``MAX_LABELS`` records at most, those with the smallest keys, in that order."""
    return np.argsort(keys, kind="stable")[:MAX_LABELS]


def _cut(fitted: LabelJudge, expected: np.ndarray, labels: np.ndarray, total: int) -> LabelJudge:
    """The judge with its cut and its count."""
    beliefs = fitted.beliefs(expected, labels)
    cut = replace(fitted, cut=best_cut(beliefs, fitted.known(labels, beliefs.likely)))
    flags = cut.flags(beliefs, labels)
    clear = bool((flags & cut.proven[labels]).any())
    return replace(cut, noise=counted(beliefs, flags, "" if flags.any() else ALL_RIGHT, total, proven=clear))


def _fewer(true: np.ndarray, top: np.ndarray, labels: np.ndarray) -> bool:
    """Does the model contradict no label, or fewer than chance leaves open if all are right?"""
    errors = 1 - true[np.arange(len(top)), top]
    seen = int((top != labels).sum())
    return not seen or float(errors.sum()) - seen > WITHIN * math.sqrt(float((errors * (1 - errors)).sum()))


def _none(fitted: LabelJudge, expected: np.ndarray, labels: np.ndarray, total: int) -> Noise:
    """The count where nothing is flagged."""
    none = np.zeros(len(labels), bool)
    return counted(fitted.beliefs(expected, labels), none, fitted.skill.reason or ALL_RIGHT, total)
