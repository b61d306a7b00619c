"""The protocol ``versions``: two tables are given, and the question is which one trains the better model.

Test records come from A, or from the truth; B was made by someone who may have seen them, and the certificate says so.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat import kinds
from karat.core.block import ROW, WEIGHT, Block
from karat.core.errors import InputError
from karat.core.executor import Tick
from karat.core.patch import no_changes
from karat.core.schema import Column
from karat.lift import verdict
from karat.lift.added_columns import added_columns, checked_target, filled_in, widened
from karat.lift.advice import steps
from karat.lift.arms import below, filled, known_target, plain
from karat.lift.budget import CORES, estimated_seconds
from karat.lift.certificate import Certificate
from karat.lift.design import Design
from karat.lift.fold import ADDED, Setting
from karat.lift.folds import run_folds
from karat.lift.pairing import VersionChanges, aligned, difference, unit_weights
from karat.lift.procedure import assembled, cost_since, cpu_seconds, extended, recipe_for, same_records
from karat.lift.recipe import HEADLINE, Arm, Recipe, Scores, content_key
from karat.lift.slices import slices
from karat.prepare.target import read_target

SEEN = "B has seen the test records"
DRAWS = 25  # cost: as many scores as 5 x 5 folds; more narrow the interval, each is a fit of both


def compare(
    a: Block,
    b: Block,
    *,
    test: Block | None = None,
    truth: Block | None = None,
    key: str = "",
    seed: int = 0,
    workers: int = 1,
    metric: str | None = None,
    full: bool = False,
    progress: Tick | None = None,
    cache: Path | None = None,
    plan: Design | None = None,
) -> Certificate:
    """The certificate of B over A.

    Parameters
    ----------
    a, b : Block
        Before and after. A's schema has the target; its roles serve both.
    test : Block or None
        Records that stand in neither: then nothing is paired, training samples are redrawn and test records too.
    truth : Block or None
        A's records, clean: test records come from it.
    key : str
        A column that names records, where there is no ``_row``.
    seed, workers, metric, full, progress, cache, plan
        As in ``prove``.

    Raises
    ------
    InputError
        When the records cannot be paired or the columns differ.
    """
    clock, cpu = time.perf_counter(), cpu_seconds()
    if a.schema.target is None:
        raise InputError("there is no target", "Name one with --target")
    if test is not None:
        certificate = _redrawn(
            a, b, test, seed, metric, Scores(cache), progress, plan.folds * plan.repeats if plan else DRAWS
        )
    else:
        added = added_columns(a, b)
        before, after, how = aligned(a, b, key, added)
        notes = (how, *_said_of_columns(a, b, added), *filter(None, [checked_target(before, after)]))
        certificate = _paired(before, after, notes, added, truth, seed, workers, metric, full, progress, cache, plan)
    return replace(certificate, cost=cost_since(clock, cpu))


def _said_of_columns(a: Block, b: Block, added: Sequence[Column]) -> Iterator[str]:
    """Which of B's own columns are measured, and which are not."""
    names = [column.name for column in added]
    if names:
        yield f"columns that only B has are measured as features, in the test records too: {', '.join(names)}"
    unused = [name for name in b.table.column_names if name not in (*a.table.column_names, *names, ROW, WEIGHT)]
    if unused:
        yield f"columns that only B has are not used: {', '.join(unused)}"


def _paired(
    a: Block,
    b: Block,
    notes: tuple[str, ...],
    added: Sequence[Column],
    truth: Block | None,
    seed: int,
    workers: int,
    metric: str | None,
    full: bool,
    progress: Tick | None,
    cache: Path | None,
    plan: Design | None,
) -> Certificate:
    budget = replace(plan or replace(Design.of(a), repeats=5), inner_folds=0)
    if truth is not None:
        truth = widened(truth if WEIGHT not in a.schema else unit_weights(truth), added)
    truth = same_records(truth, a)
    way = kinds.of(a.schema.kind).splits
    splits = way(a, seed=seed, repeats=budget.repeats, folds=budget.folds)
    if not splits.forward:
        a, b, truth = _by_content(a, b, truth)
        splits = way(a, seed=seed, repeats=budget.repeats, folds=budget.folds)
    patches = difference(a, b)
    judged = filled_in(a, b, added) if added else None
    truth = filled_in(truth, b, added) if truth is not None else None
    base, only_b = _added_records(a, b)
    if only_b is not None:
        patches[ADDED] = no_changes()
        truth, judged = (_below(version, only_b) for version in (truth, judged))
    testable = known_target(base if truth is None else truth)
    recipe = recipe_for(base, metric, seed)
    setting = Setting(
        base,
        recipe,
        budget,
        VersionChanges(patches),
        testable,
        slices(base),
        truth,
        seed,
        Scores(cache),
        only_b,
        judged,
        forward=splits.forward,
    )
    folds = run_folds(setting, list(splits.pairs()), workers, progress)
    certificate = assembled(setting, splits, folds, len(base))
    if full:
        certificate = extended(certificate, setting, splits, workers, progress)
    certificate = replace(certificate, next=steps(certificate, len(b), estimated_seconds(budget, base) * CORES))
    notes = (SEEN, *notes, *certificate.notes)
    return replace(certificate, protocol="versions", refined_mended_test=None, notes=notes, versions=_digests(a, b))


