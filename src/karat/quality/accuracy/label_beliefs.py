"""What is believed about labels, where their ranking is cut, and how many are wrong."""

import math
from dataclasses import dataclass

import numpy as np

WITHIN = 1.645  # standard errors of a 90 % interval; definition: normal quantile
ALL_RIGHT = "the model contradicts no more labels than it would if all were right"


@dataclass(frozen=True)
class LabelBeliefs:
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
    """

    wrong: np.ndarray
    beliefs: np.ndarray
    weights: np.ndarray
    credence: np.ndarray
    likely: np.ndarray

    @property
    def stated(self) -> np.ndarray:
        """(n,) probability that the label is wrong, as far as numbers are told."""
        return weighed(self.beliefs, self.credence)


def weighed(beliefs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighed sum of beliefs (h, n), the same bits however many records there are."""
    out = np.zeros(beliefs.shape[1])
    for belief, weight in zip(beliefs, weights, strict=True):
        out += weight * belief
    return out


@dataclass(frozen=True)
class Noise:
    """How many labels are wrong.

    Parameters
    ----------
    wrong, low, high : float
        Wrong labels expected, with a 90 % interval: from what chance leaves open and from what is not known about the
        model's own errors. NaN, 0 and all where no model could tell.
    labels : int
        Labels in all.
    flagged : int
        Labels flagged.
    expected_precision : float
        Share of the flagged that are expected to be wrong.
    precision_low, precision_high : float
        Between what the least and the most doubtful belief expect of the flagged, with chance (90 %).
    reason : str
        Why nothing is flagged; empty where something is.
    proven : bool
        Whether labels that are all right would hardly (1 %) look like this. If not, what is flagged may be the model's
        own errors, and ``low`` is 0.
    """

    wrong: float
    low: float
    high: float
    labels: int
    flagged: int
    expected_precision: float
    precision_low: float = math.nan
    precision_high: float = math.nan
    reason: str = ""
    proven: bool = False


def best_cut(beliefs: LabelBeliefs, known: np.ndarray | None = None) -> float:
    """The score from which on labels are flagged: the best expected F1, averaged over the beliefs.

    Parameters
    ----------
    known : ndarray of bool, shape (n,), optional
        Labels that the model can judge; no other is flagged. Infinite where it can judge none.
    """
    order = np.argsort(-beliefs.wrong, kind="stable")
    order = order if known is None else order[known[order]]
    if not len(order):
        return math.inf
    many, gain = np.arange(1, len(order) + 1), np.zeros(len(order))
    for weight, belief in zip(beliefs.weights, beliefs.beliefs, strict=True):
        hits = np.cumsum(belief[order])
        gain += weight * 2 * hits / (many + hits[-1] + 1e-12)
    return float(beliefs.wrong[order[int(gain.argmax())]])


def counted(
    beliefs: LabelBeliefs, flags: np.ndarray, reason: str = "", labels: int = 0, *, proven: bool = True
) -> Noise:
    """How many labels are wrong, as far as the beliefs tell.

    Parameters
    ----------
    flags : ndarray of bool, shape (n,)
    reason : str
        Why nothing is flagged, where that is so.
    labels : int
        Labels in all, where the beliefs are about a sample of them; 0: they are about all.
    proven : bool
        As in ``Noise``.
    """
    size = len(flags)
    scale = labels / size if labels and size else 1.0
    if reason and reason != ALL_RIGHT:
        return Noise(math.nan, 0.0, scale * size, round(scale * size), 0, math.nan, reason=reason)
    totals = scale * beliefs.beliefs.sum(axis=1)
    low, high = float(totals.min()), float(totals.max())
    stated = beliefs.stated
    chance = WITHIN * scale * float(np.sqrt((stated * (1 - stated)).sum()))
    return Noise(
        scale * float(stated.sum()),
        max(0.0, low - WITHIN * float(np.sqrt(scale * low))) if proven and not reason else 0.0,
        min(scale * size, high + chance),
        round(scale * size),
        int(flags.sum()),
        float(stated[flags].mean()) if flags.any() else math.nan,
        *_precisions(beliefs, flags),
        reason,
        proven and not reason,
    )


def _precisions(beliefs: LabelBeliefs, flags: np.ndarray) -> tuple[float, float]:
    """The least and the most of the flagged that can be expected to be wrong."""
    if not flags.any():
        return math.nan, math.nan
    each = beliefs.beliefs[beliefs.credence > 0][:, flags].mean(axis=1)
    low, high = float(each.min()), float(each.max())
    middle = min(max((low + high) / 2, 0.1), 0.9)
    chance = WITHIN * float(np.sqrt(middle * (1 - middle) / flags.sum()))
    return max(0.0, low - chance), min(1.0, high + chance)
