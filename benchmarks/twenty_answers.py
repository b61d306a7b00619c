"""What twenty answered rows are worth: repair with and without them, the answered rows left out of the score.

    python benchmarks/twenty_answers.py [SET ...] [--every N] [--seeds N] [--wrong N] [--random] [--json OUT]
    python benchmarks/twenty_answers.py --fit

SET as in ``foreign_tables.py``, or ``reformatted``: two tables (scikit-learn's wines, generated deliveries) with
dates re-ordered and codes without their padding; or a folder of tables with ``dirty.csv`` and ``clean.csv``, judged with the
weights that ship. The rows are those that ``karat label --ask 20`` proposes (another
seed, other random rows), or with ``--random`` drawn by chance; the truth is clean.csv. ``--wrong N``: in N of the rows the answer is wrong: an error is
overlooked or, where there is none, a right cell gets another value of its column; what that costs is printed too. Per
set: repair F1 without and with answers, mean over tables and seeds, and the gain with a 95 % interval by bootstrap over tables. Every table is
judged with weights fitted without it (its three versions, and all facilities, leave together). ``--fit`` writes the
weights fitted on all of them.
"""

import argparse
import collections
import csv
import json
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from foreign_tables import KNOWN, Pair, cells, pairs
from sklearn.datasets import load_wine

from karat.clean.answers import ask_rows
from karat.clean.by_example import model
from karat.clean.by_example.lessons import learn_lessons
from karat.clean.by_example.neighbours import learn_known
from karat.clean.by_example.operations import MONTHS
from karat.clean.by_example.options import FEATURES, options
from karat.core.finding import FORM
from karat.flow import collecting, engine
from karat.flow.job import Job
from karat.flow.refine import all_fixes, joined, propose
from karat.flow.settings import Settings

ROWS = 20
LEAST = ROWS + 5  # records: five are left to be scored
SETS = ("facilities", "typo", "no", "fd", *KNOWN)
HERE = Path(model.__file__).parent


@dataclass
class Judged:
    """A dirty table as Karat reads and judges it without answers."""

    pair: Pair
    names: list[str]
    dirty: list[list[str]]
    clean: list[list[str]]
    block: object
    found: pa.Table
    known: object
    held: object
    right: np.ndarray

    @classmethod
    def of(cls, pair: Pair) -> "Judged | None":
        head, dirty = cells(pair.dirty)
        clean = cells(pair.clean)[1]
        if len(dirty) < LEAST:
            return None
        with tempfile.TemporaryDirectory() as place:
            job = Job(data=str(pair.dirty), out=Path(place) / "run", upto="clean", settings=Settings())
            room = Path(place) / "collect"
            room.mkdir()
            collecting.collect(job, room)
            data = collecting.raw_data(room)
            learned = engine.learn(data, engine.all_checks(), workers=1)
            (block, found), *_ = engine.judge(data, learned, workers=1)
            for name in block.schema.names:
                block.text(name)
            block = type(block)(
                block.rows,
                pa.table({n: pa.array(block.text(n).to_pylist(), pa.string()) for n in block.schema.names}),
                block.schema,
            )
        names = [name or f"column_{at}" for at, name in enumerate(head)]
        names = list(block.schema.names) if len(block.schema.names) == len(names) else names
        known = learn_known(block)
        held = options(block, found, known, True)
        place = {name: at for at, name in enumerate(names)}
        right = np.array(
            [clean[a][place[c]] == w for a, c, w in zip(held.at, held.column, held.after, strict=True)], bool
        )
        return cls(pair, names, dirty, clean, block, found, known, held, right)

    def asked(self, seed: int, by_chance: bool) -> list[int]:
        if by_chance:
            return sorted(random.Random(seed).sample(range(len(self.dirty)), ROWS))
        rows = ask_rows(self.found, ROWS, len(self.dirty), seed=seed)["row"].to_pylist()
        return sorted(rows)

    def answers(self, rows: list[int], seed: int, wrong: int) -> pa.Table:
        chance = random.Random(seed)
        said = {row: list(self.clean[row]) for row in rows}
        for row in chance.sample(rows, wrong):
            if said[row] != self.dirty[row]:
                said[row] = list(self.dirty[row])
            else:
                at = chance.randrange(len(self.names))
                said[row][at] = chance.choice(self.clean)[at]
        lines = [
            (row, name, said[row][at])
            for row in rows
            for at, name in enumerate(self.names)
            if said[row][at] != self.dirty[row][at]
        ] + [(row, None, "") for row in rows]
        row, column, value = zip(*lines, strict=True)
        return pa.table(
            {
                "row": pa.array(row, pa.int64()),
                "column": pa.array(column, pa.string()),
                "value": pa.array(value, pa.string()),
            }
        )

    def score(self, patches: dict[str, pa.Table], rows: list[int]) -> dict[str, float]:
        place, skip = {name: at for at, name in enumerate(self.names)}, set(rows)
        final = {
            (one["row"], place[one["column"]]): one
            for one in joined(patches).to_pylist()
            if one["action"] in ("set", "edit")
        }
        changed = right = broken = 0
        for (row, at), one in final.items():
            before, after, truth = self.dirty[row][at], one["after"] or "", self.clean[row][at]
            if row in skip or after == before:
                continue
            changed += 1
            right += before != truth and after == truth
            broken += before == truth and one["kind"] != FORM
        wrong = sum(
            a != b
            for row in range(len(self.dirty))
            if row not in skip
            for a, b in zip(self.dirty[row], self.clean[row], strict=True)
        )
        precision, recall = right / max(changed, 1), right / max(wrong, 1)
        return {
            "f1": 2 * precision * recall / max(precision + recall, 1e-9),
            "right": right,
            "changed": changed,
            "broken": broken,
            "wrong": wrong,
        }


