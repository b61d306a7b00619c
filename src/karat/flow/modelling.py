"""Rooms 5 to 8: splits, fits, the proof and the served model. They are walked only where there is a target."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from karat import kinds
from karat.core.block import Block
from karat.core.errors import InputError
from karat.flow.dataset import Dataset
from karat.flow.folder import write_json, write_table
from karat.flow.hard_targets import hard_target
from karat.flow.job import Job
from karat.flow.run_state import Walk
from karat.kinds import Goal
from karat.prepare.splits import Splits
from karat.prepare.target import read_target

MAX_MODELLED = 120_000  # cost: records; of a larger table no label is doubted by a model


def with_out_of_fold(on: Walk, data: Dataset) -> Dataset:
    """The data with out-of-fold answers of the fragile recipe, for the checks that look for wrong labels."""
    if data.schema.target is None or len(data) > MAX_MODELLED:
        return data
    on.job.listener.enter("look")
    summary, fresh = on.folder.room("look", lambda place: _look(on, data.whole(), place))
    unskilled = summary.get("unskilled")
    on.job.listener.leave("look", f"no label is suspected: {unskilled}" if unskilled else "", fresh)
    place = on.place("look")
    extra = {"out_of_fold": np.load(place / "answers.npy")}
    classes = (place / "classes.json").exists()
    if classes:
        from karat.flow.folder import read_json

        extra["classes"] = read_json(place / "classes.json")
    return data.with_extra(**extra)


def _look(on: Walk, block: Block, place: Path) -> Mapping[str, Any]:
    """The answers and their classes, written down."""
    from karat.flow.out_of_fold import unjudged
    from karat.quality.accuracy.skill import of_answers

    target = read_target(block)
    unskilled = unjudged(target)  # then nobody is asked
    out = None if unskilled else _answers_in_time(on.job, block)
    if out is None:
        shape = (len(block), len(target.classes)) if target.classes else (len(block),)
        np.save(place / "answers.npy", np.full(shape, np.nan))
        if target.classes:
            write_json(place / "classes.json", list(target.classes))
        late = f"models take longer than the budget of {on.job.settings.budget} leaves"
        return {"answered": 0, "unskilled": unskilled or late}
    np.save(place / "answers.npy", out)
    if target.classes:
        write_json(place / "classes.json", list(target.classes))
    labels = np.where(target.missing, np.nan, target.values)
    return {"answered": len(out), "unskilled": of_answers(out, labels, block.schema.task).reason}


def _answers_in_time(job: Job, block: Block) -> np.ndarray | None:
    """Out-of-fold answers; None where a budget's time for them was up before."""
    from karat.core.executor import TimeUp, each_apart
    from karat.flow.out_of_fold import out_of_fold
    from karat.flow.time_budget import deadline

    seed, workers, until = job.settings.seed, job.workers, deadline("look", job.settings.budget, job.clock)
    if until is None:
        return out_of_fold(block, seed, workers, job.listener.tick)[0]
    try:
        (out,) = each_apart(
            block.bare, [workers], lambda records, many: out_of_fold(records, seed, many)[0], until=until
        )
    except TimeUp:
        return None
    return np.asarray(out)


def prove_and_deploy(on: Walk, data: Dataset) -> None:
    """Rooms 5 to 8, or one line that says why they are closed."""
    from karat.flow.recommending import prove_and_recommend

    goal = kinds.of(data.schema.kind).goal
    {Goal.PREDICT: prove_and_predict, Goal.RANK: prove_and_recommend}[goal](on, data)


def prove_and_predict(on: Walk, data: Dataset) -> None:
    """Rooms 5 to 8 where there is a target."""
    if not kinds.of(data.schema.kind).provable(data.schema):
        on.job.listener.leave("prepare", "closed: no --target, so there is nothing to predict", True)
        return
    from karat.flow import deploying, proving

    on.enter("prepare", lambda place: _prepared(on, data.whole(), place), lambda s: s["method"])
    on.enter("train", lambda place: proving.train(on, data, place), proving.trained_in_words)
    on.enter("evaluate", lambda place: proving.evaluate(on, data, place), proving.evaluated_in_words)
    on.enter("deploy", lambda place: deploying.deploy(on, data, place), deploying.in_words)


def judgeable(block: Block, splits: Splits) -> None:
    """Raises InputError where records of two classes are so few or so alike that a fold would test on one alone."""
    target = read_target(block)
    if len(target.classes) != 2:
        return
    for _, _, _, test in splits.pairs():
        known = test[~target.missing[test]]
        if len(np.unique(target.values[known])) < 2:
            sizes = np.bincount(target.values[~target.missing].astype(np.int64), minlength=2)
            rare = int(sizes.argmin())
            raise InputError(
                f"only {sizes[rare]:,} of {sizes.sum():,} records have {target.classes[rare]!r} as target "
                f"(repeats kept together), too few to test on in each of {splits.folds} folds",
                "Give more records of that class",
            )


def _prepared(on: Walk, block: Block, place: Path) -> Mapping[str, Any]:
    assert on.job.proof is not None
    if not block.schema.features:
        roles = ", ".join(f"{column.name} ({column.role})" for column in block.schema) or "no column"
        raise InputError(
            f"{on.job.source} has no column to learn from, only {roles}", "Give more columns, or their roles"
        )
    folds, repeats = on.job.proof.plan(block, on.job)
    splits = kinds.of(block.schema.kind).splits(block, seed=on.job.settings.seed, repeats=repeats, folds=folds)
    judgeable(block, splits)
    if line := hard_target(read_target(block), folds):
        on.job.listener.note("prepare", line)
    write_table(place / "splits.parquet", splits.table())
    return {"method": splits.method, "folds": folds, "repeats": repeats}
