"""Labels that are probably wrong."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.degrees import LARGE_SAMPLE
from karat.core.finding import SURE, Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.patch import unresolved
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.accuracy.expectations import Expectations, judge_of, number_judge_of, read_labels, skill_of
from karat.quality.accuracy.label_beliefs import Noise

MOST_SURE = 0.99  # unproven: no model's answer is proof
# definition: flagged labels count, so their confidence starts at ``SURE``; this much keeps their order there
ORDER = 0.01


@dataclass(frozen=True)
class SuspectLabels(Check):
    """Labels that a model which never saw them finds all but impossible.

    The model's probabilities come from folds the record was not in. Labels are judged as by ``karat.label.errors``: how
    many labels are wrong follows from how many contradict the model's surest answers, under several beliefs about how
    far its unsure ones can be trusted, and the cut is where flagging more or fewer would be expected to lose. A flagged
    label counts as wrong (confidence 0.5 and above) where labels that are all right would hardly look like this; else
    the model's own errors explain it as well, and it is suspicious only. Nothing is flagged, and the reason said, where
    the model does not beat chance, where it contradicts no more labels than it would if all were right, and of classes
    that are too rare or that it cannot tell from the others. In a regression the confidence is the probability that a
    residual belongs to a wider group, the mistakes, and not to the model's usual errors; below 0.5 where one group of
    errors with heavy tails explains all numbers as well.

    Parameters
    ----------
    told_from : float
        Probability from which a label that is not flagged is written down as suspicious.

    Source: Northcutt et al. (2021), Confident learning; Patrini et al. (2017), Making deep neural networks robust to
    label noise; Liu & Tao (2016), anchor points.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data label accuracy"
    unit: ClassVar[str] = "labels"
    needs: ClassVar[frozenset[str]] = frozenset({"out_of_fold"})
    at_the_door: ClassVar[bool] = False

    told_from: float = 0.25

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if schema.target else DoesNotApply("no target")

    def learn(self, block: Block) -> Expectations:
        expected, labels = read_labels(block)
        usable = np.flatnonzero(~np.isnan(labels) & ~np.isnan(expected).any(axis=1))
        names = tuple(str(name) for name in block.extra.get("classes", ()))
        return Expectations(block.keys[usable], expected[usable], labels[usable], len(usable), names).bounded()

    def judge(self, state: Expectations, block: Block, before: Any = None) -> pa.Table | DoesNotApply:
        if state.labels < LARGE_SAMPLE:
            return DoesNotApply(f"fewer than {LARGE_SAMPLE} labels with an out-of-fold prediction")
        task = block.schema.task
        skill = skill_of(state, task)
        if skill.reason:
            return DoesNotApply(skill.reason)
        expected, labels = read_labels(block)
        usable = np.flatnonzero(~np.isnan(labels) & ~np.isnan(expected).any(axis=1))
        expected, labels = expected[usable], labels[usable]
        if task == "regression":
            return self._numbers(state, block, usable, expected[:, 0], labels)
        judge, own = judge_of(state), labels.astype(np.int64)
        beliefs = judge.beliefs(expected, own)
        flags = judge.flags(beliefs, own)
        share = judge.noise.wrong / max(judge.noise.labels, 1)
        guess = beliefs.likely
        suspicious = judge.known(own, guess) & (beliefs.wrong >= self.told_from) & (judge.cut < np.inf)
        tell = np.flatnonzero(flags | suspicious)
        classes = [str(name) for name in block.extra["classes"]]
        top = guess[tell]
        target = block.schema.target
        name = target.name if target else ""
        values = block.text(name).take(pa.array(usable[tell]))
        messages = [
            f"a model that never saw it gives {value!r} {low:.1%} and {classes[best]!r} {high:.1%}; about "
            f"{share:.1%} of the labels are wrong (estimated, not verified)"
            for value, low, best, high in zip(
                values.to_pylist(), expected[tell, own[tell]], top, expected[tell, top], strict=True
            )
        ]
        return self.found(
            len(tell),
            row=block.rows[usable[tell]],
            column=name,
            value=values,
            suggestion=[classes[best] for best in top],
            confidence=_confidence(beliefs.wrong[tell], (flags & judge.proven[own])[tell], judge.cut),
            message=messages,
        )

    def _numbers(
        self, state: Expectations, block: Block, usable: np.ndarray, expected: np.ndarray, labels: np.ndarray
    ) -> pa.Table:
        judge = number_judge_of(state)
        apart, wrong = judge.apart(labels, expected), judge.beliefs(labels, expected).wrong
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
            confidence=np.minimum(wrong, np.where(judge.proven(labels, expected), MOST_SURE, SURE - ORDER))[tell],
        )

    def total(self, state: Expectations, schema: Schema) -> int:
        return state.labels if state.labels >= LARGE_SAMPLE and not skill_of(state, schema.task).reason else 0

    def measures(self, state: Expectations, schema: Schema, findings: pa.Table) -> list[Measure]:
        """Labels thought to be wrong: as many as are estimated, proven or not, and no fewer than are counted."""
        total = self.total(state, schema)
        if not total:
            return []
        sure = int((findings["confidence"].to_numpy() >= SURE).sum())
        noise = self.noise(state, schema)
        bad = max(sure, round(noise.wrong)) if noise is not None and not noise.reason else sure
        return [Measure(self.measure_name, self.standard, min(bad, total), total, self.unit)]

    def measures_after(
        self, state: Expectations, schema: Schema, findings: pa.Table, ledger: pa.Table
    ) -> list[Measure]:
        """The same less those that were dealt with: an estimate falls by what was changed, and by nothing else."""
        left, before = unresolved(findings, ledger), self.measures(state, schema, findings)
        done = int((findings["confidence"].to_numpy() >= SURE).sum() - (left["confidence"].to_numpy() >= SURE).sum())
        return [Measure(m.name, m.standard, max(0, m.bad - done), m.total, m.unit) for m in before]

    def noise(self, state: Expectations, schema: Schema) -> Noise | None:
        """How many labels are wrong, with an interval; None of numbers, and where nothing can be told."""
        if schema.task == "regression" or not self.total(state, schema):
            return None
        return judge_of(state).noise


def _confidence(wrong: np.ndarray, flags: np.ndarray, cut: float) -> np.ndarray:
    """The probability that each label is wrong, on the side of ``SURE`` where the cut puts it."""
    flagged = np.maximum(wrong, SURE + ORDER * (wrong - cut) / (1 - min(cut, 1 - ORDER)))
    return np.where(flags, np.minimum(flagged, MOST_SURE), np.minimum(wrong, SURE - ORDER))
