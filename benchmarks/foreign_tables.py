"""Detection, repair and harm on tables with known truth, quickly: one process, the chosen checks alone.

    python benchmarks/foreign_tables.py [SET ...] [--checks A,B] [--every N] [--wrong N] [--json OUT]

SET: any of ``lakes`` (or typo, no, fd), ``facilities``, ``known`` (hospital, flights, beers), ``adult``, ``untouched``,
a folder whose sub-folders hold ``dirty.csv`` and ``clean.csv``, or one of tables that need no cleaning. Reads the
folder that KARAT_DATA names. Printed per set, pooled over its tables: detection (findings >= .5 on cells), repair (what
would be changed unasked), right and broken cells, the check behind each. ``--wrong N`` prints N examples of false
findings and of wrong cells nobody found.
The scorers of record are elsewhere; this one is for looking, and agrees with them to the cell on findings and changes.
"""

import argparse
import collections
import csv
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import FORM, SURE
from karat.flow import collecting, engine
from karat.flow.job import Job
from karat.flow.refine import all_fixes, propose
from karat.flow.settings import Settings

DATA = Path(os.environ.get("KARAT_DATA", "."))
LAKES = {"typo": "dgov-typo", "no": "dgov-no", "fd": "dgov-fd"}
FACILITIES = ("dirty5", "dirty20", "dirtyswapping")
KNOWN = ("hospital", "flights", "beers")


@dataclass(frozen=True)
class Pair:
    """A dirty table and its truth; ``base`` names the table, whose versions always leave together."""

    set: str
    base: str
    dirty: Path
    clean: Path


@dataclass
class Outcome:
    """What was said of one table: per finding and per change, whether it was right."""

    pair: Pair
    records: int = 0
    cells: int = 0
    wrong: int = 0
    flagged: int = 0
    hits: int = 0
    changed: int = 0
    right: int = 0
    broken: int = 0
    removed: int = 0
    facts: int = 0
    seconds: float = 0.0
    findings: list[dict] = field(default_factory=list)
    changes: list[dict] = field(default_factory=list)
    missed: list[dict] = field(default_factory=list)
    planted: dict = field(default_factory=dict)


def pairs(names: list[str]) -> list[Pair]:
    out = []
    for name in names or ["lakes", "facilities", "known"]:
        if name == "lakes" or name in LAKES:
            for kind in LAKES if name == "lakes" else (name,):
                for place in sorted((DATA / "lakes" / LAKES[kind]).iterdir()):
                    out.append(Pair(f"lake {kind}", place.name, place / "dirty.csv", place / "clean.csv"))
        elif name == "facilities":
            place = DATA / "facilities"
            out += [
                Pair(f"facilities {one}", "facilities", place / f"{one}.csv", place / "clean.csv") for one in FACILITIES
            ]
        elif name == "known" or name in KNOWN:
            for one in KNOWN if name == "known" else (name,):
                out.append(Pair(one, one, DATA / one / "dirty.csv", DATA / one / "clean.csv"))
        elif name == "adult":
            out += [Pair("adult", "adult", *adult_files())]
        elif name == "untouched":
            out += [Pair("untouched", p.stem, p, p) for p in sorted((DATA / "untouched").glob("*.csv"))]
        else:
            right = [Pair(Path(name).name, p.stem, p, p) for p in sorted(Path(name).glob("*.csv"))]
            found = [p.parent for p in sorted(Path(name).glob("*/dirty.csv"))]
            out += [*right, *(Pair(Path(name).name, p.name, p / "dirty.csv", p / "clean.csv") for p in found)]
            if not found and not right:
                sys.exit(f"{name}: no such set, and no folder of tables")
    return out


def adult_files() -> tuple[Path, Path]:
    place = DATA / "adult-errors"
    return next(place.glob("*dirty*.csv")), next(place.glob("*clean*.csv"))


