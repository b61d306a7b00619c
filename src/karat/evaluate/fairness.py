"""Whom a model treats otherwise than the rest, group by group."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from karat.core.degrees import SHAPE_SAMPLE
from karat.core.measure import wilson
from karat.evaluate.ranks import area_under_roc

FOUR_FIFTHS = 0.8  # US EEOC (1978), Uniform Guidelines, the four-fifths rule
WORDS = re.compile(
    r"(?i)(?<![a-z])(sex|gender|age|race|ethnic\w*|religion|nationality|foreign|marital|marriage|married|disab\w*|"
    r"pregnan\w*|personal_status)(?![a-z])|性别|年龄|民族|种族|国籍|宗教|婚姻|残疾"
)


@dataclass(frozen=True)
class GroupOutcome:
    """What happens to one group when the model decides.

    Parameters
    ----------
    base_rate : float
        Share that truly is of the second class.
    flagged, low, high : float
        Share that the model says is, with its 95 % interval.
    impact : float
        Share of the group that is spared, over that of the group that is spared most; below 0.8 is the usual alarm.
    false_alarm, miss : float
        Share flagged of those who are not, and share passed of those who are; NaN without any.
    """

    name: str
    records: int
    base_rate: float
    flagged: float
    low: float
    high: float
    impact: float
    false_alarm: float
    miss: float
    auc: float


def group_outcomes(
    masks: Mapping[str, np.ndarray],
    truth: np.ndarray,
    probability: np.ndarray,
    threshold: float,
    min_records: int = SHAPE_SAMPLE,
) -> list[GroupOutcome]:
    """The outcome of each group of one column, in the order given.

    Parameters
    ----------
    masks : mapping of str to ndarray of bool, shape (n,)
    truth : ndarray of bool, shape (n,)
    probability : ndarray of float, shape (n,)
        Probability of the second class.
    threshold : float
        From here on a record is flagged.
    min_records : int
        Smaller groups are left out: their rates are noise.

    No rate alone proves or excludes discrimination; with unlike base rates they cannot all be equal at once.
    Source: Hardt, Price & Srebro (2016), NeurIPS; Kleinberg et al. (2017); US EEOC (1978), four-fifths rule.
    """
    kept = {name: mask for name, mask in masks.items() if mask.sum() >= min_records}
    flagged = probability >= threshold
    spared = {name: float((~flagged[mask]).mean()) for name, mask in kept.items()}
    most = max(spared.values(), default=0.0)
    return [
        _outcome(name, mask, truth, probability, flagged, spared[name] / most if most else 1.0)
        for name, mask in kept.items()
    ]


def _outcome(
    name: str, mask: np.ndarray, truth: np.ndarray, probability: np.ndarray, flagged: np.ndarray, impact: float
) -> GroupOutcome:
    yes, said = truth[mask], flagged[mask]
    low, high = wilson(float(said.sum()), float(len(said)))
    alarm = float(said[~yes].mean()) if (~yes).any() else float("nan")
    miss = float((~said[yes]).mean()) if yes.any() else float("nan")
    auc = area_under_roc(yes, probability[mask])
    return GroupOutcome(name, len(yes), float(yes.mean()), float(said.mean()), low, high, impact, alarm, miss, auc)


def unlike(outcomes: list[GroupOutcome]) -> list[GroupOutcome]:
    """Groups below four fifths of the group spared most, more than chance would make of it."""
    if not outcomes:
        return []
    most = max(1 - outcome.flagged for outcome in outcomes)
    return [outcome for outcome in outcomes if outcome.impact < FOUR_FIFTHS and (1 - outcome.low) < most]


def protected(name: str) -> bool:
    """Does a column's name say that it holds what must not, in most laws, decide: sex, age, origin, marriage, …?"""
    return WORDS.search(name.replace("_", " ")) is not None or WORDS.search(name) is not None