def compared(one: Judged, seed: int, wrong: int, by_chance: bool) -> list[dict]:
    """Scores without answers, with answers, and with some of them wrong."""
    fixes = all_fixes()
    rows = one.asked(seed, by_chance)
    out = [one.score(propose(fixes, one.block, one.found)[0], rows)]
    for some in (0, wrong) if wrong else (0,):
        lessons = learn_lessons(one.known, [(one.block, one.found)], one.answers(rows, seed, some))
        found = lessons.judge(one.block, one.found, True)
        out.append(one.score(lessons.repair(found, propose(fixes, one.block, found)[0], fixes), rows))
    return out


def interval(lines: list[dict], less: int, more: int) -> tuple[float, float, float]:
    """Mean difference of F1, each file weighing the same, and its 95 % bootstrap interval.

    Files of one table leave together; where there is one table, its files leave one by one; seeds within each.
    """
    chance = np.random.default_rng(0)
    files: dict[tuple[str, str], list[float]] = collections.defaultdict(list)
    for line in lines:
        files[line["table"], line["set"]].append(line["scores"][more]["f1"] - line["scores"][less]["f1"])
    several = len({table for table, _ in files}) > 1
    clusters: dict[str, list[np.ndarray]] = collections.defaultdict(list)
    for (table, name), gains in files.items():
        clusters[table if several else name].append(np.array(gains))
    by_table, draws = list(clusters.values()), []
    for _ in range(2000):
        pick = chance.integers(len(by_table), size=len(by_table)).tolist()
        draws.append(np.mean([chance.choice(gains, len(gains)).mean() for at in pick for gains in by_table[at]]))
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(np.mean([np.mean(gains) for gains in files.values()])), float(low), float(high)


def in_words(score: dict) -> str:
    return f"F1 {score['f1']:.3f} right {score['right']} changed {score['changed']} broken {score['broken']} of {score['wrong']}"


def summary(lines: list[dict]) -> str:
    """One set: F1 without and with answers, the gain, what wrong answers cost, right and broken cells."""
    lines = [line for line in lines if line["scores"][0]["wrong"]]
    if not lines:
        return "nothing wrong is left to be scored"
    tables = {(line["set"], line["table"]) for line in lines}
    f1 = [np.mean([line["scores"][at]["f1"] for line in lines]) for at in (0, 1)]
    total = [sum(line["scores"][at][what] for line in lines) for at in (0, 1) for what in ("right", "broken")]
    gain = interval(lines, 0, 1)
    said = (
        f"{len(tables):3d} tables  F1 {f1[0]:.3f} -> {f1[1]:.3f}  gain {gain[0]:+.3f} [{gain[1]:+.3f}, {gain[2]:+.3f}]"
    )
    if len(lines[0]["scores"]) > 2:
        cost = interval(lines, 1, 2)
        said += f"  wrong answers {cost[0]:+.3f} [{cost[1]:+.3f}, {cost[2]:+.3f}]"
    return said + f"  right:broken {total[0]}:{total[1]} -> {total[2]}:{total[3]}"


