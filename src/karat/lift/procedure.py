"""The protocol ``procedure``: what was Karat itself worth to the model, on records it never saw?

In every outer fold Karat learns, mends and chooses on the raw training records alone; the headline is measured on raw
test records. The same splits, features, learners, metric and seeds serve every arm: only the data differs.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from karat import kinds
from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.executor import Tick, TimeUp
from karat.evaluate.headline import headline_metric, metric_named
from karat.flow.refine import refine
from karat.lift import verdict
from karat.lift.advice import steps
from karat.lift.answers import asked_of_models, judged_by
from karat.lift.arms import known_target, target_gaps
from karat.lift.budget import CORES, estimated_seconds
from karat.lift.certificate import Certificate, changed
from karat.lift.choose import Choice, choose
from karat.lift.data_values import valued
from karat.lift.defect_injection import dosed, responses
from karat.lift.design import Design, bounded
from karat.lift.fold import Refine, Setting
from karat.lift.folds import run_folds, run_until
from karat.lift.label_weighting import LabelWeighting, Weigh, unweighed, weighing_for, with_weights
from karat.lift.recipe import FRAGILE, HEADLINE, Recipe, Scores, content_key
from karat.lift.slice_curves import slice_forecasts, sliced
from karat.lift.slices import slices
from karat.lift.sources import source_values, sources, without_sources
from karat.lift.statistics import gain
from karat.prepare.splits import Splits, plan_splits
from karat.prepare.target import read_target
from karat.train.recipes import headline_for, recipes_for

FROM_ALL_RECORDS = ("out_of_fold", "classes")  # a model's answers that have seen held-out labels: no fold may know them
OTHERS = {"classification": ("AUC", "F1", "Accuracy"), "regression": ("R2", "MAE")}


def recipe_for(block: Block, metric: str | None = None, seed: int = 0) -> Recipe:
    """The frozen recipe of a data set: boosted trees lead, the linear learner where there is text to read.

    Parameters
    ----------
    block : Block
        All raw records.
    metric : str or None
        None: AUC for two classes, macro-F1 for more, R2 for numbers.
    """
    schema = block.schema
    classes = read_target(block).classes
    chosen = metric_named(metric, schema.task) if metric else headline_metric(len(classes))
    units = {HEADLINE: headline_for(schema), FRAGILE: recipes_for(schema)[0]}
    units = {name: unit.for_classes(len(classes)) for name, unit in units.items()}
    learners = {name: unit.learner for name, unit in units.items()}
    ways = {name: unit.features for name, unit in units.items()}
    others = tuple(metric_named(name, schema.task) for name in OTHERS[schema.task] if name != chosen.code())
    return Recipe(schema, classes, chosen, learners, ways, seed, others)


def prove(
    block: Block,
    *,
    seed: int = 0,
    workers: int = 1,
    metric: str | None = None,
    now: Any = None,
    truth: Block | None = None,
    full: bool = False,
    progress: Tick | None = None,
    cache: Path | None = None,
    refine: Refine = refine,
    plan: Design | None = None,
    weighing: LabelWeighting | None = None,
    until: float | None = None,
) -> Certificate:
    """The certificate of what finding and mending was worth on these records.

    Parameters
    ----------
    block : Block
        All raw records; the schema has a target.
    seed, workers : int
        The answer depends on the seed, never on the workers.
    metric : str or None
        None takes the task's own.
    now : datetime64 or None
        "Now" for timeliness, where the data has no clock of its own; handed to the checks.
    truth : Block or None
        The same records, clean: test records come from it, and an arm is trained on it for orientation.
    full : bool
        Also dose and response, record values, forecasts.
    progress : callable or None
        Called with (done, all).
    cache : Path or None
        A folder that keeps every score, so that only what changed is fitted again.
    refine : callable
        Finds and mends on the records it is given.
    plan : Plan or None
        None: by size.
    weighing : LabelWeighting or None
        Labels are weighed, where they can be.
    until : float or None
        Moment of ``time.perf_counter`` by which the folds are to end: repeats that have not are left out.

    Raises
    ------
    TimeUp
        Not even one repeat ended by that moment.
    InputError
        Without a target, with one value only, or with too few records.
    """
    clock, cpu = time.perf_counter(), cpu_seconds()
    extra = {name: value for name, value in block.extra.items() if name not in FROM_ALL_RECORDS}
    given = block.with_extra(extra if now is None else {**extra, "now": now})
    budget = plan or Design.of(bounded(given))
    weighing = weighing_for(given, weighing, budget.weigh_folds)
    whole = bounded((given if weighing is None else with_weights(given)).by_name)
    truth = truth if truth is None or weighing is None else with_weights(truth)
    setting, splits = prepared(whole, seed, metric, same_records(truth, whole), refine, budget, cache, weighing)
    setting = replace(setting, asks=asked_of_models(refine))
    pairs = list(splits.pairs())
    folds = run_until(setting, pairs, float("inf") if until is None else until, workers, progress)
    if not folds:
        raise TimeUp
    wanted = setting.plan.repeats
    if len(folds) < len(pairs):
        setting = replace(setting, plan=replace(setting.plan, repeats=len(folds) // setting.plan.folds))
    setting.scores.tidy()
    certificate = assembled(setting, splits, folds, len(block))
    if full:
        certificate = extended(certificate, setting, splits, workers, progress)
    if setting.plan.repeats < wanted:
        words = f"time was up after {setting.plan.repeats} of {wanted} repeats; wider intervals for it"
        certificate = replace(certificate, notes=(*certificate.notes, words))
    spent = estimated_seconds(setting.plan, whole) * CORES
    certificate = replace(
        certificate, next=steps(certificate, len(block), spent), recipe=certificate.recipe | {"full": full}
    )
    return replace(certificate, cost=cost_since(clock, cpu))


def extended(
    certificate: Certificate, setting: Setting, splits: Splits, workers: int, progress: Tick | None
) -> Certificate:
    """The certificate with dose and response, what more of a slice would bring, and record values."""
    pairs = [pair for pair in splits.pairs() if pair[0] < setting.plan.look_repeats]
    doses = run_folds(setting, pairs, workers, progress, dosed)
    fewer = run_folds(setting, pairs, workers, progress, sliced)
    parted = run_folds(setting, pairs, workers, progress, without_sources) if sources(setting) else []
    return replace(
        certificate,
        sources=source_values(setting, parted),
        dose_response=responses(doses),
        slice_curves=slice_forecasts(setting, fewer),
        records=valued(setting.block, setting.recipe, setting.seed),
    )


def prepared(
    block: Block,
    seed: int,
    metric: str | None,
    truth: Block | None,
    refine: Refine,
    plan: Design,
    cache: Path | None,
    weighing: LabelWeighting | None = None,
) -> tuple[Setting, Splits]:
    """All that is fixed before any score is seen."""
    if block.schema.target is None:
        raise InputError("there is no target", "Name one with --target")
    judged = judged_by(refine, block)
    testable = known_target(next(version for version in (truth, judged, block) if version is not None))
    if truth is None:
        testable &= ~target_gaps(block, refine(unweighed(block) if weighing is not None else block).patches)
    recipe = recipe_for(block, metric, seed)
    splits = kinds.of(block.schema.kind).splits(block, seed=seed, repeats=plan.repeats, folds=plan.folds)
    setting = Setting(block, recipe, plan, refine, testable, slices(block), truth, seed, Scores(cache), judged=judged)
    setting = replace(setting, forward=splits.forward, weighing=weighing)
    return setting, splits


def same_records(truth: Block | None, block: Block) -> Block | None:
    """The clean version, record by record beside the raw one, read with the same roles."""
    if truth is None:
        return None
    at = np.searchsorted(truth.rows, block.rows)
    lacking = [name for name in block.schema.names if name not in truth.table.column_names]
    if lacking or len(truth) == 0 or not np.array_equal(truth.rows[np.minimum(at, len(truth) - 1)], block.rows):
        mismatch = f"no column {lacking[0]!r}" if lacking else f"{len(truth):,} records against {len(block):,}"
        raise InputError(
            f"--truth has other records or columns than the data: {mismatch}", "Give the clean version of this file"
        )
    table = truth.table.select(list(block.schema.names)).take(at).combine_chunks()
    return Block(block.rows, table, block.schema, block.extra)


def assembled(setting: Setting, splits: Splits, folds: list[dict[str, Any]], records: int) -> Certificate:
    """The certificate from the folds' scores."""
    plan = setting.plan
    named = [(part.column, part.name, int(part.mask.sum())) for part in setting.slices]
    recipe = setting.recipe.describe() | {
        "plan": plan.to_json(),
        "fragile": _fragile(folds),
        "planning": verdict.planning(folds, len(setting.block)),
        "slices": [list(part) for part in named],
    }
    untestable = int((~setting.testable).sum())
    return Certificate(
        protocol="procedure",
        metric=setting.recipe.metric.code(),
        **verdict.figures(folds, named),
        contributions_by=_shared_by(setting, folds),
        notes=_notes(setting, folds, untestable, records),
        recipe=recipe,
        seeds={"seed": setting.seed},
        splits={
            "folds": plan.folds,
            "repeats": plan.repeats,
            "method": splits.method,
            "records": len(setting.block),
            "untestable": untestable,
        },
        versions={"raw": content_key(setting.block)}
        | ({"truth": content_key(setting.truth)} if setting.truth is not None else {}),
        folds=tuple(folds),
    )


