"""Challengers that have learned from late outcomes, and whether one is better than the model in use.

The test goes forward in time. Two challengers are tried: the model in use with its answers recalibrated, which needs no
training, and a model trained from as many of the last records as did best on those just before the test. Two
placebos learn from as much that says nothing new: as many old records drawn again, and late records with shuffled
outcomes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.evaluate.drift_impact import losses
from karat.flow.late_answers import joined_blocks, outcomes, with_target
from karat.flow.learned_models import InUse
from karat.lift.late_certificate import LateCertificate, LateGain
from karat.lift.procedure import recipe_for
from karat.lift.recipe import HEADLINE, Arm, Fit, content_key
from karat.prepare.target import read_target
from karat.train.recalibrated import Correction, Recalibrated

TESTED = 0.4  # definition: share of the newest late records, the last ones, that test
LEAST_TESTED = 100  # the same as LEAST_DOUBTED of lift/fold.py
LEAST_OF_A_CLASS = 10  # cost: fewer give no interval worth the name
DRAWS = 3  # cost: of each placebo; more make it steadier
MOST_LEARNED = 20_000  # cost: records that a model is trained from
WORTH = 0.01  # measured: what a retraining must be proven to save; benchmarks/learn.md
POOLED = 3  # measured: rounds whose corrections are judged together; benchmarks/learn.md
RECALIBRATED = "the model in use, recalibrated"
Rival = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Challenge:
    """A trial of late records against the model in use.

    Parameters
    ----------
    old : Block
        What the model in use has learned from.
    late : Block
        With outcomes, in the order of time; none of them has been learned from.
    newest : int
        How many of them, the last ones, are new since the trial before; 0 for all.
    correction : Correction
        Of the answers of the model in use.
    metric : str or None
        None takes the task's own.
    seed : int
    """

    old: Block
    late: Block
    newest: int = 0
    correction: Correction = field(default_factory=Correction)
    metric: str | None = None
    seed: int = 0

    @cached_property
    def _recipe(self) -> Any:
        return recipe_for(self.old, self.metric, self.seed)

    @cached_property
    def _base(self) -> Fit:
        """The model in use before any correction."""
        return self._fit(self.old)

    @cached_property
    def _time(self) -> Block:
        """Old and late records, in the order of time."""
        return joined_blocks(self.old, self.late)

    @property
    def _new(self) -> int:
        return min(self.newest or len(self.late), len(self.late))

    def certificate(self) -> LateCertificate:
        """The verdict; says why where nothing can be tested."""
        end = len(self._time)
        cut = end - int(self._new * TESTED)
        if why := self._untestable(self._part(end - self._new, cut), self._part(cut, end)):
            return LateCertificate(self._recipe.metric.code(), "", cut - len(self.old), end - cut, {}, why)
        recalibrated = self._recalibration()
        retrained = self._retraining(cut, recalibrated.ships)
        return recalibrated if recalibrated.ships and not retrained.ships else retrained

    def fitted(self, model: InUse) -> Fit:
        """A model that answers."""
        fit = self._base if model.records is self.old else self._fit(model.records)
        return replace(fit, model=Recalibrated(fit.model, model.correction)) if model.correction.shift else fit

    def _recalibration(self) -> LateCertificate:
        """A correction made from one round's outcomes is tried on the next round's, for the last rounds together.

        One that is in use goes on until it is proven to harm.
        """
        tests = self._rounds()
        gains = {"champion": self._corrected(tests)}
        going_on = bool(self.correction.shift)
        if gains["champion"].low > 0:
            chance = np.random.default_rng(self.seed)
            known = self._answers(self._base, self.old), self._truth(self.old)[0]

            def old_again(answers: np.ndarray, _: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
                drawn = chance.integers(0, len(self.old), len(answers))
                return known[0][drawn], known[1][drawn]

            for name, drawn in (("old_again", old_again), ("shuffled", lambda a, t: (a, chance.permutation(t)))):
                gains[name] = self._corrected(tests, drawn)
        lost = [name.replace("_", " ") for name, gain in gains.items() if not gain.low > 0]
        why = f"no proven gain over: {', '.join(lost)}" if lost else ""
        if going_on:
            why = "" if gains["champion"].high >= 0 else "the recalibration in use does harm"
        newest = self._part(len(self._time) - self._new, len(self._time))
        correction = Correction.fit(*self._known(newest))
        model = InUse(self.old, correction) if not why else None
        metric = "Accuracy" if self._recipe.classes else self._recipe.metric.code()
        tested = sum(len(test) for _, test in tests)
        return LateCertificate(metric, RECALIBRATED, self._new, tested, gains, why, model)

    def _rounds(self) -> list[tuple[Block, Block]]:
        """What a correction is made from, and what it is tried on: each round's outcomes and the next round's."""
        size, end = self._new, len(self._time)
        starts = [end - (at + 1) * size for at in range(POOLED + 1) if (at + 1) * size <= len(self.late)][::-1]
        rounds = [self._part(start, start + size) for start in starts]
        if len(rounds) > 1:
            return list(pairwise(rounds))
        cut = int(size * (1 - TESTED))
        return [(rounds[0].take(np.arange(cut)), rounds[0].take(np.arange(cut, size)))]

    def _corrected(self, tests: list[tuple[Block, Block]], rival: Rival | None = None) -> LateGain:
        """Gain of corrected answers over the plain ones, or over those that a rival's outcomes correct."""
        each = []
        for before, test in tests:
            known, (asked, truth) = self._known(before), self._known(test)
            other = Correction.fit(*rival(*known)).apply(asked) if rival else asked
            new = Correction.fit(*known).apply(asked)
            each.append(self._decisions(truth, new) - self._decisions(truth, other))
        together = np.concatenate(each)
        return LateGain.of(float(together.mean()), together)

    def _retraining(self, cut: int, recalibrated: bool) -> LateCertificate:
        end = len(self._time)
        test, start = self._part(cut, end), self._start(cut)
        part = self._part(start, cut)
        new, (champion, truth) = self._asked(part, test), self._known(test)
        if recalibrated:
            champion = Correction.fit(*self._known(self._part(end - self._new, cut))).apply(champion)
        over = {"champion": self._gain(truth, new, [champion])}
        worth = self._worth(truth, new, champion, over["champion"])
        if over["champion"].low > 0 and worth:
            old, late = part.take(np.arange(max(0, len(self.old) - start))), self._part(max(start, len(self.old)), cut)
            chance = np.random.default_rng(self.seed)
            again, shuffled = [], []
            for _ in range(DRAWS):
                drawn = self.old.take(np.sort(chance.integers(0, len(self.old), len(late))))
                again.append(self._asked(joined_blocks(old, drawn), test))
                mixed = with_target(late, outcomes(late).take(pa.array(chance.permutation(len(late)))))
                shuffled.append(self._asked(joined_blocks(old, mixed), test))
            over |= {"old_again": self._gain(truth, new, again), "shuffled": self._gain(truth, new, shuffled)}
        lost = [name.replace("_", " ") for name, gain in over.items() if not gain.low > 0]
        why = f"no proven gain over: {', '.join(lost)}" if lost else ""
        if not why and not worth:
            why = f"no proof that retraining saves {WORTH:.0%} of the errors or more"
        records = self._part(max(start, end - MOST_LEARNED), end)
        words = f"the last {len(part):,} records"
        model = InUse(records) if not why else None
        return LateCertificate(self._recipe.metric.code(), words, len(part), len(test), over, why, model)

    def _start(self, cut: int) -> int:
        """Where the records begin whose model does best just before the test: the newest, 2, 4, 8 … times as many."""
        first = len(self._time) - self._new
        middle = cut - int((cut - first) * TESTED)
        judges = self._part(middle, cut)
        if self._untestable(self._part(first, middle), judges):
            return max(0, cut - MOST_LEARNED)
        truth, known = self._truth(judges)
        sizes, size = [], middle - first
        while size < min(middle, MOST_LEARNED):
            sizes.append(size)
            size *= 2
        scores = {}
        for size in (*sizes, min(middle, MOST_LEARNED)):
            answers = self._asked(self._part(middle - size, middle), judges, known)
            scores[size] = self._recipe.score(truth[known], answers)
        return max(middle - max(scores, key=lambda size: scores[size]), cut - MOST_LEARNED)

    def _worth(self, truth: np.ndarray, new: np.ndarray, champion: np.ndarray, gain: LateGain) -> bool:
        """Is it proven that a retraining saves enough: errors, or the metric where the model in use decides alike?"""
        counts = np.bincount(champion.argmax(axis=1), minlength=champion.shape[1]) if champion.ndim > 1 else np.zeros(1)
        if (counts >= LEAST_OF_A_CLASS).sum() < 2:
            return gain.low > WORTH
        saved = self._decisions(truth, new) - self._decisions(truth, champion)
        return LateGain.of(float(saved.mean()), saved).low > WORTH

    def _decisions(self, truth: np.ndarray, answers: np.ndarray) -> np.ndarray:
        """(n,) 1 where the decision is right; for numbers what the error takes off."""
        if answers.ndim == 1:
            return -losses(answers, truth, float(np.var(truth)) or 1.0)
        return np.asarray(answers.argmax(axis=1) == truth, np.float64)

    def _untestable(self, before: Block, test: Block) -> str:
        if len(test) < LEAST_TESTED:
            return f"only {len(test):,} late records to test on, {LEAST_TESTED} are needed"
        for part in (before, test):
            target = read_target(part, self._recipe.classes)
            known = target.values[~target.missing]
            if self._recipe.classes:
                counts = np.bincount(known.astype(np.int64), minlength=len(self._recipe.classes))
                if (counts >= LEAST_OF_A_CLASS).sum() < 2:
                    return "the late answers are all of one class, or nearly: nothing can be compared"
            elif len(known) < LEAST_TESTED or not known.std():
                return "the late answers are too few, or all the same"
        return ""

    def _part(self, start: int, stop: int) -> Block:
        return self._time.take(np.arange(start, stop))

    def _fit(self, records: Block) -> Fit:
        arm = Arm(records, np.arange(len(records)), content_key(records))
        fit: Fit = self._recipe.fit(arm, HEADLINE)
        return fit

    def _answers(self, fit: Fit, test: Block) -> np.ndarray:
        return fit.answers(test, np.arange(len(test)))

    def _asked(self, records: Block, test: Block, known: np.ndarray | None = None) -> np.ndarray:
        """What a model trained from records answers to those of the test whose outcome is known."""
        known = self._truth(test)[1] if known is None else known
        return self._answers(self._fit(records), test)[known]

    def _known(self, test: Block) -> tuple[np.ndarray, np.ndarray]:
        """Answers of the model in use before correction, and outcomes, where these are known."""
        truth, known = self._truth(test)
        return self._answers(self._base, test)[known], truth[known]

    def _truth(self, test: Block) -> tuple[np.ndarray, np.ndarray]:
        target = read_target(test, self._recipe.classes)
        return target.values, ~target.missing

    def _gain(self, truth: np.ndarray, new: np.ndarray, others: list[np.ndarray]) -> LateGain:
        """In the metric, over the mean of others."""
        score = self._recipe.score(truth, new)
        mean = float(np.mean([score - self._recipe.score(truth, other) for other in others]))
        each = np.mean([self._each(truth, new) - self._each(truth, other) for other in others], axis=0)
        return LateGain.of(mean, each)

    def _each(self, truth: np.ndarray, answers: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score."""
        influence: np.ndarray = self._recipe.influence(truth, answers)
        return influence if len(influence) else -losses(answers, truth, 1.0)