def reformatted(place: Path) -> list[Pair]:
    """Two tables in which some dates are written in another order, and some codes have lost their zeros.

    Measurements of wines (scikit-learn) with a code and a date of tasting, two of five dates re-ordered and every code
    bare; and generated deliveries, one of three dates in words and half of the codes bare.
    """
    chance, out = random.Random(7), []
    wines = load_wine()
    clean = [
        [f"{at * 7 % 1000:05d}", _day(chance, "{y}-{m:02d}-{d:02d}"), *(f"{number:g}" for number in row)]
        for at, row in enumerate(wines.data.tolist(), start=1)
    ]
    dirty = [
        [str(int(code)), _reordered(when, "{d:02d}/{m:02d}/{y}") if chance.random() < 0.4 else when, *rest]
        for code, when, *rest in clean
    ]
    out.append(_written(place / "wines", ["code", "tasted", *wines.feature_names], dirty, clean))
    towns = ("Ashford", "Bexley", "Corby", "Dover", "Epsom", "Frome", "Goole", "Hythe")
    clean = [
        [
            f"{chance.randrange(1, 9000):06d}",
            _day(chance, "{y}-{m:02d}-{d:02d}"),
            chance.choice(towns),
            str(chance.randrange(1, 99)),
        ]
        for _ in range(600)
    ]
    dirty = [
        [
            str(int(code)) if chance.random() < 0.5 else code,
            _reordered(when, "{name} {d}, {y}") if chance.random() < 1 / 3 else when,
            *rest,
        ]
        for code, when, *rest in clean
    ]
    out.append(_written(place / "deliveries", ["parcel", "delivered", "town", "pieces"], dirty, clean))
    return out


def _day(chance: random.Random, form: str) -> str:
    return form.format(y=chance.randrange(1995, 2024), m=chance.randrange(1, 13), d=chance.randrange(1, 29))


def _reordered(when: str, form: str) -> str:
    year, month, day = map(int, when.split("-"))
    return form.format(y=year, m=month, d=day, name=MONTHS[month - 1])


def _written(place: Path, head: list[str], dirty: list[list[str]], clean: list[list[str]]) -> Pair:
    place.mkdir(parents=True)
    for name, rows in (("dirty", dirty), ("clean", clean)):
        with (place / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *rows])
    return Pair("reformatted", place.name, place / "dirty.csv", place / "clean.csv")


def weights(tables: list[Judged], without: str = "") -> np.ndarray:
    return model.fit_prior(
        [(one.held.features, one.right) for one in tables if one.pair.base != without and len(one.right)]
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("sets", nargs="*")
    ask.add_argument("--every", type=int, default=1)
    ask.add_argument("--seeds", type=int, default=5)
    ask.add_argument("--wrong", type=int, default=0)
    ask.add_argument("--random", action="store_true", help="rows by chance, not those that would be asked about")
    ask.add_argument("--fit", action="store_true")
    ask.add_argument("--tables", action="store_true")
    ask.add_argument("--json", type=Path)
    args = ask.parse_args()
    wanted = set(args.sets or [*SETS, "reformatted"])
    folders = sorted(name for name in wanted if Path(name).is_dir())
    only_folders = bool(folders) and wanted == set(folders)
    fitted_on = [] if only_folders else [one for pair in pairs(list(SETS)) if (one := Judged.of(pair)) is not None]
    if args.fit:
        held = dict(zip(FEATURES, np.round(weights(fitted_on), 4).tolist(), strict=True))
        (HERE / "prior.json").write_text(json.dumps({"weights": held}, indent=1) + "\n")
        return
    chosen = [one for one in fitted_on if wanted & {one.pair.set.split()[-1], one.pair.set.split()[0]}]
    with tempfile.TemporaryDirectory() as place:
        made = reformatted(Path(place)) if "reformatted" in wanted else []
        made += pairs(folders) if folders else []
        chosen = chosen[:: args.every] + [one for pair in made if (one := Judged.of(pair)) is not None]
    shipped = model.prior()
    lines = []
    for one in chosen:
        held = weights(fitted_on, one.pair.base) if fitted_on else shipped
        model.prior = lambda held=held: held
        for seed in range(args.seeds):
            scores = compared(one, seed, args.wrong, args.random)
            lines.append({"set": one.pair.set, "table": one.pair.base, "seed": seed, "scores": scores})
            if args.tables:
                print(
                    f"{one.pair.set:14s} {one.pair.base[:40]:40s} {seed} " + " | ".join(map(in_words, scores)),
                    flush=True,
                )
    by_set = collections.defaultdict(list)
    for line in lines:
        by_set[line["set"]].append(line)
    for kind in ("lake", "facilities"):
        every = [line for line in lines if line["set"].startswith(kind)]
        if len({line["set"] for line in every}) > 1:
            by_set[f"{kind}, all"] = every
    for name, some in by_set.items():
        print(f"{name:26s} " + summary(some))
    if args.json:
        args.json.write_text(json.dumps(lines))


if __name__ == "__main__":
    sys.exit(main())