def _fragile(folds: list[dict[str, Any]]) -> dict[str, float]:
    """The linear learner's lift, beside the headline's."""
    raw, refined = (np.array([fold["fragile"][name] for fold in folds]) for name in ("raw", "refined"))
    lift = gain(refined, raw, verdict.ratio_of(folds))
    return {"raw": float(raw.mean()), "lift": lift.mean, "low": lift.low, "high": lift.high}


def _shared_by(setting: Setting, folds: list[dict[str, Any]]) -> dict[str, Any]:
    """Which learner's lift the contributions share out, where it is not the headline's."""
    learner = setting.plan.share_by
    if not setting.recipe.differs(learner):
        return {}
    fragile = _fragile(folds)
    return {
        "learner": recipes_for(setting.recipe.schema)[0].name,
        "refined": fragile["raw"] + fragile["lift"],
        **fragile,
    }


def _notes(setting: Setting, folds: list[dict[str, Any]], untestable: int, records: int) -> tuple[str, ...]:
    notes = []
    if not changed(folds):
        notes.append("no change shipped: the models train on the raw records")
    if untestable:
        notes.append(
            f"{untestable:,} records have no target, or one missing in disguise: they leave the test of every arm"
        )
    if len(setting.block) < records:
        notes.append(
            f"measured on {len(setting.block):,} of {records:,} records, those with the smallest hash of what they say"
        )
    if setting.truth is not None:
        notes.append("test records come from the clean version")
    return tuple(notes)


