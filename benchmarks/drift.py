"""Drift on streams whose truth is known: false alarms on windows without drift, and planted drifts that cost or do not.

Whether a planted drift costs is measured, not assumed: with the true answers, on the same records with and without it.

    python benchmarks/drift.py FOLDER SET nulls
    python benchmarks/drift.py FOLDER SET FIRST LAST        planted drifts, of 60 in a fixed order

FOLDER holds elec2, german-credit, credit-default and adult-errors as CSV.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.flow.drift import DriftMonitor
from karat.flow.drift_reference import DriftReference
from karat.flow.loading import load, plain_settings
from karat.prepare.target import read_target

SETS = {
    "elec2": ("elec2/elec2.csv", "label"),
    "german-credit": ("german-credit/german_credit.csv", "default"),
    "credit-default": ("credit-default/UCI_Credit_Card.csv", "default.payment.next.month"),
    "adult-errors": ("adult-errors/clean.csv", "income"),
}
WINDOWS = 200
COSTLY, HARMLESS = 0.10, 0.02  # of the loss, measured with true answers


def cells(block, name, texts):
    table = block.table
    at = table.column_names.index(name)
    return Block(block.rows, table.set_column(at, name, pa.array(texts, pa.string())), block.schema)


def planted(kind, block, name, other, random):
    texts = block.text(name).to_pylist()
    numbers = block.numbers(name) if block.schema[name].numeric else None
    many = random.random(len(block)) < 0.7
    if kind == "unit":
        out = [None if np.isnan(v) else repr(float(v * 10)) for v in numbers]
    elif kind == "missing":
        out = [None if m else t for m, t in zip(many, texts, strict=True)]
    elif kind == "constant":
        out = [texts[0]] * len(texts)
    elif kind == "noise":
        spread = float(np.nanstd(numbers))
        out = [
            None if np.isnan(v) else repr(float(v + n))
            for v, n in zip(numbers, random.normal(0, 2 * spread, len(texts)), strict=True)
        ]
    elif kind == "swapped":
        there = block.text(other).to_pylist()
        return cells(cells(block, name, there), other, texts)
    elif kind == "respelled":
        out = [None if t is None else (t.upper() + " " if m else t) for m, t in zip(many, texts, strict=True)]
    return cells(block, name, out)


def kinds_for(block):
    features = [c for c in block.schema.features if c.type != "binary"]
    numeric = [c.name for c in features if c.numeric]
    texts = [c.name for c in features if str(c.role) == "category" and not c.numeric]
    out = [(kind, name) for name in numeric for kind in ("unit", "missing", "constant", "noise", "swapped")]
    return out + [(kind, name) for name in texts for kind in ("missing", "constant", "respelled")], numeric


def prepared(folder, name, seed=0):
    path, target = SETS[name]
    block = load(str(folder / path), plain_settings(target))
    random = np.random.default_rng(seed)
    order = random.permutation(len(block))
    half = min(len(block) // 2, 8192)
    reference = DriftReference.of(block.take(np.sort(order[:half])))
    return block, reference, order[half:], random


def size_of(block):
    return min(500, len(block) // 5)


def drawn(block, rest, random, size):
    return block.take(np.sort(random.choice(rest, size, replace=False)))


def nulls(block, reference, rest, random):
    monitor, alarms, drifted = DriftMonitor(reference), 0, 0
    for _ in range(WINDOWS):
        found = monitor.window(drawn(block, rest, random, size_of(block)))
        alarms += bool(found.alarms)
        drifted += bool(found.drifted)
    return alarms, drifted


def measured(reference, block, changed):
    """Rise of the loss a record that the drift really brings, as a share of the loss on these records."""
    target = read_target(block)
    before, after = (np.asarray(reference.answers_to(b)) for b in (block, changed))
    from karat.evaluate.drift_impact import losses

    old, new = (losses(a, target.values, float(reference.truth.var())) for a in (before, after))
    return (new.mean() - old.mean()) / old.mean()


def main():
    folder, name, what = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    block, reference, rest, random = prepared(folder, name)
    began = time.process_time()
    if what == ["nulls"]:
        alarms, drifted = nulls(block, reference, rest, random)
        spent = (time.process_time() - began) / WINDOWS * 1000
        print(
            f"{name}: {WINDOWS} windows without drift: {alarms} alarms, {drifted} drifted, {spent:.0f} ms CPU a window"
        )
        return
    every, numeric = kinds_for(block)
    order = np.random.default_rng(1).permutation(len(every))[:60]
    for at in order[int(what[0]) : int(what[1])]:
        case(name, block, reference, rest, *every[at], numeric, int(at))


def case(name, block, reference, rest, kind, column, numeric, seed):
    """One planted drift: what it truly costs, and what was said of it within two windows."""
    random = np.random.default_rng(seed)
    other = str(random.choice([n for n in numeric if n != column])) if kind == "swapped" else ""
    monitor = DriftMonitor(reference)
    monitor.window(drawn(block, rest, random, size_of(block)))
    shares, hit, drift = [], False, False
    for _ in range(2):
        window = drawn(block, rest, random, size_of(block))
        changed = planted(kind, window, column, other, random)
        shares.append(measured(reference, window, changed))
        found = monitor.window(changed)
        hit |= bool(found.alarms)
        drift |= bool(found.drifted)
    share = float(np.mean(shares))
    sort = "costly" if share >= COSTLY else "harmless" if share < HARMLESS else "between"
    said = found.cost.mean / found.loss if found.cost else float("nan")
    print(
        f"{name}\t{sort}\t{kind}\t{share:+.3f}\t{said:+.3f}\t{'drifted' if drift else 'unseen'}\t{'alarm' if hit else '-'}",
        flush=True,
    )


if __name__ == "__main__":
    main()
