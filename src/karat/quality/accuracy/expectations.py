"""What a model that has not seen them expects of the labels: the state from which they are judged."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from karat.core.block import Block
from karat.core.state import derived
from karat.quality.accuracy.label_judge import LabelJudge, fit, sample_of
from karat.quality.accuracy.number_judge import NumberJudge
from karat.quality.accuracy.skill import Skill, of_answers


@dataclass(frozen=True)
class Expectations:
    """What a model expected of up to ``MAX_LABELS`` records, those with the smallest keys, in that order.

    Parameters
    ----------
    keys : ndarray of uint64, shape (s,)
        As in ``Block.keys``.
    expected : ndarray of float64, shape (s, k)
        Out-of-fold probabilities of the classes; of a number the prediction, k = 1.
    given : ndarray of float64, shape (s,)
        Position of the given label among the classes; of a number its value.
    labels : int
        Labels seen in all.
    names : tuple of str
        The classes' names; empty for numbers.
    """

    keys: np.ndarray
    expected: np.ndarray
    given: np.ndarray
    labels: int
    names: tuple[str, ...] = ()

    def merge(self, other: Self) -> "Expectations":
        if not self.labels or not other.labels:
            return other if not self.labels else self
        keys = np.concatenate([self.keys, other.keys])
        expected = np.concatenate([self.expected, other.expected])
        return Expectations(
            keys, expected, np.concatenate([self.given, other.given]), self.labels + other.labels, self.names
        ).bounded()

    def bounded(self) -> "Expectations":
        """No more than ``MAX_LABELS`` of them."""
        keep = sample_of(self.keys)
        return Expectations(self.keys[keep], self.expected[keep], self.given[keep], self.labels, self.names)


def judge_of(state: Expectations) -> LabelJudge:
    """What was learned about these labels."""
    judge: LabelJudge = derived(state, "judge", lambda: fit(state.expected, state.given.astype(np.int64), state.labels))
    return judge


def number_judge_of(state: Expectations) -> NumberJudge:
    """What was learned about these numbers."""
    judge: NumberJudge = derived(state, "numbers", lambda: NumberJudge.of(state.given, state.expected[:, 0]))
    return judge


def skill_of(state: Expectations, task: str | None) -> Skill:
    """Whether the answers say anything about the labels."""
    skill: Skill = derived(state, "skill", lambda: of_answers(state.expected, state.given, task))
    return skill


def read_labels(block: Block) -> tuple[np.ndarray, np.ndarray]:
    """Expectations (n, k) and given labels (n,) of a block; NaN where there is none."""
    size, target = len(block), block.schema.target
    if target is None or "out_of_fold" not in block.extra:
        return np.full((size, 1), np.nan), np.full(size, np.nan)
    expected = np.asarray(block.extra["out_of_fold"], np.float64)
    expected = expected if expected.ndim == 2 else expected[:, None]
    if block.schema.task == "regression":
        return expected, block.numbers(target.name)
    place = {str(name): at for at, name in enumerate(block.extra["classes"])}
    codes, values = block.encoded(target.name)
    known = np.array([place.get(value, -1) for value in values] + [-1])  # the last one stands for blank
    labels = np.where(block.missing(target.name), -1, known[codes]).astype(np.float64)
    return expected, np.where(labels < 0, np.nan, labels)
