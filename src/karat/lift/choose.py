"""Do no harm: which families of fixes ship, decided by validation inside the training records alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import WEIGHT, Block
from karat.flow.refine import joined, patched
from karat.lift.arms import target_gaps
from karat.lift.label_weighting import LABEL_WEIGHTS, POWERS, Weigh
from karat.lift.recipe import HEADLINE, Arm, Recipe, Scores, content_key
from karat.prepare.patched_views import changed
from karat.prepare.target import read_target

BATCHES = 5  # unproven: fewer tell the standard error worse, more leave few records in each
# unproven: more would measure the loss of records too
NUDGE = 0.02  # share of records left out to see how much scores move by themselves
# stayed at 1 beside 2, 1.5, .5 and 0 on 33 cases of seven sets (benchmarks/lift_no_harm.md)
SURE_ERRORS = 1.0  # a family is left off when its measured lift is below zero by more than this many standard errors


@dataclass(frozen=True)
class Effect:
    """What validation says of one family.

    Parameters
    ----------
    family : str
    lift : float
        Score with all families minus score without this one.
    error : float
        Its standard error over batches of validation records.
    kept : bool
    """

    family: str
    lift: float
    error: float
    kept: bool


@dataclass(frozen=True)
class Choice:
    """What ships, and why; where weights of labels ship, these and the power of them that validation preferred."""

    kept: tuple[str, ...]
    effects: tuple[Effect, ...]
    weights: pa.Table | None = None
    power: float = POWERS[0]


def choose(
    base: Block,
    records: Block,
    patches: dict[str, pa.Table],
    recipe: Recipe,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    learner: str = HEADLINE,
    scores: Scores | None = None,
    weigh: Weigh | None = None,
) -> Choice:
    """The families whose measured lift is not below zero.

    Starting from all, the family that hurts most is left off until none hurts by more than its standard error; what
    remains must not be worse than the raw records either. Where another learner than the headline's decides, the
    headline's has a veto: if what remains harms it, it leaves off families in the same way. Weights of labels must help
    the headline's learner on their own, in the power that helps most. Only ``records`` are used: held-out ones stay
    fresh.

    Parameters
    ----------
    base : Block
        The block whose views are shared; ``records`` are some of its records.
    records : Block
        The raw training records.
    patches : dict of family to ledger rows
    folds : sequence of (train, validation)
        Positions in ``records``.
    learner : str
        Whose score decides.
    weigh : callable, optional
        Weighs the labels of the records of an inner fold that train, where that is among the families.
    """
    ballot = _Ballot(base, records, content_key(records), patches, recipe, folds, learner, scores or Scores(), weigh)
    families = tuple(family for family in sorted(patches) if patches[family].num_rows)
    unhelpful: dict[str, Effect] = {}
    if weigh is not None and LABEL_WEIGHTS in families:
        power, effect = ballot.best_power()
        ballot = replace(ballot, power=power)
        if not effect.kept:
            families, unhelpful = tuple(f for f in families if f != LABEL_WEIGHTS), {LABEL_WEIGHTS: effect}
    kept, effects = ballot.without_harm(families)
    effects |= unhelpful
    if kept and recipe.differs(learner):
        head = replace(ballot, learner=HEADLINE)
        if not head.harmless(kept):
            kept, more = head.without_harm(kept)
            effects |= more
    ordered = [effects[family] for family in sorted(effects)]
    told = tuple(Effect(e.family, e.lift, e.error, e.family in kept) for e in ordered)
    return Choice(kept, told, power=ballot.power)


@dataclass(frozen=True, eq=False)
class _Ballot:
    base: Block
    records: Block
    key: str
    patches: dict[str, pa.Table]
    recipe: Recipe
    folds: Sequence[tuple[np.ndarray, np.ndarray]]
    learner: str
    scores: Scores
    weigh: Weigh | None = None
    power: float = POWERS[0]

    @cached_property
    def gaps(self) -> np.ndarray:
        """(base records,) bool: targets missing in disguise, which cannot judge."""
        gone = self.records.rows[target_gaps(self.records, self.patches)]
        return np.isin(self.base.rows, gone)

    def best_power(self) -> tuple[float, Effect]:
        """The power of the labels' weights that lifts the headline's learner most, and whether that is above zero."""
        heads = [replace(self, learner=HEADLINE, power=power) for power in POWERS]
        gains = [head.gain((LABEL_WEIGHTS,), ()) for head in heads]
        best = max(range(len(POWERS)), key=lambda at: gains[at][0])
        return POWERS[best], Effect(LABEL_WEIGHTS, *gains[best], kept=gains[best][0] > 0)

    def without_harm(self, kept: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, Effect]]:
        """The families that are left when those that harm are left off, and what was measured on the way."""
        effects: dict[str, Effect] = {}
        while kept:
            measured = [self.effect(family, kept) for family in kept]
            effects |= {effect.family: effect for effect in measured}
            worst = min(measured, key=lambda effect: effect.lift + SURE_ERRORS * effect.error)
            if worst.kept:
                break
            kept = tuple(family for family in kept if family != worst.family)
        return (kept if kept and self.harmless(kept) else ()), effects

    def effect(self, family: str, kept: tuple[str, ...]) -> Effect:
        rest = tuple(other for other in kept if other != family)
        lift, error = self.gain(kept, rest)
        return Effect(family, lift, error, kept=lift + SURE_ERRORS * error >= 0)

    def harmless(self, kept: tuple[str, ...]) -> bool:
        lift, error = self.gain(kept, ())
        return lift + SURE_ERRORS * error >= 0

    def gain(self, families: tuple[str, ...], others: tuple[str, ...]) -> tuple[float, float]:
        """Score with some families minus score with others, and its standard error.

        Validation records differ, and so do models for no reason at all: both noises are in the error.
        """
        difference = self.values(families) - self.values(others)
        difference = difference[np.isfinite(difference)]
        if len(difference) < 2 or not difference.any():
            return 0.0, 0.0
        error = float(difference.var(ddof=1)) / len(difference) + self.noise**2 / len(self.folds)
        return float(difference.mean()), float(np.sqrt(error))

    @cached_property
    def noise(self) -> float:
        """How far a fold's score moves when a few records chosen by their number alone are left out.

        A fold that holds one class only has no score and says nothing of it.
        """
        moved = self.scored(Arm.of(self.base, self.records.take(nudged(self.records.keys)))) - self.values(())
        folds = moved.reshape(len(self.folds), -1)
        folds = folds[np.isfinite(folds).any(axis=1)]
        return float(np.sqrt(np.mean(np.nanmean(folds, axis=1) ** 2))) if len(folds) else 0.0

    def values(self, families: tuple[str, ...]) -> np.ndarray:
        """Validation scores (folds x batches,) with some families applied."""
        weigh = LABEL_WEIGHTS in families and self.weigh is not None
        cells = tuple(family for family in families if not weigh or family != LABEL_WEIGHTS)
        return self.scored(Arm.of(self.base, patched(self.records, joined(self.patches, cells))), weigh=weigh)

    def scored(self, arm: Arm, *, weigh: bool = False) -> np.ndarray:
        """Validation scores (folds x batches,) of an arm, its labels weighed or not."""
        parts = [
            "choose",
            self.recipe.hash,
            self.learner,
            arm.key,
            self.key,
            int(self.gaps.sum()),
            len(self.folds),
            BATCHES,
            self.power if weigh else 0,
        ]
        return np.array(self.scores.get(parts, lambda: self._fitted(arm, weigh=weigh)), np.float64)

    def weights(self, train: np.ndarray) -> tuple[np.ndarray, pa.Array]:
        """Positions in the base and weights, learned from the records of an inner fold that train."""
        assert self.weigh is not None
        patch = self.weigh(self.records.take(train), self.power)
        return np.searchsorted(self.base.rows, patch["row"].to_numpy()), patch["after"].combine_chunks()

    def _fitted(self, arm: Arm, *, weigh: bool) -> list[float]:
        at = np.searchsorted(self.base.rows, self.records.rows)
        out: list[float] = []
        for train, validation in self.folds:
            inside = np.zeros(len(self.base), bool)
            inside[at[train]] = True
            block = changed(arm.block, {WEIGHT: self.weights(train)}) if weigh else arm.block
            fit = self.recipe.fit(Arm(block, arm.positions[inside[arm.positions]], ""), self.learner)
            out += self._batches(fit, at[validation])
        return out

    def _batches(self, fit: Any, validation: np.ndarray) -> list[float]:
        target = read_target(self.base, self.recipe.classes)
        validation = validation[~target.missing[validation] & ~self.gaps[validation]]
        validation = validation[np.argsort(self.base.keys[validation], kind="stable")]  # in whatever order they came
        answer = fit.answers(self.base, validation)
        truth = target.values[validation]
        # Batches hold every class in its share, so that each can be scored.
        order = np.argsort(truth, kind="stable")
        return [self.recipe.score(truth[order[b::BATCHES]], answer[order[b::BATCHES]]) for b in range(BATCHES)]


def nudged(keys: np.ndarray) -> np.ndarray:
    """Positions of all records but a few, which are chosen by their key alone."""
    least = np.argsort(keys, kind="stable")[: max(1, int(NUDGE * len(keys)))]
    return np.delete(np.arange(len(keys)), least)
