"""How good the shipped recipe is: every metric, every learner, cross-validated, trained on refined and tested on raw records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from karat.core.block import Block

if TYPE_CHECKING:
    from karat.flow.path import Walk


@dataclass(frozen=True)
class _Answered:
    """What one learner answered in one fold."""

    recipe: str
    test: np.ndarray
    answer: np.ndarray
    train_truth: np.ndarray
    train_answer: np.ndarray


def measured(on: Walk, raw: Block, refined: Block) -> dict[str, Any]:
    """``evaluation.json``: metrics with intervals by learner; confusion, calibration, slices and importance of the headline.

    Parameters
    ----------
    raw : Block
        All raw records: they test.
    refined : Block
        The records kept: they train, those of the same fold left out.
    """
    from karat.evaluate.headline import metrics_for
    from karat.prepare.splits import plan_splits
    from karat.prepare.target import read_target
    from karat.train.parallel import run_fits
    from karat.train.recipes import headline_for, recipes_for

    seed = on.job.settings.seed
    splits = plan_splits(raw, seed=seed, repeats=1, folds=on.rooms["prepare"]["folds"])
    target = read_target(raw)
    recipes = [recipe.for_classes(len(target.classes)) for recipe in recipes_for(raw.schema)]
    pairs = list(splits.pairs())
    jobs = [(recipe, train, test) for recipe in recipes for _, _, train, test in pairs]
    parts = run_fits(jobs, lambda job: _answers(raw, refined, *job, seed=seed, classes=target.classes), on.job.workers,
                     on.job.listener.tick)
    lead = headline_for(raw.schema).name
    share = float(np.mean([len(test) / len(train) for _, _, train, test in pairs]))
    learners = {recipe.name: _scores([p for p in parts if p.recipe == recipe.name], target.values, metrics_for(raw.schema.task), share)
                for recipe in recipes}
    return {"learners": learners, "headline": lead, "classes": list(target.classes), "folds": len(pairs),
            **_looks(on, raw, [p for p in parts if p.recipe == lead], target, share)}


def _answers(raw: Block, refined: Block, recipe: Any, train: np.ndarray, test: np.ndarray, *, seed: int, classes: tuple[str, ...]) -> _Answered:
    from karat.prepare.features import Preparation
    from karat.prepare.target import read_target

    inside = np.flatnonzero(np.isin(refined.rows, raw.rows[train]))
    target = read_target(refined, classes)
    inside = inside[~target.missing[inside]]
    fitted = Preparation(raw.schema, recipe.features).fit(refined, inside)
    features = fitted.apply(refined, inside)
    model = recipe.fit(features, target.values[inside], seed)
    return _Answered(recipe.name, test, model.predict(fitted.apply(raw, test)), target.values[inside], model.predict(features))


def _scores(parts: list[_Answered], truth: np.ndarray, metrics: Any, share: float) -> dict[str, Any]:
    from karat.evaluate.intervals import corrected_resampled_t

    out = {}
    for metric in metrics:
        held = corrected_resampled_t(np.array([metric.score(truth[p.test], p.answer) for p in parts]), share)
        train = float(np.mean([metric.score(p.train_truth, p.train_answer) for p in parts]))
        out[metric.code()] = {"value": held.mean, "low": held.low, "high": held.high, "train": train, "gap": train - held.mean}
    return {name: {k: v if np.isfinite(v) else None for k, v in held.items()} for name, held in out.items()}


def _looks(on: Walk, raw: Block, parts: list[_Answered], target: Any, share: float) -> dict[str, Any]:
    """Closer looks at the headline learner's held-out answers."""
    from karat.evaluate.confusion import confusion_matrix, decided

    test = np.concatenate([part.test for part in parts])
    answer = np.concatenate([part.answer for part in parts])
    if not target.classes:
        return {}
    matrix = confusion_matrix(target.values[test], decided(answer), len(target.classes))
    return {"confusion": matrix.tolist()}
