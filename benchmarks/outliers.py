"""Numeric outliers: Karat's checks of numbers beside Tukey's fences and an isolation forest, on the same cells.

    python benchmarks/outliers.py lakes | FOLDER ...

``lakes``: the 24 tables with planted outliers in the folder that KARAT_DATA names. FOLDER: CSV files that are taken as
clean; 0.5, 2 and 5 % of the cells of their number columns are spoiled here in three ways (far out, a power of ten,
a quarter up or down), the columns apart. Fences and forest see every column of which half the cells are numbers; the
forest is asked on the lakes alone, it is slow.
"""

import csv
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from foreign_tables import Pair, outcome, pairs
from sklearn.ensemble import IsolationForest

CHECKS = {"OutlyingNumbers", "UnitSlips", "OutOfRange", "BrokenEquations", "ImplausibleCombinations"}
RATES = (0.0, 0.005, 0.02, 0.05)


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        head, *rows = csv.reader(file)
    return head, rows


def spoiled(path: Path, rate: float, place: Path, seed: int) -> Pair:
    """A dirty copy of a table, its number columns spoiled one by one."""
    chance = random.Random(f"{path.name} {seed}")
    head, rows = rows_of(path)
    dirty = [list(row) for row in rows]
    for at in range(len(head)):
        values = np.array([number(row[at]) if at < len(row) else np.nan for row in rows])
        known = np.flatnonzero(np.isfinite(values))
        if len(known) < max(50, len(rows) / 2) or len(np.unique(values[known])) < 20:
            continue
        middle, low, high = np.quantile(values[known], [0.5, 0.25, 0.75])
        for row in chance.sample(known.tolist(), round(rate * len(known))):
            way = chance.choice(["far", "ten", "quarter"])
            value = {
                "far": middle + chance.choice([-1, 1]) * chance.uniform(6, 20) * (high - low),
                "ten": values[row] * chance.choice([10, 100, 1000, 0.1, 0.01, 0.001]),
                "quarter": values[row] * (1 + chance.gauss(0, 0.25)),
            }[way]
            dirty[row][at] = f"{value:.6g}"
    for name, table in (("clean.csv", rows), ("dirty.csv", dirty)):
        with (place / name).open("w", newline="") as file:
            csv.writer(file).writerows([head, *table])
    return Pair("planted", path.stem, place / "dirty.csv", place / "clean.csv")


def flagged(rows: list[list[str]], columns: int, forest: bool) -> dict[str, set[tuple[int, int]]]:
    """The cells that the fences and the forest name."""
    out: dict[str, set[tuple[int, int]]] = {"Tukey 3 IQR": set(), "Tukey 1.5 IQR": set()}
    for at in range(columns):
        values = np.array([number(row[at]) if at < len(row) else np.nan for row in rows])
        known = np.flatnonzero(np.isfinite(values))
        if len(known) < max(4, len(rows) / 2) or np.ptp(values[known]) == 0:
            continue
        low, high = np.quantile(values[known], [0.25, 0.75])
        for name, width in (("Tukey 3 IQR", 3.0), ("Tukey 1.5 IQR", 1.5)):
            odd = (values < low - width * (high - low)) | (values > high + width * (high - low))
            out[name] |= {(row, at) for row in np.flatnonzero(odd).tolist()}
        if forest:
            apart = IsolationForest(random_state=0).fit_predict(values[known][:, None]) < 0
            out.setdefault("isolation forest", set()).update((row, at) for row in known[apart].tolist())
    return out


def scored(pair: Pair, totals: dict[str, Counter]) -> None:
    """Adds one table to the totals of every method."""
    head, dirty = rows_of(pair.dirty)
    clean = rows_of(pair.clean)[1]
    wrong = {(r, c) for r, row in enumerate(dirty) for c, cell in enumerate(row) if cell != clean[r][c]}
    for name, cells in flagged(dirty, len(head), pair.set != "planted").items():
        totals.setdefault(name, Counter()).update(hits=len(cells & wrong), said=len(cells), wrong=len(wrong))
    ours = outcome(pair, CHECKS)
    totals.setdefault("Karat", Counter()).update(
        hits=ours.hits, said=ours.flagged, wrong=ours.wrong, right=ours.right, broken=ours.broken
    )


def told(title: str, totals: dict[str, Counter]) -> None:
    print(f"\n{title}")
    for name, n in totals.items():
        p, r = n["hits"] / max(n["said"], 1), n["hits"] / max(n["wrong"], 1)
        fixes = f"  right {n['right']:,} : broken {n['broken']:,}" if name == "Karat" else ""
        print(f"  {name:18s} said {n['said']:6,}  P {p:.3f}  R {r:.3f}  F1 {2 * p * r / max(p + r, 1e-9):.3f}{fixes}")


def main() -> None:
    for place in sys.argv[1:]:
        if place == "lakes":
            tables = pairs(["no"])
            for title, some in (("lakes, all", tables), ("even", tables[::2]), ("odd", tables[1::2])):
                totals: dict[str, Counter] = {}
                for pair in some:
                    scored(pair, totals)
                told(title, totals)
            continue
        for rate in RATES:
            totals = {}
            for path in sorted(Path(place).glob("*.csv")):
                with tempfile.TemporaryDirectory() as room:
                    scored(spoiled(path, rate, Path(room), 1), totals)
            told(f"{place}, {100 * rate:g} % of the cells", totals)


if __name__ == "__main__":
    main()
