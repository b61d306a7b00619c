"""No false alarms: how often a lift's 95 % interval lies above zero where there is nothing to see.

    python benchmarks/lift_nulls.py placebos FILE.csv TARGET [--cases 200]   two placebos of equal kind and size
    python benchmarks/lift_nulls.py halves   FILE.csv TARGET [--cases 200]   disjoint halves, tested on a third part

At most 7 % of the cases may lie above zero; the median half-width says how much could have been seen. Without a FILE,
scikit-learn's breast cancer set is used.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.flow.refine import patched
from karat.lift import verdict
from karat.lift.design import PLACEBOS
from karat.lift.placebo import placebo
from karat.lift.procedure import recipe_for
from karat.lift.recipe import FRAGILE, HEADLINE, Arm, Recipe
from karat.lift.spread import spread
from karat.lift.versions import DRAWS, Redraw
from karat.prepare.splits import plan_splits
from karat.prepare.target import read_target


def load(path: str, target: str) -> Block:
    """A CSV as Karat reads it, or the breast cancer set."""
    if path:
        from karat.flow import collecting
        from karat.flow.job import Job
        from karat.flow.settings import made_settings

        place = Path(tempfile.mkdtemp())
        collecting.collect(Job(path, place, "clean", made_settings({"collect": {"target": target}}, "")), place)
        return collecting.raw_data(place).whole()
    from sklearn.datasets import load_breast_cancer

    held = load_breast_cancer()
    names = [str(name) for name in held.feature_names]
    table = pa.table(
        {name: [repr(float(v)) for v in held.data[:, at]] for at, name in enumerate(names)}
        | {"y": [str(v) for v in held.target]}
    )
    columns = (*(Column(name, Role.NUMBER, "float64") for name in names), Column("y", Role.TARGET))
    return Block(np.arange(table.num_rows), table, Schema(columns, task="classification"))


def recipe_of(block: Block, learner: str, seed: int = 0) -> Recipe:
    """The frozen recipe; with "linear" the fragile learner leads, which is ten times as quick."""
    made = recipe_for(block, seed=seed)
    if learner == "linear":
        made.learners[HEADLINE], made.ways[HEADLINE] = made.learners[FRAGILE], made.ways[FRAGILE]
    return made


def pattern(block: Block, rng: np.random.Generator) -> pa.Table:
    """A cleaning of random kind and size: 2-10 % of the records dropped, 5-20 % of three columns' cells rewritten."""
    gone = rng.choice(block.rows, int(len(block) * rng.uniform(0.02, 0.1)), replace=False)
    parts = [changes(len(gone), row=gone, action="drop", check="Null")]
    for name in rng.choice([c.name for c in block.schema.features], min(3, len(block.schema.features)), replace=False):
        at = rng.choice(len(block), int(len(block) * rng.uniform(0.05, 0.2)), replace=False)
        after = block.text(str(name)).take(pa.array(rng.permutation(at)))
        parts.append(changes(len(at), row=block.rows[at], column=str(name), action="set", after=after, check="Null"))
    return pa.concat_tables(parts)


def placebos(block: Block, seed: int, records: int, learner: str) -> tuple[float, float, float, float]:
    """One case: lift, low, high of one placebo over another on 5 x 5 folds."""
    rng = np.random.default_rng(seed)
    part = block.take(np.sort(rng.choice(len(block), min(records, len(block)), replace=False)))
    made = pattern(part, rng)
    versions = [patched(part, placebo(part, made, rng)) for _ in range(2 + PLACEBOS)]
    recipe, target = recipe_of(part, learner), read_target(part)
    folds = []
    for repeat, fold, train, test in plan_splits(part, seed=seed, repeats=5, folds=5).pairs():
        scores, influences = [], []
        for version in versions[: None if repeat == 0 else 2]:
            arm = Arm.of(part, version.take(np.isin(version.rows, part.rows[train])))
            answers = recipe.fit(arm, HEADLINE).answers(part, test)
            scores.append(recipe.score(target.values[test], answers))
            influences.append(recipe.influence(target.values[test], answers))
        entry = {"repeat": repeat, "fold": fold, "train": len(train), "test": len(test)}
        entry["scores"] = {"raw": scores[0], "refined": scores[1]} | ({"placebo": scores[2:]} if repeat == 0 else {})
        folds.append(entry | spread(influences[1] - influences[0], influences[2:], np.arange(len(test))))
    found, alone = verdict.lifted(folds), verdict.difference(folds, "refined", "raw")
    return found.mean, found.low, found.high, (alone.high - alone.low) / 2


def halves(block: Block, seed: int, records: int, learner: str) -> tuple[float, float, float, float]:
    """One case: one half over the other, each redrawn, tested on a third part."""
    order = np.random.default_rng(seed).permutation(len(block))
    size = min(records, len(block) // 3)
    one, other, test = (block.take(np.sort(order[k * size : (k + 1) * size])) for k in range(3))
    work = Redraw(recipe_of(block, learner), {"raw": one, "refined": other}, {"raw": test}, seed)
    folds = [work.draw(number, with_placebo=False) for number in range(DRAWS)]
    found = verdict.difference(folds, "refined", "raw")
    return found.mean, found.low, found.high, (found.high - found.low) / 2


def main() -> None:
    """Run and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("null", choices=("placebos", "halves"))
    parser.add_argument("file", nargs="?", default="")
    parser.add_argument("target", nargs="?", default="y")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--records", type=int, default=1_000, help="records of each part")
    parser.add_argument("--learner", choices=("headline", "linear"), default="headline")
    args = parser.parse_args()
    block, case, start = (
        load(args.file, args.target),
        {"placebos": placebos, "halves": halves}[args.null],
        time.perf_counter(),
    )
    found = np.array([case(block, seed, args.records, args.learner) for seed in range(args.cases)])
    above, below = float((found[:, 1] > 0).mean()), float((found[:, 2] < 0).mean())
    half = float(np.median((found[:, 2] - found[:, 1]) / 2))
    print(
        f"{args.null} {Path(args.file).name or 'breast cancer'}: {args.cases} cases of {args.records:,} records, "
        f"{args.learner} learner · "
        f"above zero {above:.1%} (at most 7 %) · below {below:.1%} · median half-width {half:.4f}, "
        f"from folds alone {float(np.median(found[:, 3])):.4f} · "
        f"{time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
