"""Labels turned at random in tables: what `karat clean` counts, states and scores as more of them are wrong.

python benchmarks/label_runs.py DATA [--size 3000]

Six sets, 0, 2, 5, 10, 20 and 30 % of the labels turned; one line a run. DATA has german-credit, adult-errors,
credit-default and elec2; two sets come with scikit-learn.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

RATES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)


def tables(data: Path, size: int) -> dict[str, tuple[pd.DataFrame, str]]:
    from sklearn.datasets import load_breast_cancer, make_hastie_10_2

    cancer = load_breast_cancer(as_frame=True).frame.round(4)
    features, truth = make_hastie_10_2(size, random_state=5)
    made = pd.DataFrame(features.round(3)).add_prefix("x").assign(target=np.where(truth > 0, "far", "near"))
    given = {
        "breast cancer": (cancer.assign(target=np.where(cancer.target == 1, "benign", "malignant")), "target"),
        "generated": (made, "target"),
        "german-credit": (pd.read_csv(data / "german-credit/german_credit.csv"), "default"),
        "adult": (pd.read_csv(data / "adult-errors/clean.csv"), "income"),
        "credit-default": (pd.read_csv(data / "credit-default/UCI_Credit_Card.csv"), "default.payment.next.month"),
        "elec2": (pd.read_csv(data / "elec2/elec2.csv"), "label"),
    }
    return {name: (table.sample(frac=1, random_state=0).head(size), target) for name, (table, target) in given.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--size", type=int, default=3000)
    parser.add_argument("--sets", nargs="*", help="only these")
    asked = parser.parse_args()
    print("| set | turned | flagged | stated wrong | proven | label accuracy | accuracy before → after |")
    print("|---|---|---|---|---|---|---|")
    for name, (table, target) in tables(asked.data, asked.size).items():
        if asked.sets and name not in asked.sets:
            continue
        classes = np.unique(table[target].to_numpy())
        for rate in RATES:
            turned = np.random.default_rng(3).random(len(table)) < rate
            given = table[target].to_numpy()
            other = np.where(given == classes[0], classes[1], classes[0])
            with tempfile.TemporaryDirectory() as place:
                path, out = Path(place) / "table.csv", Path(place) / "out"
                table.assign(**{target: np.where(turned, other, given)}).to_csv(path, index=False)
                command = [sys.executable, "-m", "karat", "clean", path, "--target", target, "--out", out, "--quiet"]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                scores = json.loads((out / "scores.json").read_text())
                found = pd.read_parquet(out / "findings.parquet")
            before, after = (scores[when]["dimensions"]["accuracy"] for when in ("before", "after"))
            sure = int(((found.check == "SuspectLabels") & (found.confidence >= 0.5)).sum())
            line = f"| {name} | {turned.sum():,} | {sure:,} | "
            if "labels" in before:
                labels = before["labels"]
                stated = "–" if labels["wrong"] is None else f"{labels['wrong']:.0f}"
                proven = "yes" if labels["proven"] else f"no: {labels['flagged']} suspicious"
                line += f"{stated} [{labels['wrong_low']:.0f}, {labels['wrong_high']:.0f}] | "
                line += f"{proven} | "
                line += f"{labels['score']:.3f} [{labels['low']:.3f}, {labels['high']:.3f}] | "
            else:
                line += "– | – | – | "
            print(line + f"{before['score']:.3f} → {after['score']:.3f} |", flush=True)


if __name__ == "__main__":
    main()
