"""A challenger that has learned from late outcomes, and whether it is better than the model in use.

The test goes forward in time: challengers learn from the earlier late records and are asked the later ones. Two
placebos learn from as much that says nothing new: as many old records drawn again, and late records with
shuffled outcomes. A challenger ships where the lower end of its gain is above 0 against the model
in use and against both.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.evaluate.drift_impact import losses
from karat.flow.late_answers import joined_blocks, outcomes, with_target
from karat.lift.procedure import recipe_for
from karat.lift.recipe import HEADLINE, Arm, Fit, content_key
from karat.prepare.target import read_target

TESTED = 0.4  # definition: share of the late records, the last ones, that test
LEAST_TESTED = 100  # the same as LEAST_DOUBTED of lift/fold.py
LEAST_OF_A_CLASS = 10  # cost: fewer give no interval worth the name
SPANS = 10  # definition: spans of time whose means are taken as independent (batch means, Law and Carson 1979)
DRAWS = 3  # cost: of each placebo; more make it steadier
BOTH, NEW = "old and new records", "new records alone"


@dataclass(frozen=True)
class LateGain:
    """Gain in the metric over something else, with a 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class LateCertificate:
    """Whether a challenger is better.

    Parameters
    ----------
    metric : str
    learned_from : str
        ``BOTH`` or ``NEW``; "" where nothing could be tested.
    trained, tested : int
        Late records that challengers learned from and that tested.
    over : mapping of str to LateGain
        Over ``champion``, ``old_again`` and ``shuffled``.
    why_not : str
        Why nothing ships; "" where the challenger does.
    """

    metric: str
    learned_from: str
    trained: int
    tested: int
    over: Mapping[str, LateGain]
    why_not: str

    @property
    def ships(self) -> bool:
        """Is the challenger better?"""
        return not self.why_not

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "metric": self.metric,
            "learned_from": self.learned_from,
            "trained": self.trained,
            "tested": self.tested,
            "over": {name: asdict(gain) for name, gain in self.over.items()},
            "why_not": self.why_not,
            "ships": self.ships,
        }


@dataclass(frozen=True, eq=False)
class Challenge:
    """A trial of late records against the model in use.

    Parameters
    ----------
    old : Block
        What the model in use has learned from.
    late : Block
        With outcomes, in the order of time.
    metric : str or None
        None takes the task's own.
    seed : int
    """

    old: Block
    late: Block
    metric: str | None = None
    seed: int = 0

    @cached_property
    def _recipe(self) -> Any:
        return recipe_for(self.old, self.metric, self.seed)

    def certificate(self) -> LateCertificate:
        """The verdict; says why where nothing can be tested."""
        size = len(self.late)
        cut = size - int(size * TESTED)
        before, test = self.late.take(np.arange(cut)), self.late.take(np.arange(cut, size))
        if why := self._untestable(before, test):
            return LateCertificate(self._recipe.metric.code(), "", cut, size - cut, {}, why)
        way = self._way(before)
        champion = self._answers(self.old, test)
        new = self._answers(self._records(way, before), test)
        chance = np.random.default_rng(self.seed)
        again, shuffled = [], []
        for _ in range(DRAWS):
            drawn = self.old.take(np.sort(chance.integers(0, len(self.old), len(before))))
            again.append(self._answers(self._records(way, drawn), test))
            mixed = with_target(before, outcomes(before).take(pa.array(chance.permutation(len(before)))))
            shuffled.append(self._answers(self._records(way, mixed), test))
        rivals = {"champion": [champion], "old_again": again, "shuffled": shuffled}
        over = {name: self._gain(new, others, test) for name, others in rivals.items()}
        lost = [name.replace("_", " ") for name, gain in over.items() if not gain.low > 0]
        why = f"no proven gain over: {', '.join(lost)}" if lost else ""
        return LateCertificate(self._recipe.metric.code(), way, len(before), len(test), over, why)

    def fitted(self, way: str) -> Fit:
        """The challenger, learned from all late records."""
        return self._fit(self._records(way, self.late))

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

    def _way(self, before: Block) -> str:
        """Which of the two ways to learn does better on the later half of the records that are learned from."""
        half = len(before) // 2
        first, second = before.take(np.arange(half)), before.take(np.arange(half, len(before)))
        if self._untestable(first, second):
            return BOTH
        truth, known = self._truth(second)
        scores = {way: self._answers(self._records(way, first), second)[known] for way in (BOTH, NEW)}
        return max(scores, key=lambda way: self._recipe.score(truth[known], scores[way]))

    def _records(self, way: str, late: Block) -> Block:
        return joined_blocks(self.old, late) if way == BOTH else joined_blocks(late, late.take(np.arange(0)))

    def _fit(self, records: Block) -> Fit:
        arm = Arm(records, np.arange(len(records)), content_key(records))
        fit: Fit = self._recipe.fit(arm, HEADLINE)
        return fit

    def _answers(self, records: Block, test: Block) -> np.ndarray:
        return self._fit(records).answers(test, np.arange(len(test)))

    def _truth(self, test: Block) -> tuple[np.ndarray, np.ndarray]:
        target = read_target(test, self._recipe.classes)
        return target.values, ~target.missing

    def _gain(self, new: np.ndarray, others: list[np.ndarray], test: Block) -> LateGain:
        """Over the mean of others; the spans of time are taken as independent."""
        from scipy.stats import t

        truth, known = self._truth(test)
        truth = truth[known]
        score = self._recipe.score(truth, new[known])
        mean = float(np.mean([score - self._recipe.score(truth, other[known]) for other in others]))
        apart = np.mean([self._each(truth, new[known]) - self._each(truth, other[known]) for other in others], axis=0)
        spans = np.array([part.mean() for part in np.array_split(apart, SPANS)])
        error = max(float(spans.std(ddof=1)) / SPANS**0.5, float(apart.std(ddof=1)) / len(apart) ** 0.5)
        reach = float(t.ppf(0.975, SPANS - 1)) * error
        return LateGain(mean, mean - reach, mean + reach)

    def _each(self, truth: np.ndarray, answers: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score."""
        influence: np.ndarray = self._recipe.influence(truth, answers)
        return influence if len(influence) else -losses(answers, truth, 1.0)
