"""Dose and response: known defects put in on purpose, so that the next repair can be priced in points of the metric."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.patch import changes
from karat.core.schema import Role
from karat.flow.refine import patched
from karat.lift.fold import FoldWork, Setting, Tests
from karat.lift.recipe import HEADLINE, content_key
from karat.lift.statistics import gain
from karat.prepare.columns import seconds
from karat.prepare.patched_views import against

DOSES = (0.1, 0.2, 0.4)  # definition: higher doses show more, but less of what a small one costs
UNIT_FACTOR = 1_000.0  # definition: SI's kilo; slips by other factors are not priced

Inject = Callable[[Block, float, np.random.Generator], Block | None]


def wrong_cells(block: Block, dose: float, rng: np.random.Generator) -> Block | None:
    """Feature cells that hold another record's value."""
    return _each_feature(block, dose, rng, lambda text, at: text.take(pa.array(rng.integers(0, len(text), len(at)))))


def missing_cells(block: Block, dose: float, rng: np.random.Generator) -> Block | None:
    """Feature cells left blank."""
    return _each_feature(block, dose, rng, lambda text, at: pa.nulls(len(at), text.type))


def wrong_labels(block: Block, dose: float, rng: np.random.Generator) -> Block | None:
    """Targets of another record."""
    target = block.schema.target
    assert target is not None
    at = _some(block, dose, rng)
    after = block.text(target.name).take(pa.array(rng.integers(0, len(block), len(at))))
    return patched(
        block, changes(len(at), row=block.rows[at], column=target.name, action="set", after=after, check="Dose")
    )


def other_units(block: Block, dose: float, rng: np.random.Generator) -> Block | None:
    """Numbers written in another unit, a thousand times as large."""
    parts = []
    for column in block.schema.with_role(Role.NUMBER):
        at = _some(block, dose, rng)
        at = at[np.isfinite(block.numbers(column.name)[at])]
        after = pa.array(block.numbers(column.name)[at] * UNIT_FACTOR).cast(pa.string())
        parts.append(changes(len(at), row=block.rows[at], column=column.name, action="set", after=after, check="Dose"))
    return patched(block, pa.concat_tables(parts)) if parts else None


def newest_absent(block: Block, dose: float, rng: np.random.Generator) -> Block | None:
    """The newest records absent: data that was not refreshed."""
    del rng
    times = block.schema.with_role(Role.TIME)
    if not times:
        return None
    when = seconds(block, times[0].name)
    known = when[np.isfinite(when)]
    return block.take(~(when > np.quantile(known, 1 - dose))) if len(known) > len(block) // 2 else None


DEFECTS: tuple[tuple[str, str, Inject], ...] = (
    ("accuracy", "wrong cells", wrong_cells),
    ("accuracy", "wrong labels", wrong_labels),
    ("completeness", "missing cells", missing_cells),
    ("consistency", "numbers in another unit", other_units),
    ("timeliness", "newest records absent", newest_absent),
)


def _some(block: Block, dose: float, rng: np.random.Generator) -> np.ndarray:
    return np.asarray(rng.choice(len(block), round(dose * len(block)), replace=False))


def _each_feature(
    block: Block, dose: float, rng: np.random.Generator, write: Callable[[pa.Array, np.ndarray], pa.Array]
) -> Block | None:
    parts = []
    for column in block.schema.features:
        if column.type != "binary":
            at = _some(block, dose, rng)
            after = write(block.text(column.name), at)
            parts.append(
                changes(len(at), row=block.rows[at], column=column.name, action="set", after=after, check="Dose")
            )
    return patched(block, pa.concat_tables(parts)) if parts else None


TRAINING_ONLY = ("wrong labels", "newest records absent")  # held-out labels are the yardstick and stay as they are


def dosed(setting: Setting, pair: tuple[int, int, np.ndarray, np.ndarray]) -> dict[str, Any]:
    """One fold's scores at every dose of every defect.

    A defect of features strikes training and test records alike, as it does in life: a model trained on spoiled records
    and tested on sound ones says what the defect costs to learn, not what it costs.
    """
    work = FoldWork(setting, *pair)
    records, tests = setting.block.take(work.train), work.held_out()
    out: dict[str, Any] = {
        "train": len(work.train),
        "test": len(tests.positions),
        "raw": work.score(work.arm(records), HEADLINE, tests),
        "doses": {},
    }
    for number, (_, name, inject) in enumerate(DEFECTS):
        rng = np.random.default_rng([setting.seed, 11, number, work.repeat, work.fold])
        states = [inject(records, dose, rng) for dose in DOSES]
        if all(state is not None for state in states):
            alone = name in TRAINING_ONLY
            met = [tests if alone else _struck(tests, inject, dose, rng) for dose in DOSES]
            arms = [work.arm(state) for state in states if state is not None]
            out["doses"][name] = [work.score(arm, HEADLINE, here) for arm, here in zip(arms, met, strict=True)]
    return out


def _struck(tests: Tests, inject: Inject, dose: float, rng: np.random.Generator) -> Tests:
    """The held-out records with as much of the defect."""
    whole = tests.sets["raw"]
    injected = inject(whole.take(tests.positions), dose, rng)
    if injected is None:
        return tests
    return replace(tests, sets={"raw": against(whole, injected)[0]}, keys={"raw": content_key(injected)})


def responses(folds: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Points of metric per 1 % of each defect, with a 95 % interval; below zero: it harms."""
    entries, doses = [], np.array(DOSES)
    ratio = float(np.mean([fold["test"] / fold["train"] for fold in folds]))
    for dimension, name, _ in DEFECTS:
        if all(name in fold["doses"] for fold in folds):
            falls = np.array([np.array(fold["doses"][name]) - fold["raw"] for fold in folds])
            slopes = falls @ doses / (doses @ doses) / 100
            slope = gain(slopes, np.zeros(len(slopes)), ratio)
            entries.append(
                {
                    "dimension": dimension,
                    "defect": name,
                    "doses": [0.0, *DOSES],
                    "lift": [0.0, *(float(v) for v in falls.mean(0))],
                    "per_percent": slope.mean,
                    "low": slope.low,
                    "high": slope.high,
                    "error": slope.error,
                    "folds": len(folds),
                }
            )
    return tuple(entries)
