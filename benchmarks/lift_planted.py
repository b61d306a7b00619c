"""Real effects, planted by a program of your own: one dimension of defects, repaired perfectly. Seen, and laid to it?

    python benchmarks/lift_planted.py --planter PLANTER.py FILE.csv=TARGET ... [--records 6000] [--rates 0.1,0.2]

PLANTER is called as `PLANTER --csv TABLE --target TARGET --out DIR --seed S --default-rate R --rate KIND=R ...` and
writes dirty.csv, clean.csv (the same shape) and truth.parquet (row, column, kind, dimension; column null for a repeated
record). In each case the kinds of one dimension are planted at the rate and all others at 1 % (numbers in another unit or
another column: none, since a few of those outweigh everything else for a linear learner). The repair puts every planted cell back and
drops every planted copy; its families are the dimensions. The true effect is measured on 200 splits of other seeds. A
case counts when that exceeds the smallest visible effect that its certificate states; it is found when the verdict is
"worth it". The linear learner leads.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from lift_nulls import load, recipe_of

from karat.core.block import Block
from karat.core.patch import changes
from karat.flow.refine import joined, patched
from karat.lift import verdict
from karat.lift.arms import known_target
from karat.lift.design import Design
from karat.lift.fold import FoldWork, Setting
from karat.lift.folds import run_folds
from karat.lift.pairing import VersionChanges
from karat.lift.recipe import HEADLINE
from karat.prepare.splits import plan_splits

KINDS = {
    "accuracy": ("typo", "swapped_cells", "wrong_label"),
    "completeness": ("missing", "disguised_missing"),
    "consistency": ("unit", "format", "broken_fd", "exact_duplicate", "near_duplicate"),
    "timeliness": ("stale", "future", "out_of_order"),
}
GROSS = ("unit", "swapped_cells")
LIGHT = 0.01
TRUE_SPLITS = 200
FOLDS = 5


def sample(path: Path, records: int, place: Path) -> Path:
    """At most so many records of a CSV, in their order, drawn the same each time."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    at = np.sort(np.random.default_rng(0).choice(len(rows), min(records, len(rows)), replace=False))
    out = place / path.name
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *(rows[i] for i in at)])
    return out


def planted(planter: Path, table: Path, target: str, dimension: str, rate: float, seed: int, out: Path) -> None:
    """One spoiled copy."""
    rates = dict.fromkeys(GROSS, 0.0) | dict.fromkeys(KINDS[dimension], rate)
    command = [sys.executable, str(planter), "--csv", str(table), "--target", target, "--out", str(out)]
    command += ["--seed", str(seed), "--default-rate", str(LIGHT)]
    command += [part for kind, r in rates.items() for part in ("--rate", f"{kind}={r}")]
    # Only where times are spoiled does the table get a column of times.
    subprocess.run(command + ([] if dimension == "timeliness" else ["--no-time"]), check=True, capture_output=True)


def versions(place: Path, target: str) -> tuple[Block, Block, dict[str, pa.Table], np.ndarray]:
    """Dirty and clean records, the repair of each dimension, and which records are planted copies."""
    dirty = load(str(place / "dirty.csv"), target)
    names = dirty.schema.names
    kinds = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    table = pa.csv.read_csv(place / "clean.csv", convert_options=kinds).select(list(names)).combine_chunks()
    clean = Block(dirty.rows, table, dirty.schema)
    truth = pq.read_table(place / "truth.parquet")
    repairs = {}
    for dimension in KINDS:
        mine = truth.filter(pc.equal(truth["dimension"], dimension))
        parts = []
        for name in names:
            at = mine.filter(pc.equal(mine["column"], name))["row"].to_numpy()
            after = clean.text(name).take(pa.array(at))
            parts.append(changes(len(at), row=at, column=name, action="set", after=after, check="Planted"))
        gone = mine.filter(pc.is_null(mine["column"]))["row"].to_numpy()
        repairs[dimension] = pa.concat_tables([*parts, changes(len(gone), row=gone, action="drop", check="Planted")])
    copies = np.isin(dirty.rows, truth.filter(pc.is_null(truth["column"]))["row"].to_numpy())
    return dirty, clean, {k: v for k, v in repairs.items() if v.num_rows}, copies


def case(place: Path, target: str, seed: int) -> dict[str, Any]:
    """One certificate and its true effect."""
    dirty, clean, repairs, copies = versions(place, target)
    plan = Design(inner_folds=0, look_repeats=0)
    recipe = recipe_of(dirty, "linear", seed)
    setting = Setting(dirty, recipe, plan, VersionChanges(repairs), known_target(clean) & ~copies, [], clean, seed)
    folds = run_folds(setting, list(plan_splits(dirty, seed=seed, repeats=plan.repeats, folds=FOLDS).pairs()))
    found = verdict.figures(folds)
    gains = []
    other = plan_splits(dirty, seed=seed + 1_000, repeats=TRUE_SPLITS // FOLDS, folds=FOLDS)
    for pair in other.pairs():
        work = FoldWork(setting, *pair)
        records, tests = dirty.take(work.train), work.held_out()
        mended = patched(records, joined(setting.refine(records).patches))
        gains.append(work.score(work.arm(mended), HEADLINE, tests) - work.score(work.arm(records), HEADLINE, tests))
    return {
        "true": float(np.mean(gains)),
        "splits": len(gains),
        "lift": found["lift"],
        "seen": found["minimal_detectable_effect"],
        "verdict": found["verdict"],
        "largest": found["contributions"][0].family,
        "shares": {one.family: one.lift for one in found["contributions"]},
    }


def main() -> None:
    """Run and print a line a case, then the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--planter", type=Path, required=True)
    parser.add_argument("--records", type=int, default=6_000)
    parser.add_argument("--rates", default="0.1,0.2")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--dimensions", default=",".join(KINDS))
    args = parser.parse_args()
    start, cases = time.perf_counter(), []
    for table in args.tables:
        path, target = table.rsplit("=", 1)
        with tempfile.TemporaryDirectory() as held:
            small = sample(Path(path), args.records, Path(held))
            for dimension in args.dimensions.split(","):
                for rate in map(float, args.rates.split(",")):
                    for seed in range(args.seeds):
                        out = Path(held) / f"{dimension}-{rate}-{seed}"
                        planted(args.planter, small, target, dimension, rate, seed, out)
                        one = case(out, target, seed)
                        cases.append((dimension, one))
                        shares = " ".join(f"{family} {value:+.4f}" for family, value in one["shares"].items())
                        print(
                            f"{Path(path).stem} · {dimension} {rate:.0%} · true {one['true']:+.4f} ({one['splits']} "
                            f"splits) · lift {one['lift']:+.4f}, smallest visible {one['seen']:.4f} · "
                            f"{one['verdict']} · {shares} · {time.perf_counter() - start:.0f} s",
                            flush=True,
                        )
    large = [(dimension, one) for dimension, one in cases if one["true"] > one["seen"]]
    print(
        f"{len(cases)} cases, {len(large)} above the smallest visible effect: "
        f"found {sum(one['verdict'] == 'worth it' for _, one in large)}, "
        f"right dimension {sum(one['largest'] == dimension for dimension, one in large)}"
    )


if __name__ == "__main__":
    main()
