"""Labels that are probably wrong."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import row_hashes
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.accuracy._label_noise import LabelNoise, fit
from karat.quality.accuracy.skill import Skill, of_answers

MAX_LABELS = 16_384  # unproven: bounds memory; the beliefs come from a sample drawn by hash
MIN_LABELS = 30  # unproven: fewer fix no rate
USUAL_RATE = 0.01  # unproven: share of wrong numbers; higher names more


@dataclass(frozen=True)
class Expectations:
    """What a model expected of up to ``MAX_LABELS`` records, chosen by the hash of their number.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
    expected : ndarray of float64, shape (s, k)
        Out-of-fold probabilities of the classes; of a number the prediction, k = 1.
    given : ndarray of float64, shape (s,)
        Position of the given label among the classes; of a number its value.
    labels : int
        Labels seen in all.
    names : tuple of str
        The classes' names; empty for numbers.
    """

    rows: np.ndarray
    expected: np.ndarray
    given: np.ndarray
    labels: int
    names: tuple[str, ...] = ()

    def merge(self, other: Self) -> "Expectations":
        if not self.labels or not other.labels:
            return other if not self.labels else self
        rows = np.concatenate([self.rows, other.rows])
        expected = np.concatenate([self.expected, other.expected])
        return Expectations(
            rows, expected, np.concatenate([self.given, other.given]), self.labels + other.labels, self.names
        ).bounded()

    def bounded(self) -> "Expectations":
        """No more than ``MAX_LABELS`` of them."""
        if len(self.rows) <= MAX_LABELS:
            return self
        keep = np.sort(np.argsort(row_hashes(self.rows), kind="stable")[:MAX_LABELS])
        return Expectations(self.rows[keep], self.expected[keep], self.given[keep], self.labels, self.names)


@dataclass(frozen=True)
class SuspectLabels(Check):
    """Labels that a model which never saw them finds all but impossible.

    The model's probabilities come from folds the record was not in. They are calibrated together with the rate at
    which labels go wrong: where a model is unsure, a surprising label is its own fault; where surprises stay as
    frequent among its surest answers, the labels are. The confidence is the probability that the label is wrong; in
    a regression, that a residual belongs to the mistakes and not to the heavy-tailed rest. A model that does not beat
    chance suspects no label, nor one of a class that it cannot tell from the others or that is too rare.

    Parameters
    ----------
    told_from : float
        Probability from which a label is written down as suspicious.

    Source: Northcutt et al. (2021), Confident learning; Natarajan et al. (2013), Learning with noisy labels.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data label accuracy"
    unit: ClassVar[str] = "records"
    needs: ClassVar[frozenset[str]] = frozenset({"out_of_fold"})
    at_the_door: ClassVar[bool] = False

    told_from: float = 0.25

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if schema.target else DoesNotApply("no target")

    def learn(self, block: Block) -> Expectations:
        expected, labels = _read(block)
        usable = np.flatnonzero(~np.isnan(labels) & ~np.isnan(expected).any(axis=1))
        names = tuple(str(name) for name in block.extra.get("classes", ()))
        return Expectations(block.rows[usable], expected[usable], labels[usable], len(usable), names).bounded()

    def judge(self, state: Expectations, block: Block, before: Any = None) -> pa.Table | DoesNotApply:
        if state.labels < MIN_LABELS:
            return DoesNotApply(f"fewer than {MIN_LABELS} labels with an out-of-fold prediction")
        task = block.schema.task
        skill = skill_of(state, task)
        if skill.reason:
            return DoesNotApply(skill.reason)
        expected, labels = _read(block)
        usable = np.flatnonzero(~np.isnan(labels) & ~np.isnan(expected).any(axis=1))
        expected, labels = expected[usable], labels[usable]
        if task == "regression":
            return self._numbers(state, block, usable, expected[:, 0], labels)
        noise, share = derived(state, "noise", lambda: _noise(state))
        own = labels.astype(np.int64)
        wrong = noise.wrong(expected, own)
        likely = noise.true(expected)
        guess = likely.argmax(axis=1)
        tell = np.flatnonzero((wrong >= self.told_from) & (guess != own) & skill.classes[guess] & skill.classes[own])
        classes = [str(name) for name in block.extra["classes"]]
        top = guess[tell]
        target = block.schema.target
        name = target.name if target else ""
        values = block.text(name).take(pa.array(usable[tell]))
        messages = [
            f"a model that never saw it gives {value!r} {low:.1%} and {classes[best]!r} {high:.1%}; about "
            f"{share:.1%} of the labels are wrong"
            for value, low, best, high in zip(
                values.to_pylist(), likely[tell, own[tell]], top, likely[tell, top], strict=True
            )
        ]
        return self.found(
            len(tell),
            row=block.rows[usable[tell]],
            column=name,
            value=values,
            suggestion=[classes[best] for best in top],
            confidence=np.minimum(wrong[tell], 0.99),
            message=messages,
        )

    def _numbers(
        self, state: Expectations, block: Block, usable: np.ndarray, expected: np.ndarray, labels: np.ndarray
    ) -> pa.Table:
        residual = state.given - state.expected[:, 0]
        middle = float(np.median(residual))
        scale = 1.4826 * float(np.median(np.abs(residual - middle)))
        if scale == 0:
            return self.found(0, confidence=[], message=[])
        wide = max(float(np.ptp(state.given)) / scale, 1.0)
        apart = (labels - expected - middle) / scale
        usual = 6 * np.sqrt(3) / (np.pi * (3 + apart**2) ** 2)  # Student's t with 3 degrees of freedom
        wrong = USUAL_RATE / wide / (USUAL_RATE / wide + (1 - USUAL_RATE) * usual)
        tell = np.flatnonzero(wrong >= self.told_from)
        target = block.schema.target
        name = target.name if target else ""
        suspects = zip(labels[tell], apart[tell], expected[tell], strict=True)
        messages = [
            f"{value:g} is {abs(far):.1f} times the usual error away from {guess:g}, what a model that never "
            f"saw it expects"
            for value, far, guess in suspects
        ]
        return self.found(
            len(tell),
            row=block.rows[usable[tell]],
            column=name,
            message=messages,
            value=block.text(name).take(pa.array(usable[tell])),
            confidence=np.minimum(wrong[tell], 0.95),
        )

    def total(self, state: Expectations, schema: Schema) -> int:
        return state.labels if state.labels >= MIN_LABELS and not skill_of(state, schema.task).reason else 0


def skill_of(state: Expectations, task: str | None) -> Skill:
    """Whether the answers say anything about the labels."""
    skill: Skill = derived(state, "skill", lambda: of_answers(state.expected, state.given, task))
    return skill


def _noise(state: Expectations) -> tuple[LabelNoise, float]:
    """How labels go wrong here, and the share of them that did."""
    labels = state.given.astype(np.int64)
    noise = fit(state.expected, labels)
    return noise, float(noise.wrong(state.expected, labels).mean())


def _read(block: Block) -> tuple[np.ndarray, np.ndarray]:
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
