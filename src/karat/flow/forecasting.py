"""A series is also forecast: one step ahead, forward in time only, beside the two forecasts that cost nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role, Schema
from karat.flow.walking import Walk


@dataclass(frozen=True, eq=False)
class _Way:
    """A forecast.

    Parameters
    ----------
    name : str
    columns : Schema or None
        What it reads beside the lags; None: only the lags.
    fit : callable
        On (features, target, seed).
    differences : bool
        A number is forecast as its difference from the last one: levels wander.
    moving : tuple of str
        Numbers that are also told by their own past.
    before : bool
        Columns are read a step before, as a forecast must.
    """

    name: str
    columns: Schema | None
    fit: Callable[..., Any]
    differences: bool = False
    moving: tuple[str, ...] = ()
    before: bool = False


def forecast(on: Walk, raw: Block) -> dict[str, Any]:
    """``forecast`` of ``evaluation.json``, where the folds run forward in time; else nothing.

    Every learner sees the target up to one step before. The last one alone sees the columns of the very time it
    tells of: that is a reading rather than a forecast, and shows what those columns would be worth if known before.
    """
    from karat.prepare.splits import plan_splits

    splits = plan_splits(raw, seed=on.job.settings.seed, repeats=1, folds=on.rooms["prepare"]["folds"])
    return {"forecast": forecasts(raw, splits, on.job.settings.seed)} if splits.forward else {}


def forecasts(block: Block, splits: Any, seed: int = 0) -> dict[str, Any]:
    """Scores of each forecast over the folds.

    Parameters
    ----------
    block : Block
        Records of one or several series.
    splits : Splits
        Forward in time.
    """
    from karat.evaluate.headline import metrics_for
    from karat.evaluate.intervals import corrected_resampled_t
    from karat.prepare.lags import Lags
    from karat.prepare.target import read_target

    target = read_target(block)
    ways, season = _ways(block.schema, len(target.classes)), 0
    held: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {way.name: [] for way in ways}
    pairs = [(train[~target.missing[train]], test[~target.missing[test]]) for _, _, train, test in splits.pairs()]
    for train, test in pairs:
        lags = Lags().fit(block, train)
        season = lags.season
        for way in ways:
            answer = _answer(block, way, lags, target.values, (train, test), seed)
            held[way.name].append((target.values[test], answer))
    share = float(np.mean([len(test) / max(len(train), 1) for train, test in pairs]))
    scores: dict[str, dict[str, Any]] = {}
    for name, parts in held.items():
        scores[name] = {}
        for metric in metrics_for(block.schema.task):
            told = corrected_resampled_t(np.array([metric.score(truth, answer) for truth, answer in parts]), share)
            values = {"value": told.mean, "low": told.low, "high": told.high}
            scores[name][metric.code()] = {k: v if np.isfinite(v) else None for k, v in values.items()}
    return {"horizon": 1, "season": season, "folds": len(pairs), "learners": scores}


def _ways(schema: Schema, classes: int) -> list[_Way]:
    from karat.prepare.time_order import calendar_columns
    from karat.train.boosted_trees import BoostedTrees
    from karat.train.last_value import LastValue
    from karat.train.seasonal_naive import SeasonalNaive

    dates = set(calendar_columns(schema))
    rest = {column.name for column in schema.features} - dates
    calendar = replace(
        schema,
        columns=tuple(replace(c, role=Role.IGNORE) if c.name in rest else c for c in schema),
    )
    trees = BoostedTrees(trees=150, rate=0.08, leaves=24, classes=classes)
    made = [
        _Way("last value", None, LastValue(classes).fit),
        _Way("seasonal naive", None, SeasonalNaive(classes).fit),
        _Way("lags and calendar", calendar, trees.fit, differences=not classes),
    ]
    if rest:
        moving = tuple(column.name for column in schema.with_role(Role.NUMBER) if column.name in rest)
        made.append(_Way("columns a step before", schema, trees.fit, not classes, moving, before=True))
        made.append(_Way("columns of the same time", schema, trees.fit, not classes, moving))
    return made


def _answer(
    block: Block, way: _Way, lags: Any, target: np.ndarray, sides: tuple[np.ndarray, np.ndarray], seed: int
) -> np.ndarray:
    """The answers on the test side."""
    train, _ = sides
    back = [lags.apply(block, side) for side in sides]
    if way.columns is None:
        return np.asarray(way.fit(back[0], target[train], seed).predict(back[1]))
    features = [
        np.hstack([held, more]) for held, more in zip(back, _beside(block, way, lags.season, sides), strict=True)
    ]
    if not way.differences:
        return np.asarray(way.fit(features[0], target[train], seed).predict(features[1]))
    middle = float(target[train].mean())
    last = [np.nan_to_num(held[:, 0].astype(np.float64), nan=middle) for held in back]
    return np.asarray(last[1] + way.fit(features[0], target[train] - last[0], seed).predict(features[1]))


def _beside(
    block: Block, way: _Way, season: int, sides: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """What stands beside the lags: the columns and their movement, of the same time or of a step before."""
    from karat.prepare.features import Preparation
    from karat.prepare.history import OwnHistory, step_before

    assert way.columns is not None
    plain = Block(block.rows, block.table, way.columns, block.extra)
    fitted = Preparation(way.columns, "trees").fit(plain, sides[0])
    moving = (OwnHistory(name, season).fit(block).apply(block) for name in way.moving)
    whole = np.hstack([fitted.apply(plain), *moving])
    if way.before:
        place = step_before(block)
        whole = np.where(place[:, None] >= 0, whole[place], np.float32(np.nan))
    return whole[sides[0]], whole[sides[1]]
