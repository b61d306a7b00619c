"""How well each dimension's score follows the share of wrong items that is really there.

    python benchmarks/score_tracking.py [DIMENSION ...] [--tables 16] [--offset 0] [--every 1] [--planter FILE] [--json OUT]

Plants one dimension's defects at a time into clean tables (``untouched`` in the folder that KARAT_DATA names, and
scikit-learn's): wrong cells of several kinds (accuracy), records written twice (consistency), blank and disguised gaps
(completeness), times that are stale, in the future or out of order (timeliness; a table without a time column gets
one), each in 0, 2, 10 and 20 % of the items. ``--planter`` names another planter, with the command line of
``plant_tables.py``, for the wrong cells: letters changed and values exchanged between the columns of a record. Prints the
score before, the true share, the mean absolute error, and whether the interval covers.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from foreign_tables import DATA
from plant_tables import sources
from second_planter import mistyped, number, shifted

import karat

DOSES = (0.0, 0.02, 0.1, 0.2)
CLOSE = 0.03
TIME = "recorded_at"
GAPS = ("", "NA", "N/A", "NULL", "NaN", "nan")


def wrong_cells(head, rows, dose, chance):
    out = [row.copy() for row in rows]
    filled = [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if len(cell) >= 3]
    done = 0
    for r, c in chance.sample(filled, len(filled)):
        if done >= round(dose * len(rows) * len(head)):
            break
        cell = rows[r][c]
        made = shifted(cell, chance) if number(cell) is not None else mistyped(cell, chance)
        done += made != cell
        out[r][c] = made
    return head, out, done / (len(rows) * len(head))


def repeated(head, rows, dose, chance):
    copies = round(dose / (1 - dose) * len(rows))
    picked = chance.sample(range(len(rows)), copies)
    return head, [*rows, *(rows[at].copy() for at in picked)], copies / (len(rows) + copies)


def gaps(head, rows, dose, chance):
    out = [row.copy() for row in rows]
    filled = [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell not in GAPS]
    blank = len(rows) * len(head) - len(filled)
    some = chance.sample(filled, min(len(filled), round(dose * len(rows) * len(head))))
    for r, c in some:
        out[r][c] = "N/A" if number(rows[r][c]) is not None and chance.random() < 0.3 else ""
    return head, out, (blank + len(some)) / (len(rows) * len(head))


def times(head, rows, dose, chance):
    start = datetime(2024, 12, 31, tzinfo=UTC) - timedelta(hours=len(rows))
    stamps = [start + timedelta(hours=at) for at in range(len(rows))]
    some = chance.sample(range(len(rows)), round(dose * len(rows)))
    for at in some:
        years = chance.choice((-1, 1)) * chance.randint(8, 30)
        stamps[at] = stamps[at].replace(year=stamps[at].year + years, day=min(stamps[at].day, 28))
    return (
        [*head, TIME],
        [[*row, f"{stamp:%Y-%m-%d %H:%M:%S}"] for row, stamp in zip(rows, stamps, strict=True)],
        len(some) / len(rows),
    )


def another(planter, head, rows, dose, seed):
    """Wrong cells by another planter: as many as it can, one letter and two exchanged values at a time."""
    rate = min(0.5, dose * len(head) / 3)
    with tempfile.TemporaryDirectory() as place:
        given, made = Path(place) / "given.csv", Path(place) / "made"
        with given.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
        command = [sys.executable, str(planter), "--csv", str(given), "--target", head[-1], "--out", str(made)]
        rates = ["--rate", f"typo={rate}", "--rate", f"swapped_cells={rate}"]
        subprocess.run(
            [*command, "--seed", str(seed), "--default-rate", "0", "--no-time", *rates], capture_output=True, check=True
        )
        (names, *dirty), (_, *clean) = (cells(made / f"{which}.csv") for which in ("dirty", "clean"))
    wrong = sum(a != b for one, two in zip(dirty, clean, strict=True) for a, b in zip(one, two, strict=True))
    return names, dirty, wrong / (len(dirty) * len(head))


def cells(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


PLANTERS = {"accuracy": wrong_cells, "consistency": repeated, "completeness": gaps, "timeliness": times}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("dimensions", nargs="*", default=list(PLANTERS))
    ask.add_argument("--tables", type=int, default=16)
    ask.add_argument("--every", type=int, default=1)
    ask.add_argument("--planter", type=Path)
    ask.add_argument("--offset", type=int, default=0)
    ask.add_argument("--json", type=Path)
    args = ask.parse_args()
    told = []
    for at, path in enumerate(sources(200)[args.offset :: args.every][: args.tables]):
        head, *rows = cells(path)
        rows = rows[:2000]
        for dimension in args.dimensions:
            for dose in DOSES:
                if args.planter and dimension == "accuracy":
                    try:
                        names, spoiled, share = another(args.planter, head, rows, dose, at)
                    except subprocess.CalledProcessError:
                        continue
                else:
                    names, spoiled, share = PLANTERS[dimension](head, rows, dose, random.Random(at))
                with tempfile.TemporaryDirectory() as place:
                    dirty = Path(place) / "dirty.csv"
                    with dirty.open("w", newline="", encoding="utf-8") as file:
                        csv.writer(file, lineterminator="\n").writerows([names, *spoiled])
                    score = karat.assess(str(dirty), now="2025-01-01").scores["before"]["dimensions"][dimension]
                told.append(
                    {"table": path.stem, "dimension": dimension, "dose": dose, "true": 1 - share}
                    | {k: score[k] for k in ("score", "low", "high")}
                )
    for dimension in args.dimensions:
        for dose in DOSES:
            some = [t for t in told if t["dimension"] == dimension and t["dose"] == dose and t["score"] is not None]
            if not some:
                print(f"{dimension:13s} {dose:4.0%}  no score")
                continue
            off = [abs(t["score"] - t["true"]) for t in some]
            close = sum(x <= CLOSE for x in off)
            cover = sum(t["low"] - 1e-9 <= t["true"] <= t["high"] + 1e-9 for t in some)
            mean, true = (sum(t[what] for t in some) / len(some) for what in ("score", "true"))
            print(
                f"{dimension:13s} {dose:4.0%}  true {true:.3f} score {mean:.3f}  off by {sum(off) / len(off):.3f}  "
                f"within {CLOSE}: {close} of {len(some)}  covered: {cover}"
            )
    if DATA and args.json:
        args.json.write_text(json.dumps(told))


if __name__ == "__main__":
    main()
