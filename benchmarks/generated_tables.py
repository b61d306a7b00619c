"""Detection and repair on tables made from nothing, recall by kind, precision by check, and false alarms.

    python benchmarks/generated_tables.py [--seeds 3] [--structures places-zh films ...] [--records N]
    python benchmarks/generated_tables.py --clean TABLE.csv ... (false alarms alone; the made clean tables among them)

A cell counts as found at confidence 0.5 and above, as mended where the ledger's last value is the true one. A gap that
stands for nothing counts as found where a finding lies on the cell.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

sys.path.insert(0, str(Path(__file__).parent))
from made_tables import STRUCTURES
from spoiled_tables import Made, made

import karat

SURE = 0.5


def write(columns: dict[str, list[str]], path: Path) -> Path:
    pyarrow.csv.write_csv(pa.table(columns), path)
    return path


def sure_cells(found: pa.Table) -> list[dict]:
    kept = found.filter(pc.and_(pc.greater_equal(found["confidence"], SURE), pc.is_valid(found["row"])))
    return kept.filter(pc.is_valid(kept["column"])).select(["row", "column", "check", "confidence"]).to_pylist()


def f1(hits: int, said: int, true: int) -> str:
    precision, recall = hits / max(said, 1), hits / max(true, 1)
    return f"{precision:.3f} {recall:.3f} {2 * precision * recall / max(precision + recall, 1e-9):.3f}"


def judged(table: Made, folder: Path, tallies: dict[str, Counter]) -> tuple[str, str, float]:
    """Detection and repair as P R F1, seconds; recall and precision go to the tallies."""
    path = write(table.dirty, folder / "dirty.csv")
    start = time.perf_counter()
    done = karat.clean(path)
    seconds = time.perf_counter() - start
    cells = sure_cells(done.findings)
    said = {(cell["row"], cell["column"]) for cell in cells}
    for check, row, column in {(cell["check"], cell["row"], cell["column"]) for cell in cells}:
        tallies["said"][check] += 1
        tallies["right"][check] += (row, column) in table.truth
    for place, kind in table.truth.items():
        tallies["planted"][kind] += 1
        tallies["found"][kind] += place in said
    ledger = done.ledger.filter(pc.is_valid(done.ledger["column"]))
    last = {(row["row"], row["column"]): row["after"] or "" for row in ledger.to_pylist()}
    mended = sum(place in table.truth and table.clean[place[1]][place[0]] == after for place, after in last.items())
    hits = len(said & table.truth.keys())
    return f1(hits, len(said), len(table.truth)), f1(mended, len(last), len(table.truth)), seconds


def rates(title: str, part: Counter, whole: Counter) -> str:
    shown = ", ".join(f"{name} {part[name] / n:.2f} ({part[name]}/{n})" for name, n in sorted(whole.items()))
    return f"  {title}: {shown}"


def false_alarms(path: Path) -> str:
    found = karat.assess(path).findings
    cells = sure_cells(found)
    table = pyarrow.csv.read_csv(path, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True))
    share = len({(cell["row"], cell["column"]) for cell in cells}) / max(table.num_rows * table.num_columns, 1)
    worst = Counter(cell["check"] for cell in cells).most_common(4)
    return f"{100 * share:.3f} %  " + ", ".join(f"{check} {n}" for check, n in worst)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--structures", nargs="*", default=list(STRUCTURES), choices=list(STRUCTURES))
    parser.add_argument("--records", type=int)
    parser.add_argument("--clean", nargs="*", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        if args.clean is not None:
            for path in args.clean:
                print(f"{'/'.join(path.parts[-2:]):40} {false_alarms(path)}", flush=True)
        for structure in args.structures:
            tallies = {name: Counter() for name in ("planted", "found", "said", "right")}
            for seed in range(args.seeds):
                table = made(structure, seed, args.records)
                if args.clean is not None:
                    path = write(table.clean, folder / f"{structure}_{seed}.csv")
                    print(f"{path.name:40} {false_alarms(path)}", flush=True)
                    continue
                detected, mended, seconds = judged(table, folder, tallies)
                print(f"{structure:10} {seed}  detect {detected}  repair {mended}  {seconds:.1f} s", flush=True)
            if args.clean is None:
                print(rates("recall", tallies["found"], tallies["planted"]))
                print(rates("precision", tallies["right"], tallies["said"]), flush=True)


if __name__ == "__main__":
    main()
