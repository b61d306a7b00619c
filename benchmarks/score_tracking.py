"""How well each dimension's score follows the share of wrong items that is really there.

    python benchmarks/score_tracking.py [WHAT ...] [--tables 16] [--offset 0] [--every 1] [--planter FILE] [--json OUT]

Plants one kind of defect at a time into clean tables (``untouched`` in the folder that KARAT_DATA names, four of
scikit-learn's and two generated ones): wrong cells (accuracy), records written twice (consistency), blank and disguised
gaps (completeness), times that are years off (timeliness), records that arrived before their event (lags), steps of a
series without a record (holes), each in 0, 2, 10 and 20 % of the items. ``--planter`` names another planter, with the command line of
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


def lags(head, rows, dose, chance):
    start = datetime(2024, 12, 1, tzinfo=UTC) - timedelta(hours=7 * len(rows))
    events = [start + timedelta(hours=chance.randrange(7 * len(rows))) for _ in rows]
    arrivals = [event + timedelta(minutes=chance.randint(30, 600)) for event in events]
    some = chance.sample(range(len(rows)), round(dose * len(rows)))
    for at in some:
        arrivals[at] = events[at] - timedelta(hours=chance.randint(5, 400))
    both = zip(events, arrivals, strict=True)
    stamps = [[f"{stamp:%Y-%m-%d %H:%M:%S}" for stamp in pair] for pair in both]
    return (
        [*head, "happened_at", "arrived_at"],
        [r + s for r, s in zip(rows, stamps, strict=True)],
        len(some) / len(rows),
    )


def holes(head, rows, dose, chance):
    start = datetime(2024, 12, 31, tzinfo=UTC) - timedelta(hours=len(rows))
    gone = {0}
    while dose and len(gone) - 1 < round(dose * len(rows)):
        first = chance.randrange(1, len(rows) - 12)
        gone.update(range(first, first + chance.randint(1, 9)))
    gone.remove(0)
    kept = [[*row, f"{start + timedelta(hours=at):%Y-%m-%d %H:%M:%S}"] for at, row in enumerate(rows) if at not in gone]
    return [*head, TIME], kept, len(gone) / len(rows)


def own_tables():
    """Four of scikit-learn's tables and two generated ones, as name, head and rows."""
    from sklearn import datasets

    for name in ("iris", "wine", "diabetes", "breast_cancer"):
        options = {"scaled": False} if name == "diabetes" else {}
        bunch = getattr(datasets, f"load_{name}")(**options)
        names = [*(str(n).replace(" ", "_") for n in bunch.feature_names), "target"]
        yield name, names, [[f"{x:g}" for x in (*row, y)] for row, y in zip(bunch.data, bunch.target, strict=True)]
    chance = random.Random(7)
    towns = {town: f"{chance.randint(10000, 99999)}" for town in ("Lisbon", "Bergen", "Valencia", "Antwerp", "Tampere")}
    orders = [[f"A{100000 + at}", town := chance.choice(list(towns)), towns[town], str(n := chance.randint(1, 40)),
               f"{(price := chance.lognormvariate(3, 0.6)):.2f}", f"{n * price:.2f}"] for at in range(900)]  # fmt: skip
    yield "orders", ["order", "town", "postcode", "pieces", "price", "amount"], orders
    visits = [[chance.choice(("north", "south", "east")), chance.choice(("open", "closed")), f"{chance.gauss(21, 4):.1f}",
               str(int(chance.expovariate(0.02))), chance.choice(("yes", "no", "no"))] for _ in range(700)]  # fmt: skip
    yield "visits", ["ward", "state", "warmth", "visitors", "rain"], visits


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


PLANTERS = {
    "accuracy": wrong_cells,
    "consistency": repeated,
    "completeness": gaps,
    "timeliness": times,
    "lags": lags,
    "holes": holes,
}
DIMENSION = {"lags": "timeliness", "holes": "timeliness"}


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
    foreign = [(path.stem, *cells(path)) for path in sources(200)[args.offset :: args.every][: args.tables]]
    tables = [*((name, head, rows) for name, head, *rows in foreign), *own_tables()]
    for at, (stem, head, every) in enumerate(tables):
        rows = every[:2000]
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
                    score = karat.assess(str(dirty), now="2025-01-01").scores["before"]["dimensions"][
                        DIMENSION.get(dimension, dimension)
                    ]
                told.append(
                    {"table": stem, "dimension": dimension, "dose": dose, "true": 1 - share}
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
            width = sum(t["high"] - t["low"] for t in some) / len(some)
            print(
                f"{dimension:13s} {dose:4.0%}  true {true:.3f} score {mean:.3f}  off by {sum(off) / len(off):.3f}  "
                f"within {CLOSE}: {close} of {len(some)}  covered: {cover}  width {width:.2f}"
            )
    if DATA and args.json:
        args.json.write_text(json.dumps(told))


if __name__ == "__main__":
    main()