def cells(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        head, *rows = csv.reader(file)
    return head, rows


def judged(pair: Pair, checks: set[str] | None, settings: Settings | None = None):
    """The data set as Karat reads it, all findings, and the ledger of what it would change unasked."""
    with tempfile.TemporaryDirectory() as place:
        job = Job(data=str(pair.dirty), out=Path(place) / "run", upto="clean", settings=settings or Settings())
        room = Path(place) / "collect"
        room.mkdir()
        collecting.collect(job, room)
        data = collecting.raw_data(room)
        chosen = [c for c in engine.all_checks() if checks is None or c.code() in checks]
        learned = engine.learn(data, chosen, workers=1)
        found, ledger = [engine.conclude(learned, data.schema)], []
        for block, some in engine.judge(data, learned, workers=1):
            found.append(some)
            patches, _ = propose(all_fixes(), block, some)
            ledger += list(patches.values())
        return data, pa.concat_tables(found).combine_chunks(), pa.concat_tables(ledger) if ledger else None


def outcome(pair: Pair, checks: set[str] | None = None) -> Outcome:
    start = time.perf_counter()
    data, found, ledger = judged(pair, checks)
    out = Outcome(pair, seconds=time.perf_counter() - start)
    head, dirty = cells(pair.dirty)
    clean = dirty if pair.clean == pair.dirty else cells(pair.clean)[1]
    names = [name or f"column_{at}" for at, name in enumerate(head)]
    place = {name: at for at, name in enumerate(names)}
    out.records, out.cells = len(dirty), len(dirty) * len(head)
    if len(data) != len(dirty):
        print(f"{pair.base}: {len(data)} records read of {len(dirty)}", file=sys.stderr)
    wrong = {
        (r, c) for r, row in enumerate(dirty) for c, cell in enumerate(row) if c < len(clean[r]) and cell != clean[r][c]
    }
    out.wrong = len(wrong)
    on_cells = found.filter(pc.and_(pc.is_valid(found["row"]), pc.is_valid(found["column"])))
    flagged = set()
    for one in on_cells.to_pylist():
        cell = (one["row"], place.get(one["column"], -1))
        if cell[0] >= len(dirty) or cell[1] < 0:
            continue
        truth = clean[cell[0]][cell[1]]
        said = {k: one[k] for k in ("row", "column", "check", "value", "suggestion", "confidence", "kind", "message")}
        said |= {
            "wrong": cell in wrong,
            "fits": one["suggestion"] is not None and one["suggestion"] == truth,
            "truth": truth,
        }
        out.findings.append(said)
        if one["confidence"] >= SURE:
            flagged.add(cell)
            out.facts += one["kind"] != FORM
    out.flagged, out.hits = len(flagged), len(flagged & wrong)
    final = {}
    for one in ledger.to_pylist() if ledger is not None else []:
        if one["action"] == "drop":
            out.removed += 1
        elif one["column"] in place:
            final[one["row"], place[one["column"]]] = one
    for cell, one in final.items():
        before, after, truth = dirty[cell[0]][cell[1]], one["after"] or "", clean[cell[0]][cell[1]]
        if after == before:
            continue
        out.changed += 1
        out.right += cell in wrong and after == truth
        out.broken += cell not in wrong and one["kind"] != FORM
        out.changes.append(
            {k: one[k] for k in ("row", "column", "check", "before", "after", "confidence", "kind")}
            | {"truth": truth, "wrong": cell in wrong}
        )
    out.missed = [
        {"row": r, "column": names[c], "value": dirty[r][c], "truth": clean[r][c]} for r, c in sorted(wrong - flagged)
    ]
    kinds = pair.dirty.with_name("kinds.json")
    if kinds.exists():
        right = {(one["row"], one["column"]) for one in out.changes if one["wrong"] and one["after"] == one["truth"]}
        for key, kind in json.loads(kinds.read_text()).items():
            row, _, column = key.partition(",")
            cell = (int(row), place.get(column, -1))
            tally = out.planted.setdefault(kind, [0, 0, 0])
            tally[0] += cell in wrong
            tally[1] += cell in flagged
            tally[2] += (cell[0], column) in right
    return out


def f1(hits: int, flagged: int, wrong: int) -> str:
    p, r = hits / max(flagged, 1), hits / max(wrong, 1)
    return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / max(p + r, 1e-9):.3f}"


