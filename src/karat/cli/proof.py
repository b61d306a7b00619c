"""The proof by lift, in the form the corridor takes."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from karat import kinds
from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.flow.cleaning import chosen_units
from karat.flow.decisions_applied import all_answers, settled
from karat.flow.guard import Limits
from karat.flow.job import Job
from karat.flow.refine import refine
from karat.flow.review import ANSWERS, read_answers
from karat.kinds import Goal
from karat.lift.answers import Answering
from karat.lift.budget import said, seconds_after, seconds_before, seconds_for_proof, seconds_of, within
from karat.lift.certificate import Certificate
from karat.lift.design import Design, bounded
from karat.lift.forecast_check import followed_up
from karat.lift.label_weighting import LABEL_WEIGHTS, LabelWeighting, at_power, patches_with, weighing_for
from karat.lift.procedure import chosen, prove
from karat.lift.ranking import choose_ranking, prove_ranking
from karat.lift.text_arms import Corpora, Documents
from karat.lift.text_proof import ngram_trial, prove_text


class LiftProof:
    """The proof by lift."""

    def plan(self, block: Block, job: Job) -> tuple[int, int]:
        """Folds and repeats, by size unless the settings say."""
        plan = self._plan(block, job)
        return plan.folds, plan.repeats

    def prove(self, block: Block, job: Job, **options: Any) -> Any:
        """The certificate of the ``procedure`` protocol."""
        checks, fixes = chosen_units(job)
        allowed, limits = job.settings.clean.allow, Limits.of(job.settings)
        plainly = partial(refine, checks=checks, fixes=fixes, allowed=allowed, limits=limits)
        answering = _answering(plainly, block, job)
        proofs = {Goal.PREDICT: self._predicted, Goal.RANK: _ranked}
        certificate = proofs[kinds.of(block.schema.kind).goal](block, job, answering or plainly, **options)
        rows = answering.rows if answering else frozenset()
        return replace(certificate, follow_up=_followed_up(job, certificate, rows))

    def _predicted(self, block: Block, job: Job, refined: Any, **options: Any) -> Certificate:
        """The certificate of records with a target."""
        until = self._until(block, job)
        plan = self._plan(block, job) if until is None else self._plan_in_time(block, job, until)
        certificate = prove(
            block,
            seed=job.settings.seed,
            workers=job.workers,
            metric=job.settings.evaluate.metric or None,
            full=job.full,
            progress=job.listener.tick,
            refine=refined,
            plan=plan,
            weighing=_weighing(block, job),
            until=until,
            **options,
        )
        return replace(certificate, notes=(*certificate.notes, *self._notes(block, job, plan)))

    def prove_texts(self, before: Any, after: Any, alike: np.ndarray, job: Job) -> Any:
        """The certificate of the ``versions`` protocol, in bits per byte."""
        corpora = Corpora(Documents(*before), Documents(*after), None, alike)
        trial = ngram_trial(full=job.full)
        tick = job.listener.tick
        return prove_text(corpora, trial=trial, seed=job.settings.seed, workers=job.workers, progress=tick)

    def choose(self, block: Block, patches: dict[str, Any], job: Job, cache: Path) -> Any:
        """What ships: the families whose measured lift is not below zero."""
        choices = {Goal.PREDICT: self._chosen, Goal.RANK: lambda *_: choose_ranking(block, patches)}
        return choices[kinds.of(block.schema.kind).goal](block, patches, job, cache)

    def _chosen(self, block: Block, patches: dict[str, Any], job: Job, cache: Path) -> Any:
        plan = self._plan(block, job)
        weighing = weighing_for(block, _weighing(block, job), plan.weigh_folds)
        patches, weigh = patches_with(patches, block, weighing)
        choice = chosen(
            block,
            {family: patch for family, patch in patches.items() if family != ANSWERS},
            seed=job.settings.seed,
            metric=job.settings.evaluate.metric or None,
            cache=cache,
            plan=plan,
            weigh=weigh,
        )
        if LABEL_WEIGHTS not in choice.kept:
            return choice
        return replace(choice, weights=at_power(patches, block, weigh, choice.power)[LABEL_WEIGHTS])

    def _plan(self, block: Block, job: Job) -> Design:
        wants, budget = job.settings.prepare, job.settings.budget
        overrides = {name: value for name, value in (("folds", wants.folds), ("repeats", wants.repeats)) if value}
        whole = bounded(block)
        plan = Design.of(whole)
        if budget:
            plan = within(plan, whole, seconds_for_proof(whole, seconds_of(budget)))
        return replace(plan, **overrides)  # type: ignore[arg-type]

    def _until(self, block: Block, job: Job) -> float | None:
        """When the proof has to end, so that what comes behind it ends within the budget on a machine of this speed."""
        if not job.settings.budget:
            return None
        after = _slowness(block, job) * seconds_after(bounded(block))
        return job.clock + seconds_of(job.settings.budget) - after

    def _plan_in_time(self, block: Block, job: Job, until: float) -> Design:
        """The plan, cut further on a machine that has been slow so far; the folds stay those of the run."""
        plan = self._plan(block, job)
        left = max(0.0, until - perf_counter()) / _slowness(block, job)
        return replace(within(plan, bounded(block), left), folds=plan.folds)

    def _notes(self, block: Block, job: Job, plan: Design) -> tuple[str, ...]:
        budget = job.settings.budget
        words = said(Design.of(bounded(block)), plan, budget) if budget else ""
        return (words,) if words else ()


def _slowness(block: Block, job: Job) -> float:
    """How much longer the run has taken so far than on the machine that times were measured on, >= 1."""
    return max(1.0, (perf_counter() - job.clock) / seconds_before(bounded(block)))


def _answering(plainly: Any, block: Block, job: Job) -> Answering | None:
    """Finding and mending with people's answers; None where nobody has answered."""
    answers_path = job.settings.label.answers
    read = (
        read_answers(Path(answers_path), block.schema, int(block.rows[-1]) + 1) if answers_path and len(block) else None
    )
    answers, decided = all_answers(read, job.out, block.schema), settled(job.out, block.schema)
    if answers is None and decided is None:
        return None
    units = [sorted(unit.code() for unit in plainly.keywords[name]) for name in ("checks", "fixes")]
    return Answering(plainly, repr(units), answers, decided)


def _weighing(block: Block, job: Job) -> LabelWeighting | None:
    """How labels are weighed, but for records that a person has spoken of; None where the settings turn it off."""
    if not job.settings.label.weigh_labels:
        return None
    answering = _answering(partial(refine, checks=(), fixes=()), block, job)
    return LabelWeighting(seed=job.settings.seed, spared=answering.rows if answering else frozenset())


def _ranked(block: Block, job: Job, refined: Any, *, truth: Any = None, **_: Any) -> Certificate:
    """The certificate of interactions."""
    if truth is not None or job.settings.budget:
        raise OptionError("--truth and --budget do not apply to events", "Leave them out")
    wants = job.settings
    metric = wants.evaluate.metric or None
    tick = job.listener.tick
    return prove_ranking(block, refine=refined, seed=wants.seed, workers=job.workers, metric=metric, progress=tick)


def _followed_up(job: Job, certificate: Certificate, answered: frozenset[int]) -> tuple[dict[str, Any], ...]:
    """How good the forecasts of the run folder's last certificate were; nothing where there is none to be read."""
    try:
        before = Certificate.load(job.out / "lift.json")
    except InputError:
        return ()
    return followed_up(before, certificate, answered=answered)
