"""What more records of one slice would bring: its training records are halved, and the last doubling carried on."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from karat.core.degrees import SMALL_SAMPLE
from karat.lift.advice import USUAL_SHRINK, carried_on
from karat.lift.fold import FoldWork, Setting
from karat.lift.recipe import HEADLINE
from karat.lift.slices import Slice

MAX_PRICED = 3  # cost: each is two fits a fold; larger slices are not priced


def priced(setting: Setting) -> list[Slice]:
    """The slices with the fewest records: those that are the first candidates for more."""
    return sorted(setting.slices, key=lambda part: (int(part.mask.sum()), part.name))[:MAX_PRICED]


def sliced(setting: Setting, pair: tuple[int, int, np.ndarray, np.ndarray]) -> dict[str, Any]:
    """One fold's mean score with either half of a slice's training records left out, beside the score with all."""
    work = FoldWork(setting, *pair)
    records, tests = setting.block.take(work.train), work.held_out()
    order = np.argsort(records.keys, kind="stable")
    out: dict[str, Any] = {
        "train": len(work.train),
        "test": len(tests.positions),
        "raw": work.score(work.arm(records), HEADLINE, tests),
        "halved": {},
    }
    for part in priced(setting):
        mine = order[part.mask[work.train][order]]
        if len(mine) >= SMALL_SAMPLE:
            halves = [records.take(np.delete(np.arange(len(records)), mine[half::2])) for half in (0, 1)]
            scores = [work.score(work.arm(fewer), HEADLINE, tests) for fewer in halves]
            out["halved"][part.name] = float(np.mean(scores))
    return out


def slice_forecasts(setting: Setting, folds: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """By slice: what as many records of it again are expected to bring to the whole score, with an 80 % interval."""
    forecasts = []
    ratio = float(np.mean([fold["test"] / fold["train"] for fold in folds]))
    for part in priced(setting):
        if len(folds) > 1 and all(part.name in fold["halved"] for fold in folds):
            gains = np.array([fold["raw"] - fold["halved"][part.name] for fold in folds])
            lift, low, high = carried_on(gains, USUAL_SHRINK, ratio)
            count = int(part.mask.sum())
            forecasts.append(
                {"column": part.column, "slice": part.name, "records": count, "lift": lift, "low": low, "high": high}
            )
    return tuple(forecasts)
