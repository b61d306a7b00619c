"""A series is forecast: numbers by a race over the panel, classes beside what costs nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from karat import kinds
from karat.core.block import Block
from karat.core.executor import TimeUp, each_apart
from karat.core.schema import Role, Schema
from karat.flow.run_state import Walk
from karat.flow.time_budget import deadline

MAX_PAIRS = 60_000  # cost: of a record and how many steps ahead it is forecast, that one model is fitted on
MAX_STEPS = 24  # cost: of a longer horizon so many steps are fitted and measured, evenly spread


@dataclass(frozen=True, eq=False)
class Way:
    """A forecast.

    Parameters
    ----------
    columns : Schema or None
        What it reads beside the lags; None: only the lags.
    fit : callable
        On (features, target, seed).
    moving : tuple of str
        Numbers that are also told by their own past.
    before : bool
        Columns are read at the time the forecast is made, as it must be.
    """

    name: str
    columns: Schema | None
    fit: Callable[..., Any]
    moving: tuple[str, ...] = ()
    before: bool = False


@dataclass(frozen=True, eq=False)
class ForecastPairs:
    """Records to forecast, and from how many steps before.

    Parameters
    ----------
    at, steps : ndarray of int64, shape (n,)
        Positions; steps rise.
    """

    at: np.ndarray
    steps: np.ndarray

    @classmethod
    def of(cls, positions: np.ndarray, steps: np.ndarray, most: int = 0, seed: int = 0) -> "ForecastPairs":
        """Each position at each step; ``most`` pairs, drawn, where there are more."""
        size = most // len(steps) if most else len(positions)
        drawn = np.random.default_rng(seed)
        each = [
            positions if len(positions) <= size else np.sort(drawn.choice(positions, size, replace=False))
            for _ in steps
        ]
        return cls(np.concatenate(each), np.repeat(steps, [len(part) for part in each]))


def forecast(on: Walk, raw: Block) -> dict[str, Any]:
    """``forecast`` of ``evaluation.json``, where the folds run forward in time; else nothing.

    Numbers are forecast as a panel. For classes every learner sees the target up to the time the forecast is made. With
    one step ahead the last one alone sees the columns of the very time it tells of: a reading, not a forecast, that
    shows what they would be worth if known.
    """
    settings = on.job.settings
    splits = kinds.of(raw.schema.kind).splits(raw, seed=settings.seed, repeats=1, folds=on.rooms["prepare"]["folds"])
    if not splits.forward:
        return {}
    horizon, seed, workers = settings.train.horizon, settings.seed, on.job.workers

    def evaluated(records: Block) -> dict[str, Any]:
        if records.schema.task == "regression":
            from karat.flow.panel_forecast import panel_evaluation

            return panel_evaluation(records, horizon, seed, workers)
        return forecasts(records, splits, seed, max(1, horizon), workers)

    until = deadline("forecast", settings.budget, on.job.clock)
    if until is None:
        return {"forecast": evaluated(raw)}
    try:
        return {"forecast": each_apart(raw.bare, [0], lambda records, _: evaluated(records), until=until)[0]}
    except TimeUp:
        on.job.listener.note("evaluate", f"no forecast: the budget of {settings.budget} leaves no time")
        return {}


def forecasts(block: Block, splits: Any, seed: int = 0, horizon: int = 1, workers: int = 1) -> dict[str, Any]:
    """Scores of each forecast of a class over the folds.

    Parameters
    ----------
    block : Block
        Records of one or several series.
    splits : Splits
        Forward in time.
    horizon : int
        Most steps ahead.
    """
    from karat.core.executor import each
    from karat.prepare.lags import Lags
    from karat.prepare.target import read_target

    target = read_target(block)
    ways = ways_of(block.schema, len(target.classes), horizon)
    pairs = [(train[~target.missing[train]], test[~target.missing[test]]) for _, _, train, test in splits.pairs()]
    lags = [Lags().fit(block, train) for train, _ in pairs]
    jobs = [(way, fold) for way in ways for fold in range(len(pairs))]
    steps = steps_of(horizon)

    def answered(job: tuple[Way, int]) -> "_ForecastFold":
        way, fold = job
        return _answered(block, way, lags[fold], target.values, pairs[fold], steps, seed)

    answers: dict[str, list[_ForecastFold]] = {way.name: [] for way in ways}
    for (way, _), answer in zip(jobs, each(jobs, answered, workers), strict=True):
        answers[way.name].append(answer)
    share = float(np.mean([len(test) / max(len(train), 1) for train, test in pairs]))
    evaluation = {
        "horizon": horizon,
        "season": lags[-1].season,
        "folds": len(pairs),
        "learners": {name: _scores(parts, block.schema.task, share) for name, parts in answers.items()},
    }
    return evaluation | ({"steps": _by_step(answers, steps, block.schema.task)} if horizon > 1 else {})


def steps_of(horizon: int) -> np.ndarray:
    """The steps ahead that are fitted and measured, from 1 to the horizon."""
    return np.unique(np.round(np.linspace(1, horizon, min(horizon, MAX_STEPS))).astype(np.int64))


def ways_of(schema: Schema, classes: int, horizon: int) -> list[Way]:
    """The forecasts that are tried; learners of lags alone first."""
    from karat.prepare.time_order import calendar_columns
    from karat.train.boosted_trees import BoostedTrees
    from karat.train.recipes import LearnerRecipe, learners

    dates = set(calendar_columns(schema))
    rest = {column.name for column in schema.features} - dates
    calendar = replace(
        schema,
        columns=tuple(replace(c, role=Role.IGNORE) if c.name in rest else c for c in schema),
    )
    fit = BoostedTrees(trees=150, rate=0.08, leaves=24, classes=classes).fit
    plain = [
        LearnerRecipe.of(learner, schema).for_classes(classes) for learner in learners("forecasting") if learner.tried
    ]
    ways = [Way(recipe.name, None, recipe.fit) for recipe in plain]
    ways.append(Way("lags and calendar", calendar, fit))
    if rest:
        moving = tuple(column.name for column in schema.with_role(Role.NUMBER) if column.name in rest)
        before = "columns a step before" if horizon == 1 else "columns when it is made"
        ways.append(Way(before, schema, fit, moving, before=True))
        # What the columns of the very time would be worth is told once, not for every step.
        ways += [Way("columns of the same time", schema, fit, moving)] if horizon == 1 else []
    return ways


@dataclass(frozen=True, eq=False)
class _ForecastFold:
    """What one way answered in one fold: for each pair the truth and the answer."""

    steps: np.ndarray
    truth: np.ndarray
    answer: np.ndarray


def _answered(
    block: Block,
    way: Way,
    lags: Any,
    target: np.ndarray,
    sides: tuple[np.ndarray, np.ndarray],
    steps: np.ndarray,
    seed: int,
) -> _ForecastFold:
    train, test = sides
    see = sight(block, way, lags, train, len(steps) > 1)
    asked, learned = ForecastPairs.of(test, steps), ForecastPairs.of(train, steps, MAX_PAIRS, seed)
    answer = np.asarray(way.fit(see(learned), target[learned.at], seed).predict(see(asked)))
    return _ForecastFold(asked.steps, target[asked.at], answer)


def sight(block: Block, way: Way, lags: Any, train: np.ndarray, several: bool) -> Callable[[ForecastPairs], np.ndarray]:
    """What a way sees of each pair: lags as known when the forecast is made, how many steps ahead, and its columns."""
    beside = None if way.columns is None else _beside(block, way, lags.season, train)

    def see(pairs: ForecastPairs) -> np.ndarray:
        features = []
        for step in np.unique(pairs.steps).tolist():
            at = pairs.at[pairs.steps == step]
            parts = [lags.ahead(step).apply(block, at)]
            parts += [np.full((len(at), 1), step, np.float32)] if several else []
            parts += [beside(at, step)] if beside else []
            features.append(np.hstack(parts))
        return np.vstack(features)

    return see


def _beside(block: Block, way: Way, season: int, train: np.ndarray) -> Callable[[np.ndarray, int], np.ndarray]:
    """The columns and their movement, of the same time or of when it is made; dates always of the time told."""
    from karat.prepare.features import Preparation
    from karat.prepare.history import OwnHistory, step_before
    from karat.prepare.time_order import calendar_columns

    assert way.columns is not None
    plain = Block(block.rows, block.table, way.columns, block.extra)
    prepared = Preparation(way.columns, "trees").fit(plain, train)
    moving = (OwnHistory(name, season).fit(block).apply(block) for name in way.moving)
    whole = np.hstack([prepared.apply(plain), *moving])
    dates = set(calendar_columns(way.columns))
    known = np.zeros(whole.shape[1], bool)
    of_dates = [getattr(part, "column", "") in dates for part in prepared.parts for _ in part.names]
    known[: len(of_dates)] = of_dates

    def beside(at: np.ndarray, step: int) -> np.ndarray:
        if not way.before:
            return np.asarray(whole[at])
        place = step_before(block, step)[at]
        then = np.where(place[:, None] >= 0, whole[place], np.float32(np.nan))
        return np.asarray(np.where(known, whole[at], then))

    return beside


def _scores(parts: list[_ForecastFold], task: str, share: float) -> dict[str, Any]:
    from karat.evaluate.headline import metrics_for
    from karat.evaluate.intervals import corrected_resampled_t

    out = {}
    for metric in metrics_for(task):
        interval = corrected_resampled_t(np.array([metric.score(part.truth, part.answer) for part in parts]), share)
        values = {"value": interval.mean, "low": interval.low, "high": interval.high}
        out[metric.code()] = {k: v if np.isfinite(v) else None for k, v in values.items()}
    return out


def _by_step(answers: dict[str, list[_ForecastFold]], steps: np.ndarray, task: str) -> list[dict[str, Any]]:
    """Accuracy of each way at each step, the mean over folds."""
    from karat.evaluate.headline import metric_named

    metric = metric_named("Accuracy", task)

    def at(parts: list[_ForecastFold], step: int) -> float:
        chosen = [(part.truth[part.steps == step], part.answer[part.steps == step]) for part in parts]
        return float(np.mean([metric.score(truth, answer) for truth, answer in chosen]))

    return [
        {"step": step, "metric": metric.code(), "learners": {name: at(parts, step) for name, parts in answers.items()}}
        for step in steps.tolist()
    ]
