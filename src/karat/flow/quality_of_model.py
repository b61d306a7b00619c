"""How good the shipped recipe is: trained on refined records, tested on raw ones, by every metric."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from karat import kinds
from karat.core.block import Block
from karat.core.schema import Role
from karat.flow.job import Job
from karat.flow.run_state import Walk
from karat.flow.time_budget import deadline
from karat.flow.weighing import NO_WEIGHTS, LabelWeights, weighed_labels, weights_for

MAX_LEAKS = 3  # cost: columns left out one by one, a fit in each fold; then all at once
MAX_VALUES = 5  # display: slices of a category: its most frequent values


@dataclass(frozen=True, eq=False)
class _LearnerFold:
    """What one learner answered in one fold."""

    recipe: str
    test: np.ndarray
    answer: np.ndarray
    train_truth: np.ndarray
    train_answer: np.ndarray
    features: np.ndarray | None
    groups: dict[str, list[int]]
    predict: Any


def measured(on: Walk, raw: Block, refined: Block) -> dict[str, Any]:
    """``evaluation.json``: metrics with intervals by learner, and closer looks at the headline.

    Parameters
    ----------
    raw : Block
        All raw records: they test.
    refined : Block
        The records kept: they train, those of the same fold left out.
    """
    from karat.evaluate.headline import metrics_for
    from karat.prepare.target import read_target
    from karat.train.recipes import headline_for, recipes_worth_a_try

    seed = on.job.settings.seed
    if on.job.settings.budget:  # they are sent to processes that are ended when time is up
        raw, refined = raw.bare, refined.bare
    splits = kinds.of(raw.schema.kind).splits(raw, seed=seed, repeats=1, folds=on.rooms["prepare"]["folds"])
    target = read_target(raw)
    tried = recipes_worth_a_try(raw.schema, len(target.classes))
    recipes = [recipe.for_classes(len(target.classes)) for recipe in tried]
    pairs = list(splits.pairs())
    fits = _weighed(on, raw, refined, pairs)

    def answers(fit: Any) -> _LearnerFold:
        return _answers(raw, refined, *fit[:3], seed=seed, classes=target.classes, learned=fit[3])

    fixed = headline_for(raw.schema)
    recipes, parts, left_out = _tried(recipes, fits, answers, on.job, fixed)
    share = float(np.mean([len(test) / len(train) for _, _, train, test in pairs]))
    by_recipe = {recipe.name: [part for part in parts if part.recipe == recipe.name] for recipe in recipes}
    metrics = metrics_for(raw.schema.task)
    choice = _chosen(raw.schema, recipes, parts, target, share)
    proven, shipped = by_recipe.get(fixed.name, []), by_recipe[choice["learner"]]
    return {
        "left_out": left_out,
        "leaks": _without_leaks(on, raw, refined, fixed.for_classes(len(target.classes)), fits, proven),
        "learners": {name: _scores(its_parts, target.values, metrics, share) for name, its_parts in by_recipe.items()},
        "headline": choice["learner"],
        "choice": choice,
        "classes": list(target.classes),
        "monotone": {column.name: column.monotone for column in raw.schema if column.monotone},
        "folds": len(pairs),
        **_looks(on, raw, shipped, target),
    }


def _weighed(
    on: Walk, raw: Block, refined: Block, pairs: list[Any]
) -> list[tuple[np.ndarray, np.ndarray, LabelWeights]]:
    """Each fold's records to train on and to test on, with weights of the labels from its training records alone."""
    power = (on.rooms["clean"].get("weighed") or {}).get("power", 0)  # the shipped weights have seen what tests here

    def learned(pair: Any) -> LabelWeights:
        inside = refined.take(np.isin(refined.rows, raw.rows[pair[2]]))
        return weighed_labels(inside, on.job.settings.seed).tempered(power)

    weights = _done_in_time("weigh", pairs, learned, on.job) if power else {}
    return [(train, test, weights.get(at, NO_WEIGHTS)) for at, (_, _, train, test) in enumerate(pairs)]


def _done_in_time(stage: str, items: Sequence[Any], work: Callable[[Any], Any], job: Job) -> dict[int, Any]:
    """What work gives for each item, by its place; under a budget, of those done when the stage's time is up."""
    from karat.core.executor import TimeUp, each, each_apart

    until, tick = deadline(stage, job.settings.budget, job.clock), job.listener.tick
    if until is None:
        return dict(enumerate(each(items, work, job.workers, tick)))
    try:
        return dict(enumerate(each_apart(None, items, lambda _, item: work(item), job.workers, tick, until)))
    except TimeUp as up:
        return up.answers


