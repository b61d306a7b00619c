"""The lift's interval and the placebo's distribution, from the folds' scores and spreads."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

from karat.evaluate.intervals import Interval, t_interval

Folds = Sequence[dict[str, Any]]
# The draws are measured in one repeat, the lift in all, which takes out what the cut into folds adds to them.
DRAW_SHARE = 0.75  # benchmark: benchmarks/lift_cover.md, on generated problems, each left out in turn


def placebo_gains(folds: Folds) -> np.ndarray:
    """(m,) the gain of each placebo draw over the raw arm in the folds of the first repeat; (0,) for a single one."""
    first = [(at, fold) for at, fold in enumerate(folds) if "placebo" in fold["scores"]]
    draws = {np.size(fold["scores"]["placebo"]) for _, fold in first}
    if len(draws) != 1 or draws == {1} or len({fold.get("repeat", at) for at, fold in first}) > 1:
        return np.zeros(0)
    return np.asarray(
        np.mean([np.subtract(fold["scores"]["placebo"], fold["scores"]["raw"]) for _, fold in first], axis=0)
    )


def placebo_range(gains: np.ndarray) -> Interval:
    """Mean of the placebo's draws, and where one more would fall in 95 of 100 cases."""
    m = len(gains)
    return t_interval(float(gains.mean()), sqrt(1 + 1 / m) * float(gains.std(ddof=1)), m - 1)


def lift_interval(folds: Folds) -> Interval | None:
    """The lift with its interval; None where the folds do not say how records and draws spread.

    The variance is that of the records (what all test records together add, less what the draws alone move) and that of
    the draws. The degrees of freedom are those of the draws: folds and repeats deal out the same records again.
    """
    gains = placebo_gains(folds)
    if len(gains) < 2 or not all("spread" in fold for fold in folds):
        return None
    repeats = len({fold["repeat"] for fold in folds})
    per_repeat = len(folds) / repeats
    records = sum(fold["spread"]["records"] for fold in folds) / repeats / per_repeat**2
    within = sum(fold["spread"].get("draws", 0.0) for fold in folds) / per_repeat**2
    variance = max(0.0, records - within) + DRAW_SHARE * float(gains.var(ddof=1))
    lift = float(np.mean([fold["scores"]["refined"] - fold["scores"]["raw"] for fold in folds]))
    return t_interval(lift, sqrt(variance), len(gains) - 1)
