"""How often findings of each confidence are right: ten bins, all tables with a known answer together, and by check.

    python benchmarks/calibration.py [--seeds 2] [--pairs DIRTY.csv=CLEAN.csv ...] [--clean TABLE.csv ...]

A finding on a cell is right where the true value differs, as text, from the one that stands there. A cell counts
once, with the highest confidence any check gave it. ``--pairs`` adds tables with their true halves (records in an
``ignore_rows.txt`` beside the dirty one are left out), ``--clean`` tables that hold no error at all. The last column is
what a monotone map per check, learned from the other tables (isotonic regression, one table left out at a time), would
have said instead.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.csv

sys.path.insert(0, str(Path(__file__).parent))
from generated_tables import write
from made_tables import STRUCTURES
from spoiled_tables import made

import karat

ENOUGH = 30  # findings of a check from which it gets a map of its own
Judged = list[tuple[str, float, bool, tuple[int, str]]]


def read(path: Path) -> dict[str, list[str]]:
    """Cells as text, row by row as they stand."""
    options = pyarrow.csv.ReadOptions(block_size=1 << 28)
    names = pyarrow.csv.open_csv(path).schema.names
    convert = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, "string"), strings_can_be_null=False)
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(path, options, parse, convert)
    return {name: table[at].to_pylist() for at, name in enumerate(table.column_names)}


def judged(dirty: Path, wrong: set[tuple[int, str]] | None) -> Judged:
    """Check, confidence, right or not, and cell of every finding on a cell; ``wrong`` None: by the check's own cell."""
    found = karat.assess(dirty).findings
    found = found.filter(pc.and_(pc.is_valid(found["row"]), pc.is_valid(found["column"])))
    rows = found.select(["check", "confidence", "row", "column"]).to_pylist()
    return [
        (r["check"], r["confidence"], (r["row"], r["column"]) in (wrong or set()), (r["row"], r["column"]))
        for r in rows
    ]


def by_cell(part: Judged, confidence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per cell the highest confidence, and whether it is right."""
    best: dict[tuple[int, str], tuple[float, bool]] = {}
    for (_, _, right, cell), sure in zip(part, confidence.tolist(), strict=True):
        best[cell] = max(best.get(cell, (0.0, right)), (sure, right))
    held = list(best.values())
    return np.array([sure for sure, _ in held]), np.array([right for _, right in held], bool)


def left_out(tables: dict[str, Judged]) -> dict[str, np.ndarray]:
    """Each table's confidences, mapped by what the other tables show of each check."""
    from sklearn.isotonic import IsotonicRegression

    out = {}
    for name, part in tables.items():
        others = [finding for other, held in tables.items() if other != name for finding in held]
        mapped = np.array([sure for _, sure, _, _ in part])
        for check in sorted({check for check, *_ in part}):
            seen = [(sure, right) for other, sure, right, _ in others if other == check]
            at = np.array([other == check for other, *_ in part])
            if len(seen) >= ENOUGH:
                sure, right = np.array(seen, float).T
                fit = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(sure, right)
                mapped[at] = fit.predict(mapped[at])
        out[name] = mapped
    return out


def bins(sure: np.ndarray, right: np.ndarray) -> list[str]:
    out = []
    for at in range(10):
        here = (np.minimum((sure * 10).astype(int), 9)) == at
        out.append(f"{right[here].mean():.2f} of {here.sum():,} at {sure[here].mean():.2f}" if here.any() else "")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--pairs", nargs="*", default=[], metavar="DIRTY=CLEAN")
    parser.add_argument("--clean", nargs="*", type=Path, default=[])
    args = parser.parse_args()
    tables: dict[str, Judged] = {}
    with tempfile.TemporaryDirectory() as held:
        for structure in STRUCTURES:
            for seed in range(args.seeds):
                table = made(structure, seed)
                path = write(table.dirty, Path(held) / "dirty.csv")
                tables[f"{structure} {seed}"] = judged(path, set(table.truth))
    for pair in args.pairs:
        dirty, _, clean = pair.partition("=")
        one, two = list(read(Path(dirty)).items()), list(read(Path(clean)).values())
        wrong = {
            (row, name)
            for (name, cells), true in zip(one, two, strict=True)
            for row, (a, b) in enumerate(zip(cells, true, strict=True))
            if a != b
        }
        beside = Path(dirty).with_name("ignore_rows.txt")
        planted = {int(line) for line in beside.read_text().split()} if beside.exists() else set()
        tables[dirty] = [finding for finding in judged(Path(dirty), wrong) if finding[3][0] not in planted]
    for path in args.clean:
        tables[str(path)] = judged(path, None)
    parts = {name: by_cell(part, np.array([f[1] for f in part])) for name, part in tables.items()}
    mapped = left_out(tables)
    again = {name: by_cell(part, mapped[name]) for name, part in tables.items()}
    now, then = (bins(*(np.concatenate([p[k] for p in held.values()]) for k in (0, 1))) for held in (parts, again))
    print("| confidence | right, as it is | right, mapped by the other tables |\n|---|---|---|")
    for at, (one, two) in enumerate(zip(now, then, strict=True)):
        print(f"| {at / 10:.1f} to {at / 10 + 0.1:.1f} | {one} | {two} |")
    checks: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for part in tables.values():
        for check, sure, right, _ in part:
            checks[check].append((sure, right))
    print("\n| check | " + " | ".join(f"{at / 10:.1f}" for at in range(10)) + " |\n|---|" + "---|" * 10)
    for check, seen in sorted(checks.items()):
        sure, right = np.array(seen, float).T
        print(f"| {check} | " + " | ".join(cell.split(" at")[0] for cell in bins(sure, right.astype(bool))) + " |")


if __name__ == "__main__":
    main()
