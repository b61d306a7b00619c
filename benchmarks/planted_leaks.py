"""Leaks of six kinds planted into tables, found or not, and what is said of the tables as they are.

    python benchmarks/planted_leaks.py FOLDER [--half 0/1] [--kinds A,B] [--tables] [--limit N]

FOLDER: tables that need no cleaning (``*.csv``). Of each table the target is drawn by a hash from its columns with 2
to 8 values or of numbers. Halves of the tables are drawn by a hash of their names: rules were chosen on half 0.
Kinds: ``copy`` a column that is the outcome by another name, 2 % of it wrong; ``value`` one value of a column that
only one class has; ``means`` blanks of a number column filled with the mean of the class; ``blank`` a column that is
filled for one class; ``after`` an amount that exists only once the outcome is known; ``number`` case numbers given in
blocks by class.
"""

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from karat.flow import collecting, engine
from karat.flow.job import Job
from karat.flow.settings import made_settings
from karat.quality.accuracy.target_leakage import TargetLeakage

KINDS = ("copy", "value", "means", "blank", "after", "number")
FEWEST = 150  # records; fewer hold no class of a size
MOST = 8_000  # records read of each table


def drawn(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def target_of(name: str, table: pd.DataFrame) -> str | None:
    """The column to predict, drawn by a hash: few values, each frequent."""
    fit = []
    for column in table.columns:
        sizes = table[column].value_counts()
        if 2 <= len(sizes) <= 8 and sizes.min() >= 20 and table[column].notna().mean() > 0.95:
            fit.append(column)
    return min(fit, key=lambda column: drawn(f"{name} {column}")) if fit else None


def planted(
    kind: str, table: pd.DataFrame, target: str, chance: np.random.Generator
) -> tuple[pd.DataFrame, str] | None:
    """The table with one leak, and the name of the column that leaks."""
    out, n = table.copy(), len(table)
    classes, y = np.unique(table[target].astype(str), return_inverse=True)
    one = y == chance.integers(len(classes))
    if kind == "copy":
        wrong = chance.random(n) < 0.02
        code = np.where(wrong, chance.integers(0, len(classes), n), y)
        out["leak"] = np.array([f"s{k}" for k in chance.permutation(len(classes))])[code]
    elif kind == "value":
        code = chance.choice(["a", "b", "c", "d"], n, p=[0.4, 0.3, 0.2, 0.1])
        out["leak"] = np.where(one & (chance.random(n) < 0.5), "z", code)
    elif kind == "means":
        amounts = [
            c
            for c in table.columns
            if pd.api.types.is_float_dtype(table[c]) and table[c].nunique() > 60 and c != target
        ]
        if not amounts:
            return None
        name = amounts[chance.integers(len(amounts))]
        means = table.groupby(y)[name].mean().round(int(chance.integers(2, 5)))
        gone = chance.random(n) < 0.43
        out[name] = np.where(gone, means.to_numpy()[y], table[name])
        return (out, name) if len(set(means)) == len(classes) else None
    elif kind == "blank":
        filled = np.where(one, chance.random(n) < 0.95, chance.random(n) < 0.03)
        out["leak"] = np.where(filled, np.array([f"A{k}" for k in chance.integers(1, 6, n)]), None)
    elif kind == "after":
        paid = np.where(one, chance.random(n) < 0.85, False)
        out["leak"] = np.where(paid, chance.gamma(2, 300, n).round(2), 0.0)
    else:
        blocks = {k: 1_000_000 * (1 + at) for at, k in enumerate(chance.permutation(len(classes)))}
        out["leak"] = [blocks[k] + at for k, at in zip(y, chance.permutation(n), strict=True)]
    return out, "leak"


def told(table: pd.DataFrame, target: str, check=None) -> dict[str, tuple[float, str]]:
    """By column the confidence and message of its leak."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "table.csv"
        table.to_csv(path, index=False)
        room = Path(place) / "collect"
        room.mkdir()
        asked = made_settings({"workers": 1, "collect": {"target": target}}, "benchmark")
        job = Job(data=str(path), out=Path(place) / "run", upto="clean", settings=asked)
        collecting.collect(job, room)
        data = collecting.raw_data(room)
        learned = engine.learn(data, [check or TargetLeakage()], workers=1)
        found = engine.conclude(learned, data.schema)
    return {one["column"]: (one["confidence"], one["message"]) for one in found.to_pylist()}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--half", type=int, choices=(0, 1))
    asked.add_argument("--kinds", default=",".join(KINDS))
    asked.add_argument("--tables", action="store_true")
    asked.add_argument("--limit", type=int, default=1_000)
    given = asked.parse_args()
    paths = [p for p in sorted(given.folder.glob("*.csv")) if given.half is None or drawn(p.stem) % 2 == given.half]
    tables_named = 0
    count = {kind: [0, 0, 0] for kind in given.kinds.split(",")}
    seen = false = false_sure = 0
    for path in paths[: given.limit]:
        table = pd.read_csv(path, nrows=MOST, low_memory=False)
        target = target_of(path.stem, table)
        if target is None or len(table) < FEWEST:
            continue
        table = table[table[target].notna()].reset_index(drop=True)
        plain = told(table, target)
        seen += 1
        false += len(plain)
        tables_named += any(sure >= 0.5 for sure, _ in plain.values())
        false_sure += sum(sure >= 0.5 for sure, _ in plain.values())
        for name, (sure, said) in plain.items():
            print(f"as it is: {path.stem[:30]} target {target}: {name} {sure:.2f} {said[:170]}", flush=True)
        for kind, tally in count.items():
            made = planted(kind, table, target, np.random.default_rng(drawn(f"{path.stem} {kind}") % 2**32))
            if made is None:
                continue
            spoilt, name = made
            found = told(spoilt, target)
            tally[0] += 1
            tally[1] += name in found
            tally[2] += name in found and found[name][0] >= 0.5
            if given.tables and name not in found:
                print(f"  missed {kind}: {path.stem[:30]} target {target}, {len(table)} records", flush=True)
    print(
        f"\n{seen} tables as they are: {false} columns named, {false_sure} of them at .5 or more, in {tables_named} tables"
    )
    print("| kind | planted | named | at .5 or more |\n|---|---|---|---|")
    for kind, (n, named, sure) in count.items():
        print(f"| {kind} | {n} | {named} | {sure} |")


if __name__ == "__main__":
    sys.exit(main())
