"""What the certificate says where labels are wrong: label weights alone, proved as in ``karat run``.

python benchmarks/label_weights_proof.py DATA [--sets NAME …] [--kinds KIND …] [--rate .15] [--size 1500] [--repeats 2] [--out F.jsonl]

DATA has german-credit, credit-default, adult-errors and elec2. Labels are turned as in ``label_treatments.py``, in all
records: the certificate tests on wrong labels, as a user's does. A second one tests on the true labels. Nothing else is
fixed. A cell that is in the file already is passed over.
"""

import argparse
import json
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent))
import wrong_labels as planted
from label_treatments import KINDS, turned

from karat.core.block import Block
from karat.core.patch import changes
from karat.flow.loading import load, plain_settings
from karat.flow.refine import patched
from karat.flow.weighing import LabelWeights
from karat.lift.design import Design
from karat.lift.fold import FoldWork, Tests
from karat.lift.label_weighting import LABEL_WEIGHTS, LabelWeighting, patches_with, with_weights
from karat.lift.pairing import VersionChanges
from karat.lift.procedure import assembled, prepared
from karat.lift.recipe import HEADLINE, content_key
from karat.lift.statistics import gain
from karat.prepare.target import read_target

SETS = {
    "german-credit": ("german-credit/german_credit.csv", "default"),
    "credit-default": ("credit-default/UCI_Credit_Card.csv", "default.payment.next.month"),
    "adult": ("adult-errors/clean.csv", "income"),
    "elec2": ("elec2/elec2.csv", "label"),
}
DOUBTED = 0.5  # weight below which a label is pruned or turned in hindsight


@dataclass(frozen=True)
class Remembered(LabelWeighting):
    """Learns the weights of equal records once."""

    known: ClassVar[dict[str, LabelWeights]] = {}

    def weights(self, records: Block) -> LabelWeights:
        key = content_key(records)
        if key not in self.known:
            self.known[key] = super().weights(records)
        return self.known[key]


def made(data: Path, name: str, kind: str, rate: float, size: int, seed: int) -> tuple[Block, Block]:
    """Records with labels turned, and the same with the true ones."""
    file, target = SETS[name]
    table = pd.read_csv(data / file, dtype=str, keep_default_na=False)
    table = table.sample(frac=1, random_state=seed).head(size).reset_index(drop=True)
    names = sorted(table[target].unique())
    truth = np.searchsorted(names, table[target].to_numpy(object).astype(str))
    given = truth
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "records.csv"
        table.to_csv(path, index=False)
        if rate:
            features, labels, _ = planted.columns(path, target, size)
            order = pd.read_csv(path).sample(frac=1, random_state=0).index.to_numpy()
            clean = np.empty((len(truth), 2))
            clean[order] = planted.out_of_fold(planted.models("table")["linear"], features, labels, 2, 0)
            given = turned(truth, clean, kind, rate, np.random.default_rng([seed, 15]))
        true = load(str(path), plain_settings(target))
        at = true.table.schema.get_field_index(target)
        wrong = true.table.set_column(at, target, pa.array(np.array(names, object)[given].astype(str).tolist()))
    return Block(true.rows, wrong.combine_chunks(), true.schema), Block(true.rows, true.table, true.schema)


def in_hindsight(work: FoldWork, true_tests: Tests, weighing: LabelWeighting) -> dict[str, float]:
    """Scores on true labels of what could have been done, and of what was."""
    s = work.setting
    records = s.block.take(work.train)
    patches, weigh = patches_with({}, records, weighing)
    states = {"raw": records}
    choice = work.chosen(records, patches, weigh)
    states["shipped"] = records
    if weigh is not None:
        strong, mild = weigh(records, 1.0), weigh(records, 0.5)
        states |= {"weigh": patched(records, strong), "mild": patched(records, mild)}
        if LABEL_WEIGHTS in choice.kept:
            states["shipped"] = states["weigh" if choice.power == 1 else "mild"]
        doubted = LabelWeights.of_changes(strong).of(records.rows) < DOUBTED
        target, gone = records.schema.target.name, records.rows[doubted]
        states["prune"] = patched(records, changes(len(gone), row=gone, action="drop", check="Bench"))
        read = read_target(records, s.recipe.classes)
        other = np.array(s.recipe.classes, object)[1 - read.values[doubted].astype(int)].tolist()
        turn = changes(len(gone), row=gone, column=target, action="set", after=other, check="Bench")
        states["relabel"] = patched(records, turn)
    scores = {name: work.score(work.arm(state), HEADLINE, true_tests) for name, state in states.items()}
    return {name: scores.get(name, scores["raw"]) for name in ("raw", "shipped", "weigh", "mild", "prune", "relabel")}


def cell(data: Path, name: str, kind: str, rate: float, size: int, repeats: int, seed: int) -> dict[str, Any]:
    """One certificate, and what was gained on true labels."""
    began = time.process_time()
    dirty, true = made(data, name, kind, rate, size, seed)
    plan = Design(repeats=repeats)
    weighing = Remembered(folds=plan.weigh_folds)
    Remembered.known.clear()
    block, truth = (with_weights(part).by_name for part in (dirty, true))
    setting, splits = prepared(block, seed, None, None, VersionChanges({}), plan, None, weighing)
    entries, hindsight = [], []
    for repeat, fold, train, test in splits.pairs():
        work = FoldWork(setting, repeat, fold, train, test)
        entries.append(work.run())
        hindsight.append(in_hindsight(work, work._tests({"raw": truth}), weighing))
    proof = assembled(setting, splits, entries, len(block))
    ratio = float(np.mean([entry["test"] / entry["train"] for entry in entries]))
    scores = pd.DataFrame(hindsight)
    gains = {name: gain(scores[name].to_numpy(), scores["raw"].to_numpy(), ratio) for name in scores if name != "raw"}
    row = {"set": name, "noise": kind, "rate": rate, "records": len(block), "seed": seed, "repeats": repeats}
    row |= {"verdict": proof.verdict, "lift": proof.lift, "low": proof.low, "high": proof.high}
    row |= {"placebo": proof.placebo.lift, "kept": float(np.mean([bool(e["changed"]) for e in entries]))}
    row |= {"forward": splits.forward}
    for name, interval in gains.items():
        row |= {name: interval.mean, f"{name} low": interval.low, f"{name} high": interval.high}
    return row | {"cpu_seconds": time.process_time() - began}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--rate", type=float, default=0.15)
    parser.add_argument("--size", type=int, default=1500)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("label_weights_proof.jsonl"))
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = [json.loads(line) for line in asked.out.read_text().splitlines()] if asked.out.exists() else []
    for kind in asked.kinds if asked.rate else [""]:
        for name in asked.sets:
            key = {"set": name, "noise": kind, "rate": asked.rate, "seed": asked.seed, "repeats": asked.repeats}
            if any(all(row[part] == value for part, value in key.items()) for row in rows):
                continue
            rows.append(cell(asked.data, name, kind, asked.rate, asked.size, asked.repeats, asked.seed))
            with asked.out.open("a") as file:
                file.write(json.dumps(rows[-1]) + "\n")
    columns = ["set", "noise", "rate", "records", "verdict", "lift", "low", "high", "shipped", "shipped low"]
    columns += ["shipped high", "weigh", "mild", "prune", "relabel", "kept", "cpu_seconds"]
    print(pd.DataFrame(rows)[columns].round(4).to_string(index=False))


if __name__ == "__main__":
    main()