def _digests(a: Block, b: Block) -> dict[str, Any]:
    """What the certificate says of the versions it compares."""
    return {"before": content_key(a), "after": content_key(b), "records_before": len(a), "records_after": len(b)}


def _added_records(a: Block, b: Block) -> tuple[Block, Block | None]:
    """A's records with those that only B has behind them, and the latter alone."""
    added = b.take(~np.isin(b.rows, a.rows))
    if not len(added):
        return a, None
    added = Block(int(a.rows.max()) + 1 + np.arange(len(added)), added.table, a.schema)
    rows, tables = np.concatenate([a.rows, added.rows]), pa.concat_tables([a.table, added.table])
    return Block(rows, tables.combine_chunks(), a.schema), added


def _below(version: Block | None, more: Block) -> Block | None:
    """A version of the records with those that only B has below."""
    return None if version is None else below(version, more)


def _by_content(a: Block, b: Block, truth: Block | None) -> tuple[Block, Block, Block | None]:
    """Paired versions in an order, and with record numbers, that follow from what A's records say.

    So the same two files in another order give the same certificate. Records only in B come after, by what they say.
    """
    order = np.argsort(a.keys, kind="stable")
    keys, number = a.keys[order], np.empty(len(a), np.int64)
    number[order] = np.arange(len(a))

    def renumbered(block: Block) -> Block:
        at = np.minimum(np.searchsorted(a.rows, block.rows), len(a) - 1)
        known = a.rows[at] == block.rows
        rows = np.where(known, number[at], len(a))
        rows[~known] += np.argsort(np.argsort(block.keys[~known], kind="stable"))
        ranked = np.argsort(rows)
        part = block.by_name
        return Block(rows[ranked], part.table.take(pa.array(ranked)).combine_chunks(), part.schema)

    return renumbered(a).keyed(lambda: keys), renumbered(b), None if truth is None else renumbered(truth)


def _redrawn(
    a: Block,
    b: Block,
    test: Block,
    seed: int,
    metric: str | None,
    scores: Scores,
    progress: Tick | None,
    draws: int,
) -> Certificate:
    """Unpaired: training samples of A and of B, and the test records, are redrawn with replacement."""
    names = list(a.schema.names)
    b, test = (Block(x.rows, _columns(x, names, words), a.schema) for x, words in ((b, "after"), (test, "in --test")))
    both = pa.concat_tables([a.table, b.table, test.table]).combine_chunks()
    recipe = recipe_for(Block(np.arange(both.num_rows), both, a.schema), metric, seed)
    sides = {"raw": a, "refined": b}
    cleaned, values = plain(a)
    tests = {"raw": test, "plain": filled(test, values)}
    work = Redraw(recipe, sides | {"plain": cleaned}, tests, seed)
    key = [content_key(x) for x in (a, b, test)]
    folds = []
    for draw in range(draws):
        folds.append(dict(scores.get(["redrawn", recipe.hash, key, seed, draw], lambda draw=draw: work.draw(draw))))  # type: ignore[misc]
        if progress:
            progress(draw + 1, draws)
    return Certificate(
        protocol="versions",
        metric=recipe.metric.code(),
        **verdict.figures(folds),
        folds=tuple(folds),
        notes=("nothing is paired: training samples and test records were redrawn",),
        recipe=recipe.describe(),
        seeds={"seed": seed},
        splits={"method": "redrawn with replacement", "draws": draws, "records": len(a), "test": len(test)},
        versions={"before": key[0], "after": key[1], "test": key[2]},
    )


def _columns(block: Block, names: list[str], words: str) -> pa.Table:
    lacking = [name for name in names if name not in block.table.column_names]
    if lacking:
        raise InputError(f"column {lacking[0]!r} is missing {words}", "Rename it, or leave it out everywhere")
    return block.table.select(names).combine_chunks()


class Redraw:
    """One draw after the other: a sample of each side, fitted, and scored on one sample of the test records."""

    def __init__(self, recipe: Recipe, sides: dict[str, Block], tests: dict[str, Block], seed: int) -> None:
        self.recipe, self.sides, self.tests, self.seed = recipe, sides, tests, seed
        target = read_target(tests["raw"], recipe.classes)
        self.truth, self.known = target.values, np.flatnonzero(~target.missing)

    def draw(self, number: int, *, with_placebo: bool = True) -> dict[str, Any]:
        """Scores of one draw, as an entry of the certificate's ``folds``; the placebo is A, redrawn in B's size."""
        rng = np.random.default_rng([self.seed, number])
        at = rng.choice(self.known, len(self.known))
        scores: dict[str, Any] = {name: self._score(name, rng, at) for name in self.sides}
        if with_placebo:
            scores["placebo"] = [self._score("raw", rng, at, len(self.sides["refined"]))]
        return {
            "repeat": number,
            "fold": 0,
            "redrawn": True,
            "train": len(self.sides["raw"]),
            "test": len(at),
            "scores": scores,
        }

    def _score(self, name: str, rng: np.random.Generator, at: np.ndarray, size: int | None = None) -> float:
        side = self.sides[name]
        drawn = np.sort(rng.integers(0, len(side), size or len(side)))
        fit = self.recipe.fit(Arm(side, drawn, ""), HEADLINE)
        return self.recipe.score(self.truth[at], fit.answers(self.tests.get(name, self.tests["raw"]), at))
