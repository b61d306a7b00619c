"""Recall by kind of planted defect and precision by check, over tables and seeds.

    python benchmarks/planted_defects.py --planter PLANTER.py TABLE.csv=TARGET ... [--seeds 5] [--work DIR]

PLANTER is called as `PLANTER --csv TABLE --target TARGET --out DIR --seed S` and writes dirty.csv, truth.parquet (row,
column, kind) and ignore_rows.txt. A defect of a cell is found by a finding on that cell, a defect of a record by one
on the record; findings below 0.5 do not count.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

import karat

SURE = 0.5


def plant(planter: Path, table: Path, target: str, seed: int, out: Path) -> None:
    """One spoiled copy of a table."""
    command = [
        sys.executable,
        str(planter),
        "--csv",
        str(table),
        "--target",
        target,
        "--out",
        str(out),
        "--seed",
        str(seed),
    ]
    subprocess.run(command, check=True, capture_output=True)


def judged(folder: Path, target: str) -> tuple[dict, dict, int, int, float]:
    """Hits and totals by kind, hits and totals by check, cells flagged, cells in all, seconds."""
    start = time.perf_counter()
    found = karat.assess(folder / "dirty.csv", target=target).findings
    seconds = time.perf_counter() - start
    truth = pq.read_table(folder / "truth.parquet").select(["row", "column", "kind"]).to_pylist()
    ignored = {int(line) for line in (folder / "ignore_rows.txt").read_text().split()}
    found = found.filter(pc.and_(pc.greater_equal(found["confidence"], SURE), pc.is_valid(found["row"])))
    rows = found.select(["row", "column", "check"]).to_pylist()
    places = {(row["row"], row["column"]) for row in rows}
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for defect in truth:
        kinds[defect["kind"]][0] += (defect["row"], defect["column"]) in places
        kinds[defect["kind"]][1] += 1
    wrong = {(defect["row"], defect["column"]) for defect in truth}
    checks: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row["row"] in ignored and row["column"] is not None:
            continue
        checks[row["check"]][0] += (row["row"], row["column"]) in wrong
        checks[row["check"]][1] += 1
    names = pyarrow.csv.read_csv(folder / "dirty.csv", parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True))
    cells = {place for place in places if place[1] is not None and place[0] not in ignored}
    return kinds, checks, len(cells), names.num_rows * names.num_columns, seconds


def lines(title: str, tables: list[str], rates: dict[str, dict[str, list[int]]]) -> list[str]:
    """A Markdown table: one row per kind or check, one column per table, all seeds together."""
    out = [f"| {title} | " + " | ".join(tables) + " | all |", "|---|" + "---|" * (len(tables) + 1)]
    for name in sorted({name for rate in rates.values() for name in rate}):
        parts = [rates[table].get(name, [0, 0]) for table in tables]
        parts.append([sum(part[0] for part in parts), sum(part[1] for part in parts)])
        out.append(f"| {name} | " + " | ".join(f"{hit / n:.2f} ({hit}/{n})" if n else "" for hit, n in parts) + " |")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--planter", type=Path, required=True)
    parser.add_argument("tables", nargs="+", metavar="TABLE.csv=TARGET")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--work", type=Path)
    args = parser.parse_args()
    work = args.work or Path(tempfile.mkdtemp())
    recall: dict[str, dict[str, list[int]]] = {}
    precision: dict[str, dict[str, list[int]]] = {}
    for item in args.tables:
        path, _, target = item.partition("=")
        name = "/".join(Path(path).with_suffix("").parts[-2:])
        kinds, checks = recall.setdefault(name, {}), precision.setdefault(name, {})
        for seed in range(args.seeds):
            folder = work / f"{name.replace('/', '-')}_{seed}"
            plant(args.planter, Path(path), target, seed, folder)
            by_kind, by_check, flagged, cells, seconds = judged(folder, target)
            print(f"{name} seed {seed}: {flagged} of {cells} cells flagged, {seconds:.1f} s", file=sys.stderr)
            for total, part in ((kinds, by_kind), (checks, by_check)):
                for key, (hit, n) in part.items():
                    held = total.setdefault(key, [0, 0])
                    held[0], held[1] = held[0] + hit, held[1] + n
    print(
        "\n".join(
            [
                *lines("recall by kind", list(recall), recall),
                "",
                *lines("precision by check", list(precision), precision),
            ]
        )
    )


if __name__ == "__main__":
    main()
