"""Do no harm: raw records against what ships, over data sets and ways of cleaning.

    python benchmarks/lift_no_harm.py [FILE.csv=TARGET ...] [--records 1000] [--learner linear]

Each set is spoiled (5 % missing cells, 5 % cells in another unit, 5 % wrong labels, 5 % repeated records), then cleaned
in ways that the literature found to harm as often as not: outliers blanked, gaps filled, incomplete records dropped,
records with doubtful labels dropped, repeats dropped, and all of them. In every outer fold the choice is made inside
the training records. Counted: how often what ships is significantly worse than raw, beside shipping everything unasked;
and how much of the gain of the best choice in hindsight (raw, all of it, or the best single way) is shipped.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from lift_effects import sets
from lift_nulls import recipe_of

from karat.core.block import Block
from karat.core.finding import no_findings
from karat.core.patch import changes, no_changes
from karat.core.schema import Role
from karat.evaluate.intervals import Interval
from karat.flow.engine import Learned
from karat.flow.refine import Refined
from karat.lift.arms import fillings, first_of_each, known_target
from karat.lift.data_values import out_of_bag_values
from karat.lift.defect_injection import missing_cells, other_units, wrong_labels
from karat.lift.design import Design
from karat.lift.fold import FoldWork, Setting
from karat.lift.pairing import Fixed
from karat.lift.recipe import HEADLINE, Recipe, Scores
from karat.lift.statistics import gain
from karat.prepare.features import Preparation
from karat.prepare.splits import plan_splits
from karat.prepare.target import read_target

Cleaner = Callable[[Block], pa.Table]

REPEATS = 3
SPOILED = 0.05
FENCES = 3.0
DOUBTFUL = 0.2


def outliers_blanked(block: Block) -> pa.Table:
    """Numbers beyond three interquartile ranges."""
    parts = [no_changes()]
    for column in block.schema.with_role(Role.NUMBER):
        values = block.numbers(column.name)
        low, high = np.nanquantile(values, [0.25, 0.75])
        reach = FENCES * (high - low)
        at = np.flatnonzero((values < low - reach) | (values > high + reach))
        parts.append(changes(len(at), row=block.rows[at], column=column.name, action="set", check="Bench"))
    return pa.concat_tables(parts)


def gaps_filled(block: Block) -> pa.Table:
    """Medians and modes."""
    parts = [no_changes()]
    for name, value in fillings(block).items():
        rows = block.rows[block.missing(name)]
        parts.append(changes(len(rows), row=rows, column=name, action="set", after=value, check="Bench"))
    return pa.concat_tables(parts)


def incomplete_dropped(block: Block) -> pa.Table:
    """Records with a gap."""
    gap = np.any([block.missing(column.name) for column in block.schema.features], axis=0)
    return changes(int(gap.sum()), row=block.rows[gap], action="drop", check="Bench")


def doubtful_dropped(block: Block) -> pa.Table:
    """Records whose label trees that never saw it find improbable."""
    if block.schema.task == "regression":
        return no_changes()
    target = read_target(block)
    at = np.flatnonzero(~target.missing)
    features = Preparation(block.schema, "linear").fit(block, at).apply(block, at)
    worth, _ = out_of_bag_values(np.asarray(features), target.values[at])
    rows = block.rows[at[worth < DOUBTFUL]]
    return changes(len(rows), row=rows, action="drop", check="Bench")


def repeats_dropped(block: Block) -> pa.Table:
    """Exact repeats."""
    rows = np.delete(block.rows, first_of_each(block))
    return changes(len(rows), row=rows, action="drop", check="Bench")


CLEANERS = (outliers_blanked, gaps_filled, incomplete_dropped, doubtful_dropped, repeats_dropped)


class Cleaned:
    """A ``refine`` that proposes what some cleaners do."""

    def __init__(self, *cleaners: Cleaner) -> None:
        self.cleaners = cleaners
        self.key = [c.__name__ for c in cleaners]

    def __call__(self, block: Block) -> Refined:
        """Patches by cleaner."""
        made = {c.__name__: c(block) for c in self.cleaners}
        made = {name: patch for name, patch in made.items() if patch.num_rows}
        return Fixed(block, Learned({}, {}, {}, {}), no_findings(), (), made, no_changes())


def spoiled(clean: Block, seed: int) -> Block:
    """The set with defects of four kinds."""
    rng, block = np.random.default_rng(seed), clean
    for inject in (missing_cells, other_units, wrong_labels):
        block = inject(block, SPOILED, rng) or block
    again = rng.integers(0, len(block), int(SPOILED * len(block)))
    table = pa.concat_tables([block.table, block.table.take(pa.array(again))]).combine_chunks()
    return Block(np.arange(table.num_rows), table, clean.schema)


def figures(block: Block, way: tuple[Cleaner, ...], recipe: Recipe, scores: Scores, seed: int) -> tuple[Interval, ...]:
    """The gain over raw of what ships, and of everything unasked."""
    plan = Design(repeats=REPEATS)
    setting = Setting(block, recipe, plan, Cleaned(*way), known_target(block), [], None, seed, scores)
    gains, ratios = [], []
    for pair in plan_splits(block, seed=seed, repeats=REPEATS).pairs():
        work = FoldWork(setting, *pair)
        records, tests = block.take(work.train), work.held_out()
        patches = setting.refine(records).patches
        chosen = work.chosen(records, patches).kept
        states = (records, *(work.state(records, patches, some) for some in (chosen, tuple(patches))))
        raw, *others = (work.score(work.arm(state), HEADLINE, tests) for state in states)
        gains.append([other - raw for other in others])
        ratios.append(len(tests.positions) / len(work.train))
    zero = np.zeros(len(gains))
    return tuple(gain(made, zero, float(np.mean(ratios))) for made in np.array(gains).T)


def main() -> None:
    """Run and print a line a case, then the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--learner", choices=("headline", "linear"), default="headline")
    parser.add_argument("--seeds", type=int, default=1)
    args = parser.parse_args()
    start, cases = time.perf_counter(), []
    ways = [(one,) for one in CLEANERS] + [CLEANERS]
    for name, clean in sets(args.files, args.records):
        for seed in range(args.seeds):
            block = spoiled(clean, seed)
            scores, recipe, singles = Scores(), recipe_of(block, args.learner), [0.0]
            for way in ways:
                shipped, everything = figures(block, way, recipe, scores, seed)
                singles.append(everything.mean)
                if not everything.error:
                    continue
                best = max(0.0, everything.mean) if len(way) == 1 else max(singles)
                cases.append((shipped, everything, best))
                words = way[0].__name__ if len(way) == 1 else "all of them"
                print(
                    f"{name} · {words} · unasked {everything.mean:+.4f} · ships {shipped.mean:+.4f} "
                    f"[{shipped.low:+.4f}, {shipped.high:+.4f}] · best {best:+.4f}",
                    flush=True,
                )
    harmed, harmed_all = (sum(case[which].high < 0 for case in cases) for which in (0, 1))
    best = sum(case[2] for case in cases)
    gained = sum(case[0].mean for case in cases if case[2] > 0)
    print(
        f"{len(cases)} cases: significantly worse than raw {harmed} as shipped, {harmed_all} unasked · "
        f"{gained / best if best else 0:.0%} of the gain in hindsight is shipped · {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