def told(name: str, outs: list[Outcome]) -> None:
    total = {
        k: sum(getattr(o, k) for o in outs)
        for k in ("records", "cells", "wrong", "flagged", "hits", "changed", "right", "broken", "removed", "facts")
    }
    t = SimpleNamespace(**total)
    print(f"\n{name}: {len(outs)} tables, {t.cells:,} cells, {t.wrong:,} wrong, {sum(o.seconds for o in outs):.0f} s")
    print(
        f"  detect {f1(t.hits, t.flagged, t.wrong)}   repair {f1(t.right, t.changed, t.wrong)}   right {t.right} : broken {t.broken}   "
        f"other changes of wrong cells {t.changed - t.right - t.broken}   removed {t.removed}"
    )
    print(f"  per 10,000 cells: {1e4 * t.facts / t.cells:.1f} findings of fact, {1e4 * t.broken / t.cells:.2f} broken")
    by: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for o in outs:
        for one in o.findings:
            sure = one["confidence"] >= SURE
            by[one["check"]].update(
                {
                    "said": sure,
                    "hit": sure and one["wrong"],
                    "fits": sure and one["fits"] and one["wrong"],
                    "weak": not sure,
                    "weak hit": not sure and one["wrong"],
                }
            )
        for one in o.changes:
            by[one["check"]].update(
                {
                    "changed": 1,
                    "right": (one["wrong"] and one["after"] == one["truth"])
                    or (one["wrong"] and not one["after"] and not one["truth"]),
                    "broken": not one["wrong"] and one["kind"] != FORM,
                }
            )
    for code, n in sorted(by.items(), key=lambda item: -item[1]["said"]):
        print(
            f"    {code:24s} found {n['said']:6d} wrong {n['hit']:6d} suggestion right {n['fits']:6d} | below .5 {n['weak']:6d} wrong {n['weak hit']:6d} | changed {n['changed']:6d} right {n['right']:6d} broken {n['broken']:5d}"
        )
    kinds: dict[str, list[int]] = {}
    for o in outs:
        for kind, tally in o.planted.items():
            kinds[kind] = [a + b for a, b in zip(kinds.get(kind, [0, 0, 0]), tally, strict=True)]
    for kind, (planted, seen, fixed) in sorted(kinds.items()):
        print(
            f"    {kind:24s} planted {planted:6d} found {seen:6d} ({seen / max(planted, 1):.2f}) fixed rightly {fixed:6d}"
        )
    bad = [o.pair.base for o in outs if o.broken > 5 and o.broken > o.right]
    if bad:
        print("  more broken than fixed:", ", ".join(bad))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("sets", nargs="*")
    ask.add_argument("--checks", help="codes, comma-separated; all checks when absent")
    ask.add_argument("--every", type=int, default=1)
    ask.add_argument("--offset", type=int, default=0)
    ask.add_argument("--tables", action="store_true", help="a line per table")
    ask.add_argument("--wrong", type=int, default=0)
    ask.add_argument("--json", type=Path)
    ask.add_argument("--raw", action="store_true", help="scores as the checks give them, before calibration")
    args = ask.parse_args()
    if args.raw:
        engine.calibrated = lambda _, found: found
    checks = set(args.checks.split(",")) if args.checks else None
    sets: dict[str, list[Outcome]] = collections.defaultdict(list)
    chance = random.Random(0)
    for pair in pairs(args.sets)[args.offset :: args.every]:
        made = outcome(pair, checks)
        sets[pair.set].append(made)
        if args.tables:
            print(
                f"{pair.set:14s} {pair.base[:44]:44s} wrong {made.wrong:5d} {f1(made.hits, made.flagged, made.wrong)} right {made.right:5d} broken {made.broken:4d} removed {made.removed:4d} {made.seconds:5.1f} s",
                flush=True,
            )
    for name, outs in sets.items():
        told(name, outs)
        false = [
            (o.pair.base, f)
            for o in outs
            for f in o.findings
            if f["confidence"] >= SURE and not f["wrong"] and f["kind"] != FORM
        ]
        missed = [(o.pair.base, m) for o in outs for m in o.missed]
        for title, some in (("false", false), ("missed", missed)):
            for base, one in chance.sample(some, min(args.wrong, len(some))):
                print(f"  {title}: {base[:24]} " + json.dumps(one, ensure_ascii=False)[:330])
    if args.json:
        flat = [
            {
                "set": o.pair.set,
                "base": o.pair.base,
                "cells": o.cells,
                "wrong": o.wrong,
                "findings": o.findings,
                "changes": o.changes,
                "missed": o.missed,
            }
            for outs in sets.values()
            for o in outs
        ]
        args.json.write_text(json.dumps(flat, ensure_ascii=False))


if __name__ == "__main__":
    main()
