"""What each source is worth: the model without its records, measured in the same folds."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from karat.core.schema import Role
from karat.evaluate.intervals import t_interval
from karat.lift.advice import LEVEL, chance
from karat.lift.fold import FoldWork, Setting
from karat.lift.recipe import HEADLINE
from karat.lift.slices import Slice

MAX_SOURCES = 8  # cost: each is a fit a fold; the smallest are not priced
LEAST_LEFT = 0.3  # of the training records: what is left without a source must still be the same task; unproven


def sources(setting: Setting) -> list[Slice]:
    """The sources that can be left out, the largest first."""
    candidates = [part for part in setting.slices if setting.block.schema[part.column].role is Role.SOURCE]
    candidates = [part for part in candidates if part.mask.mean() <= 1 - LEAST_LEFT]
    return sorted(candidates, key=lambda part: (-int(part.mask.sum()), part.name))[:MAX_SOURCES]


def without_sources(setting: Setting, pair: tuple[int, int, np.ndarray, np.ndarray]) -> dict[str, Any]:
    """One fold's scores with and without each source's training records, on the held-out records of all others.

    A source's own held-out records cannot tell whether it is to be trusted: they are wrong in the same way.
    """
    records = setting.block.take(pair[2])
    out: dict[str, Any] = {"train": len(pair[2]), "test": len(pair[3]), "with": {}, "without": {}}
    for source in sources(setting):
        repeat, fold, train, test = pair
        work = FoldWork(setting, repeat, fold, train, test[~source.mask[test]])
        tests = work.held_out()
        states = {"with": records, "without": records.take(~source.mask[train])}
        for name, state in states.items():
            out[name][source.name] = work.score(work.arm(state), HEADLINE, tests)
    return out


def source_values(setting: Setting, folds: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """By source: the lift, for the records of all others, of leaving it out, with its 80 % interval.

    ``clear``: above zero even though the best of several is looked at (Bonferroni).
    """
    named = sources(setting)
    if len(folds) < 2 or not named:
        return ()
    entries = []
    ratio = float(np.mean([fold["test"] / fold["train"] for fold in folds]))
    for source in named:
        gains = np.array([fold["without"][source.name] - fold["with"][source.name] for fold in folds])
        error = chance(gains, ratio)
        lift, degrees = float(gains.mean()), len(gains) - 1
        interval = t_interval(lift, error, degrees, LEVEL)
        strict = t_interval(lift, error, degrees, 1 - (1 - LEVEL) / len(named))
        entries.append(
            {
                "column": source.column,
                "slice": source.name,
                "records": int(source.mask.sum()),
                "lift": lift,
                "low": interval.low,
                "high": interval.high,
                "clear": bool(strict.low > 0),
            }
        )
    return tuple(entries)