def _tried(
    recipes: list[Any], fits: list[Any], answers: Callable[[Any], _LearnerFold], job: Job, fixed: Any
) -> tuple[list[Any], list[_LearnerFold], list[str]]:
    """The recipes that were tried on all folds, what they answered, and the names of those for which time was up.

    Under a budget the proof's is tried first, then the quickest. Where none that learns has ended, the proof's answers
    one fold: there is an answer whatever the budget.
    """
    if job.settings.budget:
        order = {recipe.name: (recipe.learner.part != "naive", recipe.name != fixed.name) for recipe in recipes}
        recipes = sorted(recipes, key=lambda recipe: (order[recipe.name], recipe.learner.effort))
    done = _quick(recipes, fits, answers, job, fixed)
    jobs = [(recipe, *fit) for recipe in recipes[len(done) // len(fits) :] for fit in fits]
    done += _done_in_time("learn", jobs, answers, job).values()
    many = Counter(part.recipe for part in done)
    whole = [recipe for recipe in recipes if many[recipe.name] == len(fits)]
    parts = [part for part in done if many[part.recipe] == len(fits)]
    if all(recipe.learner.part == "naive" for recipe in whole):
        lead = next((recipe for recipe in recipes if recipe.name == fixed.name), recipes[-1])
        whole, parts = [lead], [answers((lead, *fits[0]))]
    names = {recipe.name for recipe in whole}
    return whole, parts, [recipe.name for recipe in recipes if recipe.name not in names]


def _quick(
    recipes: list[Any], fits: list[Any], answers: Callable[[Any], _LearnerFold], job: Job, fixed: Any
) -> list[_LearnerFold]:
    """Under a budget the answers of those recipes that are no more work than the proof's, as long as there is time.

    They need no process that could be ended: what one takes tells whether there is time for the next.
    """
    until = deadline("learn", job.settings.budget, job.clock)
    if until is None:
        return []
    from karat.core.executor import each

    out: list[_LearnerFold] = []
    longest = 0.0
    for recipe in recipes:
        began = perf_counter()
        small = recipe.learner.part == "naive" or recipe.learner.effort <= fixed.learner.effort
        if not small or began + longest > until:
            break
        out += each([(recipe, *fit) for fit in fits], answers, job.workers, job.listener.tick)
        longest = max(longest, perf_counter() - began)
    return out


def _chosen(schema: Any, recipes: Any, parts: list[_LearnerFold], target: Any, share: float) -> dict[str, Any]:
    """The learner that ships: the one ordered, else the best that learns, or a simpler one that is as good."""
    from karat.evaluate.headline import headline_metric
    from karat.flow.choosing_learner import choose_learner
    from karat.train.recipes import headline_for

    if schema.learner:
        return {"learner": headline_for(schema).name, "ordered": True}
    metric = headline_metric(len(target.classes))
    rated: dict[str, list[float]] = {}
    for part in parts:
        rated.setdefault(part.recipe, []).append(metric.sign * metric.score(target.values[part.test], part.answer))
    ranked = sorted((recipe for recipe in recipes if recipe.learner.part != "naive"), key=lambda r: r.learner.effort)
    names = [recipe.name for recipe in ranked]
    scores = {name: np.array(rated[name]) for name in names}
    return choose_learner(scores, names, share).to_json() | {"metric": metric.code()}


def _answers(
    raw: Block,
    refined: Block,
    recipe: Any,
    train: np.ndarray,
    test: np.ndarray,
    *,
    seed: int,
    classes: tuple[str, ...],
    learned: LabelWeights = NO_WEIGHTS,
) -> _LearnerFold:
    from karat.prepare.features import Preparation
    from karat.prepare.target import read_target
    from karat.train.recipes import weighs

    inside = np.flatnonzero(np.isin(refined.rows, raw.rows[train]))
    target = read_target(refined, classes)
    inside = inside[~target.missing[inside]]
    inside = inside[np.argsort(refined.keys[inside], kind="stable")]  # in whatever order they came in
    fitted = Preparation(raw.schema, recipe.features).fit(refined, inside)
    features = fitted.apply(refined, inside)
    weights = weights_for(refined, inside, learned) if weighs(recipe.learner) else None
    model = recipe.along(fitted.directions).fit(features, target.values[inside], seed, weights)
    test_features = fitted.apply(raw, test)
    dense = test_features if isinstance(test_features, np.ndarray) else None
    return _LearnerFold(
        recipe.name,
        test,
        model.predict(test_features),
        target.values[inside],
        model.predict(features),
        dense,
        fitted.features_by_column,
        model.predict,
    )


def _without_leaks(
    on: Walk,
    raw: Block,
    refined: Block,
    recipe: Any,
    fits: list[tuple[np.ndarray, np.ndarray, LabelWeights]],
    held: list[_LearnerFold],
) -> list[dict[str, Any]]:
    """The headline metric with and without each column that a check calls a leak, surest first, and without all.

    Returns
    -------
    list of dict
        ``columns``, ``metric``, ``with``, ``without``, and ``low``, ``high``: 95 % interval of what the columns are
        worth, from the folds.
    """
    from karat.evaluate.headline import headline_metric
    from karat.evaluate.intervals import corrected_resampled_t
    from karat.prepare.target import read_target

    target = read_target(raw)
    classes, metric = target.classes, headline_metric(len(target.classes))
    features = {column.name for column in raw.schema.features}
    leaks = [name for name in _leaking_columns(on) if name in features]
    sets = [[name] for name in leaks[:MAX_LEAKS]] + ([leaks] if len(leaks) > 1 else [])
    sets = [columns for columns in sets if len(columns) < len(features)]
    if not sets or len(held) < len(fits):
        return []
    with_all = np.array([metric.score(target.values[part.test], part.answer) for part in held])
    share = float(np.mean([len(test) / len(train) for train, test, _ in fits]))
    seed = on.job.settings.seed

    def scored(job: tuple[list[str], np.ndarray, np.ndarray, LabelWeights]) -> float:
        columns, train, test, learned = job
        schema = raw.schema.replacing(*(replace(raw.schema[name], role=Role.IGNORE) for name in columns))
        one = Block(raw.rows, raw.table, schema, raw.extra)
        other = Block(refined.rows, refined.table, schema, refined.extra)
        part = _answers(one, other, recipe, train, test, seed=seed, classes=classes, learned=learned)
        return metric.score(target.values[test], part.answer)

    jobs = [(columns, *fit) for columns in sets for fit in fits]
    done = _done_in_time("leaks", jobs, scored, on.job)
    sets = sets[: next((at for at in range(len(jobs)) if at not in done), len(jobs)) // len(fits)]
    scores = np.array([done[at] for at in range(len(sets) * len(fits))]).reshape(len(sets), len(fits))
    out = []
    for columns, without in zip(sets, scores, strict=True):
        worth = corrected_resampled_t(with_all - without, share)
        figures = {"with": float(with_all.mean()), "without": float(without.mean())}
        out.append({"columns": columns, "metric": metric.code(), **figures, "low": worth.low, "high": worth.high})
    return out


def _leaking_columns(on: Walk) -> list[str]:
    """Columns named by checks that look for leaks, surest first."""
    from karat.flow.engine import all_checks

    codes = [check.code() for check in all_checks() if check.leaks]
    path = on.place("clean") / "findings.parquet"
    if not path.exists():
        return []
    findings = pq.read_table(
        path, columns=["check", "column", "confidence"], filters=[("check", "in", codes), ("column", "!=", "")]
    )
    return list(dict.fromkeys(findings.sort_by([("confidence", "descending")])["column"].to_pylist()))


def _scores(parts: list[_LearnerFold], truth: np.ndarray, metrics: Any, share: float) -> dict[str, Any]:
    from karat.evaluate.intervals import corrected_resampled_t

    out = {}
    for metric in metrics:
        interval = corrected_resampled_t(np.array([metric.score(truth[p.test], p.answer) for p in parts]), share)
        train = float(np.mean([metric.score(p.train_truth, p.train_answer) for p in parts]))
        out[metric.code()] = {
            "value": interval.mean,
            "low": max(interval.low, metric.bounds[0]),
            "high": min(interval.high, metric.bounds[1]),
            "train": train,
            "gap": train - interval.mean,
        }
    return {name: {k: v if np.isfinite(v) else None for k, v in figures.items()} for name, figures in out.items()}


def _looks(on: Walk, raw: Block, parts: list[_LearnerFold], target: Any) -> dict[str, Any]:
    """Closer looks at the headline learner's held-out answers."""
    from karat.evaluate.headline import headline_metric
    from karat.evaluate.slices import slice_scores

    test = np.concatenate([part.test for part in parts])
    answer = np.concatenate([part.answer for part in parts])
    truth, metric = target.values[test], headline_metric(len(target.classes))
    masks = {name: mask[test] for name, mask in _slices(raw).items()}
    worst = [
        {"slice": s.name, "records": s.records, "value": s.score}
        for s in slice_scores(masks, truth, answer, metric)[:10]
    ]
    out: dict[str, Any] = {
        "slices": worst,
        "metric": metric.code(),
        "importance": _importance(parts[0], target, metric),
    }
    out |= _of_classes(on, truth, answer, target.classes) if target.classes else {}
    if len(target.classes) == 2:
        from karat.flow.explaining import outcomes_by_group

        at = out.get("threshold", {}).get("probability")
        out["fairness"] = outcomes_by_group(raw.take(test), truth == 1, answer[:, 1], at)
    return out


def _of_classes(on: Walk, truth: np.ndarray, answer: np.ndarray, classes: tuple[str, ...]) -> dict[str, Any]:
    from karat.evaluate.calibration import calibration_error, calibration_table
    from karat.evaluate.confusion import confusion_matrix, decided

    figures: dict[str, Any] = {"confusion": confusion_matrix(truth, decided(answer), len(classes)).tolist()}
    if len(classes) == 2:
        bands = calibration_table(truth == 1, answer[:, 1]).to_pylist()
        figures["calibration"] = [
            {"predicted": b["given"], "observed": b["came_true"], "n": b["records"]} for b in bands
        ]
        figures["calibration_error"] = calibration_error(truth == 1, answer[:, 1])
        figures |= _threshold(on, truth, answer, classes)
    return figures


def _threshold(on: Walk, truth: np.ndarray, answer: np.ndarray, classes: tuple[str, ...]) -> dict[str, Any]:
    """The decision threshold of a cost table, where one is given."""
    costs = on.job.settings.evaluate.costs
    if not costs:
        return {}
    from karat.core.errors import OptionError
    from karat.evaluate.threshold import cheapest_threshold

    for name in [*costs, *(inner for row in costs.values() for inner in row)]:
        if name not in classes:
            raise OptionError.unknown("class", name, classes, "[evaluate] costs")
    no, yes = classes
    alarm, miss = costs.get(no, {}).get(yes, 0.0), costs.get(yes, {}).get(no, 0.0)
    at, price = cheapest_threshold(truth == 1, answer[:, 1], alarm, miss)
    return {
        "threshold": {"class": yes, "probability": at, "cost_per_record": price, "false_alarm": alarm, "miss": miss}
    }


def _slices(raw: Block) -> dict[str, np.ndarray]:
    """Values of categories, groups and sources, and quartiles of numbers, named before any score is seen."""
    from karat.core.schema import Role

    masks: dict[str, np.ndarray] = {}
    for column in raw.schema.with_role(Role.CATEGORY, Role.GROUP, Role.SOURCE):
        codes, values = raw.encoded(column.name)
        common = np.argsort(-np.bincount(codes[codes >= 0], minlength=len(values)), kind="stable")[:MAX_VALUES]
        masks |= {f"{column.name} = {values[code]}": codes == code for code in common.tolist()}
    for column in raw.schema.with_role(Role.NUMBER):
        numbers = raw.numbers(column.name)
        if np.isfinite(numbers).any():
            low, high = np.nanquantile(numbers, [0.25, 0.75])
            masks |= {f"{column.name} ≤ {low:g}": numbers <= low, f"{column.name} ≥ {high:g}": numbers >= high}
    return masks


def _importance(part: _LearnerFold, target: Any, metric: Any) -> list[dict[str, Any]]:
    """How far the score of the first fold falls when a column is dealt anew; none for features too many to deal."""
    from karat.evaluate.importance import permutation_importance

    if part.features is None:
        return []
    fallen = permutation_importance(part.features, part.groups, target.values[part.test], part.predict, metric)
    return [{"column": name, "value": fall.mean, "low": fall.low, "high": fall.high} for name, fall in fallen.items()]
