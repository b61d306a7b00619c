"""Forecasts forward in time, beside the last value, the value of a season ago and, if asked, statsforecast.

    python benchmarks/forecast.py TABLE.csv TARGET [--folds 5] [--horizon 1]
    python benchmarks/forecast.py made load --horizon 24
    python benchmarks/forecast.py TABLE.csv TARGET --horizon 24 --origins 4

The table has a time, or a date spread over columns. Every fold trains on what came before it alone. ``made`` stands
for two years of hours made here: a day's and a week's rhythm, a level that wanders, noise that is louder by day.
With ``--origins`` so many moments a fold are forecast from, all steps of the horizon each, by every forecast on equal
terms, and by statsforecast's AutoETS and AutoTheta from the last 28 seasons before that moment, refitted each time, in
an environment that has the package.
"""

import argparse
import csv
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from credit_risk import read

from karat.core.block import Block
from karat.flow.forecasting import LEVEL, SCALE, ForecastPairs, fitted, forecasts, sight, steps_of, ways_of
from karat.prepare.history import on_clock
from karat.prepare.lags import Lags
from karat.prepare.splits import Splits, plan_splits
from karat.prepare.target import read_target
from karat.prepare.time_order import moments

SHOWN = ("Accuracy", "AUC", "F1", "MAE", "R2")
SEASONS = 28


def hours(size: int = 17_520) -> Path:
    """The made series as a file."""
    chance = np.random.default_rng(29)
    at = np.arange(size)
    level = np.cumsum(chance.normal(0, 0.4, size))
    day, week = 30 * np.sin(2 * np.pi * (at % 24 - 7) / 24), -25.0 * (at // 24 % 7 >= 5)
    rhythm = day * (1 + 0.3 * np.sin(2 * np.pi * at / 8_760)) + week
    load = 300 + level + rhythm + chance.normal(0, 1, size) * np.where((at % 24 > 7) & (at % 24 < 22), 8, 3)
    start = np.datetime64("2023-01-01T00:00:00")
    path = Path(tempfile.mkdtemp()) / "made.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = [(str(start + np.timedelta64(int(k), "h")), f"{v:.2f}") for k, v in zip(at, load, strict=True)]
        csv.writer(out).writerows([("time", "load"), *rows])
    return path


def told(block: Block, splits: Splits, horizon: int) -> None:
    """Print one row a forecast, on all records of the folds."""
    started = time.perf_counter()
    made = forecasts(block, splits, horizon=horizon)
    print(f"a season has {made['season']} steps; {time.perf_counter() - started:.1f} s\n")
    metrics = [name for name in SHOWN if name in made["learners"]["last value"]]
    print(f"| forecast | {' | '.join(metrics)} | held by the {LEVEL:.0%} interval | its width |")
    print(f"|---|{'---|' * (len(metrics) + 2)}")
    for name, scores in made["learners"].items():
        cells = [f"{scores[m]['value']:.4f} [{scores[m]['low']:.4f}, {scores[m]['high']:.4f}]" for m in metrics]
        held = made["intervals"].get(name)
        cells += [f"{held['coverage']:.3f}", f"{held['width']:.3f}"] if held else ["", ""]
        print(f"| {name} | {' | '.join(cells)} |")
    for one in made.get("steps", ()):
        print(f"{one['step']:>4}", "  ".join(f"{name} {value:.3f}" for name, value in one["learners"].items()))


def side_by_side(block: Block, splits: Splits, horizon: int, origins: int) -> None:
    """Print one row a forecast, from the same few moments each."""
    target, steps = read_target(block).values, steps_of(horizon)
    ways = [way for way in ways_of(block.schema, 0, horizon) if way.name != "columns of the same time"]
    rows: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray | None]]] = {}
    seconds: dict[str, float] = {}
    for _, _, learned, held_out in splits.pairs():
        train, test = (side[np.isfinite(target[side])] for side in (learned, held_out))
        lags = Lags().fit(block, train)
        asked = _asked(block, test, horizon, origins)
        pairs = ForecastPairs(np.concatenate([one[0] for one in asked]), np.concatenate([one[1] for one in asked]))
        order = np.argsort(pairs.steps, kind="stable")
        pairs = ForecastPairs(pairs.at[order], pairs.steps[order])
        for way in ways:
            started = time.perf_counter()
            see = sight(block, way, lags, train, horizon > 1)
            model, reach = fitted(block, way, see, target, train, steps, 0)
            features = see(pairs)
            half = reach.half(pairs.steps, features[:, lags.names.index(SCALE)]) if reach else None
            rows.setdefault(way.name, []).append((target[pairs.at], model.predict(features), half))
            seconds[way.name] = seconds.get(way.name, 0.0) + time.perf_counter() - started
        for name, held in _rivals(block, asked, lags.season, horizon, seconds).items():
            rows.setdefault(name, []).append(held)
    print(f"| forecast | MAE | held by the {LEVEL:.0%} interval | its width | s |\n|---|---|---|---|---|")
    for name, parts in rows.items():
        truth, answer = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
        known = np.isfinite(answer)
        cells = [f"{np.abs(truth - answer)[known].mean():.4f}", "", ""]
        if parts[0][2] is not None:
            half = np.concatenate([part[2] for part in parts])
            cells[1:] = [f"{(np.abs(truth - answer) <= half)[known].mean():.3f}", f"{2 * half[known].mean():.3f}"]
        print(f"| {name} | {' | '.join(cells)} | {seconds[name]:.1f} |")


