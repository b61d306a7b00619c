"""Plants errors of several mechanisms, at several doses, into many clean tables, with two planters that share no code.

    python benchmarks/plant_tables.py OUT [--planter PLANTER.py] [--tables 60] [--doses 0.005,0.05,0.2]

Reads ``untouched`` in the folder that KARAT_DATA names: every table of at least 100 records, the smaller ones first
choice, until ``--tables`` are reached. Writes OUT/<planter>-<dose>/<table>/{dirty.csv, clean.csv, kinds.json}, where
kinds.json maps "row,column" to the mechanism. ``first`` is the planter given with --planter (it has the command line
``--csv F --target C --out D --seed S --rate KIND=R``), ``second`` is ``second_planter.py``, which also writes units behind
bare numbers (``forms``), tables of things that several sources report (``sources``) and texts with remains of web pages,
misread letters and cut ends (``texts``).
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

DATA = Path(os.environ.get("KARAT_DATA", "."))
FIRST_KINDS = ("typo", "swapped_cells", "unit", "broken_fd", "format", "disguised_missing")
MOST_CELLS = 150_000


def sources(count: int) -> list[Path]:
    """Tables that are large enough to plant in and small enough to run often, in an order that depends on names alone."""
    fit = []
    for path in sorted((DATA / "untouched").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        if len(rows) >= 100 and len(head) >= 3 and len(rows) * len(head) <= MOST_CELLS and all(head):
            fit.append(path)
    return sorted(fit, key=lambda path: zlib.crc32(path.name.encode()))[:count]


def target_of(path: Path) -> str:
    """Any column the first planter may leave alone: the last one."""
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file))[-1]


def first(planter: Path, table: Path, to: Path, dose: float, seed: int) -> bool:
    beside = to.with_name(to.name + ".part")
    rates = [part for kind in FIRST_KINDS for part in ("--rate", f"{kind}={dose}")]
    command = [sys.executable, str(planter), "--csv", str(table), "--target", target_of(table), "--out", str(beside)]
    done = subprocess.run(
        [*command, "--seed", str(seed), "--default-rate", "0", "--no-time", *rates], capture_output=True, check=False
    )
    if done.returncode:
        shutil.rmtree(beside, ignore_errors=True)
        return False
    import pyarrow.parquet as pq

    truth = pq.read_table(beside / "truth.parquet").to_pylist()
    to.mkdir(parents=True)
    for name in ("dirty.csv", "clean.csv"):
        shutil.copy(beside / name, to / name)
    (to / "kinds.json").write_text(json.dumps({f"{t['row']},{t['column']}": t["kind"] for t in truth}))
    shutil.rmtree(beside)
    return True


def second(table: Path, to: Path, dose: float, seed: int) -> bool:
    from second_planter import plant, plant_forms, plant_gaps, plant_sources, plant_texts, plant_times

    with table.open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    kind = to.parent.name
    if kind.startswith(("sources", "times")):
        if {"told_by", "thing", "logged"} & set(head):
            return False
        planter = plant_sources if kind.startswith("sources") else plant_times
        head, rows, dirty, kinds = planter(head, rows, dose, seed)
    elif kind.startswith("texts"):
        rows, dirty, kinds = plant_texts(head, rows, dose, seed)
        if not kinds:
            return False
    else:
        planter = {"forms": plant_forms, "gaps": plant_gaps}.get(kind.split("-")[0], plant)
        dirty, kinds = planter(head, rows, dose, seed)
    to.mkdir(parents=True)
    for name, some in (("clean.csv", rows), ("dirty.csv", dirty)):
        with (to / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *some])
    (to / "kinds.json").write_text(json.dumps({f"{row},{column}": kind for (row, column), kind in kinds.items()}))
    return True


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("out", type=Path)
    ask.add_argument("--planter", type=Path)
    ask.add_argument("--tables", type=int, default=60)
    ask.add_argument("--doses", default="0.005,0.05,0.2")
    args = ask.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    made = 0
    planters = (
        ("second", "forms", "sources", "times", "gaps", "texts")
        if args.planter is None
        else ("first", "second", "forms", "sources", "times", "gaps", "texts")
    )
    for at, table in enumerate(sources(args.tables)):
        for dose in map(float, args.doses.split(",")):
            for name in planters:
                to = args.out / f"{name}-{dose:g}" / table.stem
                if to.exists() or (name == "sources" and dose < 0.05) or (name == "forms" and dose > 0.05):
                    continue
                done = first(args.planter, table, to, dose, at) if name == "first" else second(table, to, dose, at)
                made += done
                if not done:
                    print(f"{to}: could not be planted", file=sys.stderr)
    print(f"{made} tables planted")


if __name__ == "__main__":
    main()