def cpu_seconds() -> float:
    """Of this process and of the workers that have ended."""
    import resource

    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peak(own: int) -> int:
    """Of this process or of the largest worker that has ended."""
    import resource
    import sys

    unit = 1 if sys.platform == "darwin" else 1024
    return max(own, int(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * unit)


def cost_since(clock: float, cpu: float) -> dict[str, Any]:
    """Measured, but for the energy."""
    from karat.train.cost import CORE_WATT, peak_memory_bytes

    spent = cpu_seconds() - cpu
    return {
        "seconds": time.perf_counter() - clock,
        "cpu_seconds": spent,
        "peak_memory_bytes": _peak(peak_memory_bytes()),
        "energy_joule_estimated": spent * CORE_WATT,
    }


def chosen(
    block: Block,
    patches: dict[str, Any],
    *,
    seed: int = 0,
    metric: str | None = None,
    cache: Path | None = None,
    plan: Design | None = None,
    weigh: Weigh | None = None,
) -> Choice:
    """What ships: ``choose`` on all records, as every outer fold of the proof did on its own.

    Parameters
    ----------
    block : Block
        All raw records.
    patches : dict of family to ledger rows
    weigh : callable, optional
        As in ``choose``.
    """
    whole = bounded(block if weigh is None else with_weights(block))
    budget = plan or Design.of(whole)
    recipe = recipe_for(whole, metric, seed)
    try:
        inner = plan_splits(whole, seed=seed + 1, repeats=1, folds=budget.inner_folds)
    except InputError:
        return Choice(tuple(sorted(patches)), ())
    pairs = [(train, test) for _, _, train, test in inner.pairs()]
    return choose(whole, whole, patches, recipe, pairs, learner=budget.choose_by, scores=Scores(cache), weigh=weigh)
