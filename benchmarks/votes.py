"""Votes become labels, beside crowd-kit 1.4.2 in one run: accuracy, F1, seconds; and a choice by thirty known answers.

    python benchmarks/votes.py FOLDER ... [--positive 1] [--rival-python PYTHON] [--million]

A FOLDER holds votes.csv (item, voter, label) and truth.csv (item, label), and may hold items.jsonl with texts. With
``--million``, ten million made votes are counted. Without ``--rival-python`` an environment is made for the rival.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.json

import karat

METHODS = ("majority", "weighted_majority", "dawid_skene", "one_coin", "mace", "glad", "label_model")
TEXT = pa.csv.ConvertOptions(strings_can_be_null=False)
DRAWS, KNOWN, BOOT = 50, 30, 2_000
RIVAL = """
import json, sys, time
import pandas as pd
from crowdkit.aggregation import MACE, DawidSkene, MajorityVote
votes = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
votes.columns = ["task", "worker", "label", *votes.columns[3:]]
out = {}
for name, made in (("majority", MajorityVote()), ("dawid_skene", DawidSkene(n_iter=100)), ("mace", MACE())):
    start = time.perf_counter()
    labels = made.fit_predict(votes[["task", "worker", "label"]])
    out[name] = (time.perf_counter() - start, {str(k): str(v) for k, v in labels.items()})
print(json.dumps(out))
"""


def read(path: Path, names: tuple[str, ...]) -> dict[str, list[str]]:
    table = pa.csv.read_csv(path, convert_options=TEXT).select(range(len(names))).rename_columns(names)
    return {name: [str(value) for value in table[name].to_pylist()] for name in names}


def scored(labels: dict[str, str], truth: dict[str, str], positive: str) -> tuple[float, float, float, float]:
    """Accuracy with its 95 % interval over items, and F1 of the positive label."""
    right = np.array([labels.get(item) == label for item, label in truth.items()])
    draws = np.random.default_rng(0).choice(right, (BOOT, len(right))).mean(axis=1)
    said = np.array([labels.get(item) == positive for item in truth])
    true = np.array([label == positive for label in truth.values()])
    f1 = 2 * (said & true).sum() / max(said.sum() + true.sum(), 1)
    return float(right.mean()), *(float(q) for q in np.quantile(draws, (0.025, 0.975))), float(f1)


def line(name: str, seconds: float, score: tuple[float, float, float, float], more: str = "") -> None:
    accuracy, low, high, f1 = score
    print(f"| {name} | {accuracy:.4f} [{low:.3f}, {high:.3f}] | {f1:.4f} | {seconds:.2f} | {more} |", flush=True)


def labels_of(found) -> dict[str, str]:
    return dict(zip(found.labels["item"].to_pylist(), found.labels["label"].to_pylist(), strict=True))


def one(folder: Path, positive: str, rival: str) -> None:
    votes = read(folder / "votes.csv", ("item", "voter", "label"))
    test = folder / "truth_test.csv"
    held = read(test if test.exists() else folder / "truth.csv", ("item", "label"))
    truth = dict(zip(held["item"], held["label"], strict=True))
    items = None
    if (folder / "items.jsonl").exists():
        table = pa.json.read_json(folder / "items.jsonl")
        items = table.select([name for name in table.column_names if name in ("id", "text")])
    print(f"\n## {folder.name}\n\n| method | accuracy | F1 of {positive} | seconds | |\n|---|---|---|---|---|")
    for method in (*METHODS, *(("end_model",) if items is not None else ()), "auto"):
        start = time.perf_counter()
        found = karat.label.aggregate(votes, items=items, method=method)
        more = f"took {found.chosen.method}; {found.chosen.cost}" if method == "auto" else ""
        line(method, time.perf_counter() - start, scored(labels_of(found), truth, positive), more)
    if rival and items is None:
        done = subprocess.run([rival, "-c", RIVAL, folder / "votes.csv"], capture_output=True, text=True, check=True)
        for name, (seconds, labels) in json.loads(done.stdout.splitlines()[-1]).items():
            line(f"crowd-kit {name}", seconds, scored(labels, truth, positive))
    if items is None:
        known_answers(votes, truth)


def known_answers(votes: dict[str, list[str]], truth: dict[str, str]) -> None:
    """Of fifty draws of thirty known answers: how often no worse, on the rest, than the better of two methods."""
    names, kept, took = np.array(list(truth)), [], []
    plain = [labels_of(karat.label.aggregate(votes, method=method)) for method in ("majority", "dawid_skene")]
    for seed in range(DRAWS):
        known = np.random.default_rng(seed).choice(names, KNOWN, replace=False)
        rest = [name for name in names if name not in set(known)]
        gold = {"item": known.tolist(), "label": [truth[name] for name in known]}
        found = karat.label.aggregate(votes, gold=gold, seed=seed)
        share = [np.mean([labels[name] == truth[name] for name in rest]) for labels in (labels_of(found), *plain)]
        kept.append(share)
        took.append(found.chosen.method)
    held = np.array(kept)
    good = (held[:, 0] >= held[:, 1:].max(axis=1) - 0.01).mean()
    chosen = ", ".join(f"{name} {took.count(name)}" for name in sorted(set(took)))
    print(
        f"\n{KNOWN} known answers, {DRAWS} draws: within a point of the better of majority and Dawid–Skene in "
        f"{good:.0%}; mean accuracy on the rest {held[:, 0].mean():.3f}, majority {held[:, 1].mean():.3f}, "
        f"Dawid–Skene {held[:, 2].mean():.3f}; took {chosen}"
    )


def ten_million() -> None:
    chance = np.random.default_rng(0)
    items, voters = 2_000_000, 5_000
    truth, skill = chance.integers(0, 2, items), chance.uniform(0.6, 0.95, voters)
    item, voter = np.repeat(np.arange(items), 5), chance.integers(0, voters, 5 * items)
    _, first = np.unique(item * voters + voter, return_index=True)
    item, voter = item[first], voter[first]
    said = np.where(chance.random(len(item)) < skill[voter], truth[item], 1 - truth[item])
    votes = pa.table({"item": pa.array(item).cast("string"), "voter": pa.array(voter).cast("string"), "label": said})
    votes = votes.set_column(2, "label", votes["label"].cast("string"))
    start = time.perf_counter()
    found = karat.label.aggregate(votes)
    label = np.array(found.labels["label"].to_pylist()) == truth[:items].astype(str)
    print(f"\n{len(item):,} votes: {time.perf_counter() - start:.1f} s, accuracy {label.mean():.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--positive", default="1")
    parser.add_argument("--rival-python", default="")
    parser.add_argument("--million", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        rival = args.rival_python
        if not rival and args.folders:
            rival = f"{place}/bin/python"
            subprocess.run([sys.executable, "-m", "venv", place], check=True)
            subprocess.run([rival, "-m", "pip", "install", "--quiet", "crowd-kit==1.4.2"], check=True)
        for folder in args.folders:
            one(folder, args.positive, rival)
    if args.million:
        ten_million()


if __name__ == "__main__":
    main()
