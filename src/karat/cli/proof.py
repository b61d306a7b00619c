"""The proof by lift, in the form the corridor takes."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from karat import kinds
from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.executor import TimeUp, each_apart
from karat.flow.cleaning import chosen_units
from karat.flow.decisions_applied import all_answers, settled
from karat.flow.guard import Limits
from karat.flow.job import Job, Silent
from karat.flow.refine import refine
from karat.flow.review import ANSWERS, read_answers
from karat.flow.time_budget import SHARES, deadline, seconds_of
from karat.kinds import Goal
from karat.lift.answers import Answering
from karat.lift.budget import estimated_seconds, said, within
from karat.lift.certificate import Certificate
from karat.lift.choose import Choice
from karat.lift.design import Design, bounded
from karat.lift.forecast_check import followed_up
from karat.lift.label_weighting import LABEL_WEIGHTS, LabelWeighting, at_power, patches_with, weighing_for
from karat.lift.pace import pace
from karat.lift.procedure import chosen, prove
from karat.lift.ranking import choose_ranking, prove_ranking
from karat.lift.text_arms import Corpora, Documents
from karat.lift.text_proof import ngram_trial, prove_text

HOPELESS = 4  # cost: times; a proof that is estimated to take so many times what is left is not begun


class LiftProof:
    """The proof by lift."""

    def plan(self, block: Block, job: Job) -> tuple[int, int]:
        """Folds and repeats, by size unless the settings say."""
        plan = self._plan(block, job)
        return plan.folds, plan.repeats

    def prove(self, block: Block, job: Job, **options: Any) -> Any:
        """The certificate of the ``procedure`` protocol.

        Raises
        ------
        TimeUp
            Under a budget: not even the least proof fits.
        """
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
        until = deadline("prove", job.settings.budget, job.clock)
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
        asked: dict[str, Any] = {"trial": ngram_trial(full=job.full), "seed": job.settings.seed, "workers": job.workers}
        if job.settings.budget:
            return _in_time("prove", job, lambda: prove_text(corpora, **asked))
        return prove_text(corpora, progress=job.listener.tick, **asked)

    def choose(self, block: Block, patches: dict[str, Any], job: Job, cache: Path) -> Any:
        """What ships: the families whose measured lift is not below zero; all that is safe where time is up before."""
        choices = {Goal.PREDICT: self._chosen, Goal.RANK: lambda *_: choose_ranking(block, patches)}
        choice = choices[kinds.of(block.schema.kind).goal]
        if not job.settings.budget:
            return choice(block, patches, job, cache)
        block, apart = block.bare, replace(job, data=None, proof=None, listener=Silent())
        try:
            return _in_time("choose", job, lambda: choice(block, patches, apart, cache))
        except TimeUp:
            return Choice(tuple(sorted(patches)), ())

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
            plan = within(plan, whole, SHARES["prove"] * seconds_of(budget))
        return replace(plan, **overrides)  # type: ignore[arg-type]

    def _plan_in_time(self, block: Block, job: Job, until: float) -> Design:
        """The plan, cut to what this machine does in the time that is left; the folds stay those of the run."""
        plan, whole, slower = self._plan(block, job), bounded(block), pace(block, job.settings.seed)
        left = max(0.0, until - perf_counter())
        plan = replace(within(plan, whole, left / slower), folds=plan.folds)
        if slower * estimated_seconds(plan, whole) > HOPELESS * left:
            raise TimeUp
        return plan

    def _notes(self, block: Block, job: Job, plan: Design) -> tuple[str, ...]:
        budget = job.settings.budget
        words = said(Design.of(bounded(block)), plan, budget) if budget else ""
        return (words,) if words else ()


def _in_time(stage: str, job: Job, work: Callable[[], Any]) -> Any:
    """What work gives, in a process that is ended when the stage's time is up. Raises TimeUp."""
    (answer,) = each_apart(None, [0], lambda *_: work(), until=deadline(stage, job.settings.budget, job.clock))
    return answer


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
    if truth is not None:
        raise OptionError("--truth does not apply to events", "Leave it out")
    wants = job.settings
    asked: dict[str, Any] = {
        "refine": refined,
        "seed": wants.seed,
        "workers": job.workers,
        "metric": wants.evaluate.metric or None,
    }
    if wants.budget:
        records = block.bare
        return _in_time("prove", job, lambda: prove_ranking(records, **asked))
    return prove_ranking(block, progress=job.listener.tick, **asked)


def _followed_up(job: Job, certificate: Certificate, answered: frozenset[int]) -> tuple[dict[str, Any], ...]:
    """How good the forecasts of the run folder's last certificate were; nothing where there is none to be read."""
    try:
        before = Certificate.load(job.out / "lift.json")
    except InputError:
        return ()
    return followed_up(before, certificate, answered=answered)