def _asked(block: Block, test: np.ndarray, horizon: int, origins: int) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """For each of some moments: the records of the next steps, which step each is, and the moment."""
    when = moments(block)
    ordered = test[np.argsort(when[test], kind="stable")]
    pace = float(np.median(np.diff(when[ordered])))
    if pace <= 0:
        raise SystemExit("most records share their moment with another: no steps to count on a clock")
    made = []
    for at in np.linspace(0, len(ordered) - horizon - 2, origins).astype(int).tolist():
        now = float(when[ordered[at]])
        ahead = np.round((when[ordered] - now) / pace).astype(np.int64)
        mine = (ahead >= 1) & (ahead <= horizon)
        made.append((ordered[mine], ahead[mine], now))
    return made


def _rivals(block: Block, asked: list[Any], season: int, horizon: int, seconds: dict[str, float]) -> dict[str, Any]:
    """AutoETS and AutoTheta from each moment; gaps are filled in a straight line for them."""
    from statsforecast.models import AutoETS, AutoTheta

    when, target = moments(block), read_target(block)
    order = np.argsort(when, kind="stable")
    out = {}
    for model in (AutoETS(season_length=season), AutoTheta(season_length=season)):
        name = type(model).__name__
        truth, answer, half = [], [], []
        started = time.perf_counter()
        for at, steps, now in asked:
            past = order[when[order] <= now]
            held = np.where(target.missing[past], np.nan, target.values[past])
            line = on_clock(held, when[past])[-SEASONS * season :]
            known = np.isfinite(line)
            line = np.interp(np.arange(len(line)), np.flatnonzero(known), line[known])
            made = model.forecast(y=line, h=horizon, level=[100 * LEVEL])
            truth.append(target.values[at])
            answer.append(np.asarray(made["mean"])[steps - 1])
            half.append((np.asarray(made["hi-90.0"]) - np.asarray(made["lo-90.0"]))[steps - 1] / 2)
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - started
        out[name] = tuple(np.concatenate(one) for one in (truth, answer, half))
    return out


def main() -> None:
    """Print one row a forecast."""
    asked = argparse.ArgumentParser()
    asked.add_argument("table", type=Path)
    asked.add_argument("target")
    asked.add_argument("--folds", type=int, default=5)
    asked.add_argument("--horizon", type=int, default=1)
    asked.add_argument("--origins", type=int, default=0)
    given = asked.parse_args()
    block = read(hours() if str(given.table) == "made" else given.table, given.target)
    splits = plan_splits(block, seed=0, repeats=1, folds=given.folds)
    print(f"{len(block):,} records; {splits.method}")
    if not splits.forward:
        return
    if given.origins:
        side_by_side(block, splits, given.horizon, given.origins)
    else:
        told(block, splits, given.horizon)


if __name__ == "__main__":
    main()
