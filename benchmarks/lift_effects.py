"""Real effects: planted defects of one dimension, repaired perfectly. Seen? And has the right dimension the share?

    python benchmarks/lift_effects.py [FILE.csv=TARGET ...] [--records 1000] [--doses 0.1,0.2] [--seeds 1]

Each case plants one defect at the dose and the others at 1 % (units: none), and repairs all. Its true effect is
measured on 40 splits of other seeds, by the raw and the refined arm alone. A case counts when that exceeds the
minimal detectable effect which the certificate states; it is found when the verdict is "worth it". The sets are
scikit-learn's breast cancer, wine and diabetes, and samples of the files given.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from lift_nulls import load, recipe_of

from karat.core.block import Block
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.flow.refine import joined, patched
from karat.lift import verdict
from karat.lift.arms import known_target
from karat.lift.defect_injection import DEFECTS
from karat.lift.design import Design
from karat.lift.fold import FoldWork, Setting
from karat.lift.folds import run_folds
from karat.lift.pairing import VersionChanges
from karat.lift.recipe import HEADLINE
from karat.prepare.splits import plan_splits

LIGHT = 0.01


def sets(files: Sequence[str] = (), records: int = 1_000) -> Iterator[tuple[str, Block]]:
    """Name and records: scikit-learn's, then a sample of each FILE=TARGET."""
    yield from bundled()
    for one in files:
        path, target = one.rsplit("=", 1)
        block = load(path, target)
        at = np.random.default_rng(0).choice(len(block), min(records, len(block)), replace=False)
        part = block.take(np.sort(at))
        yield Path(path).parent.name or Path(path).name, Block(np.arange(len(part)), part.table, part.schema)


def bundled() -> Iterator[tuple[str, Block]]:
    """Name and clean records of what scikit-learn carries."""
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

    for name, held, task in (
        ("breast cancer", load_breast_cancer(), "classification"),
        ("wine", load_wine(), "classification"),
        ("diabetes", load_diabetes(), "regression"),
    ):
        names = [str(n) for n in held.feature_names]
        table = pa.table(
            {n: [repr(float(v)) for v in held.data[:, at]] for at, n in enumerate(names)}
            | {"y": [f"{v:g}" for v in held.target]}
        )
        columns = (
            *(Column(n, Role.NUMBER, "float64") for n in names),
            Column("y", Role.TARGET, "float64" if task == "regression" else "string"),
        )
        yield name, Block(np.arange(table.num_rows), table, Schema(columns, task=task))


def planted(clean: Block, main: str, dose: float, seed: int) -> tuple[Block, dict[str, pa.Table]]:
    """Dirty records, and the perfect repair of each defect."""
    rng, dirty, repairs = np.random.default_rng(seed), clean, {}
    for _, name, inject in DEFECTS:
        if name != "newest records absent":
            # One number in a hundred in another unit would already outweigh the rest for a linear learner.
            light = 0.0 if name == "numbers in another unit" else LIGHT
            made = inject(dirty, dose if name == main else light, rng)
            if made is not None:
                repairs[name] = repair(dirty, made, clean)
                dirty = made
    return dirty, repairs


def repair(before: Block, after: Block, clean: Block) -> pa.Table:
    """What puts the cells that differ back to their clean value."""
    parts = []
    for column in clean.schema:
        one, other = (np.array(b.text(column.name).to_pylist(), object) for b in (before, after))
        at = np.flatnonzero(one != other)
        if len(at):
            true = clean.text(column.name).take(pa.array(at))
            parts.append(
                changes(len(at), row=clean.rows[at], column=column.name, action="set", after=true, check="Planted")
            )
    return pa.concat_tables(parts) if parts else changes(0, action="set", check="Planted")


def case(clean: Block, main: str, dose: float, seed: int, learner: str, repeats: int) -> dict[str, Any]:
    """One certificate and its true effect."""
    dirty, repairs = planted(clean, main, dose, seed)
    plan = Design(repeats=repeats, inner_folds=0, look_repeats=0)
    setting = Setting(
        dirty, recipe_of(clean, learner, seed), plan, VersionChanges(repairs), known_target(clean), [], clean, seed
    )
    folds = run_folds(setting, list(plan_splits(dirty, seed=seed, repeats=repeats).pairs()))
    found = verdict.figures(folds)
    gains = []
    for pair in plan_splits(dirty, seed=seed + 1_000, repeats=8).pairs():
        work = FoldWork(setting, *pair)
        records, tests = dirty.take(work.train), work.held_out()
        mended = patched(records, joined(VersionChanges(repairs)(records).patches))
        gains.append(work.score(work.arm(mended), HEADLINE, tests) - work.score(work.arm(records), HEADLINE, tests))
    return {
        "true": float(np.mean(gains)),
        "lift": found["lift"],
        "low": found["low"],
        "seen": found["minimal_detectable_effect"],
        "verdict": found["verdict"],
        "largest": found["contributions"][0].family,
    }


def main() -> None:
    """Run and print a line a case, then the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--doses", default="0.1,0.2")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--learner", choices=("headline", "linear"), default="headline")
    args = parser.parse_args()
    start, all_cases = time.perf_counter(), []
    for name, clean in sets(args.files, args.records):
        for defect in ("wrong cells", "wrong labels", "missing cells", "numbers in another unit"):
            for dose in map(float, args.doses.split(",")):
                for seed in range(args.seeds):
                    one = case(clean, defect, dose, seed, args.learner, args.repeats)
                    all_cases.append((defect, one))
                    print(
                        f"{name} · {defect} {dose:.0%} · true {one['true']:+.4f} · lift {one['lift']:+.4f}, "
                        f"smallest visible {one['seen']:.4f} · {one['verdict']} · largest share: {one['largest']}",
                        flush=True,
                    )
    large = [(defect, one) for defect, one in all_cases if one["true"] > one["seen"]]
    seen = sum(one["verdict"] == "worth it" for _, one in large)
    right = sum(one["largest"] == defect for defect, one in large)
    print(
        f"{len(all_cases)} cases, {len(large)} above the smallest visible effect: found {seen}, "
        f"right dimension {right} · {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
