"""The one judge of labels on fresh noise: whether it speaks, where it cuts, how many it counts.

python benchmarks/label_judge.py DATA --arrays FOLDER [--seed 1511] [--size 1200] [--rival PYTHON]

Twelve sets (six come with scikit-learn or are generated, six are in DATA), two models each, three kinds of noise at
0, 2, 5, 10, 20 and 30 %. Out-of-fold probabilities are written to FOLDER once; PYTHON has cleanlab 2.9.0 and judges the
same arrays. Beside them the nulls: labels permuted, probabilities uniform or perfect, one class, 300 classes.
"""

import argparse
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import wrong_labels as planted

RATES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)
KINDS = ("random", "by class", "by instance")
REDRAWN = "redrawn"  # no label is wrong: all are drawn from what a model of the true ones expects


def generated(name: str, size: int) -> tuple[Any, np.ndarray, str]:
    from sklearn.datasets import make_classification, make_hastie_10_2

    if name == "hastie":
        features, truth = make_hastie_10_2(size, random_state=5)
        return features, (truth > 0).astype(int), "table"
    weights = [0.85] if name == "uneven" else None
    classes = 2 if name == "uneven" else 5
    features, truth = make_classification(
        size, 12, n_informative=8, n_classes=classes, weights=weights, flip_y=0, class_sep=1.3, random_state=5
    )
    return features, truth, "table"


def sets(data: Path, size: int) -> dict[str, Any]:
    given = planted.sets(data, size)
    names = ("digits", "breast cancer", "diabetes halves", "sms", "waimai", "chnsenticorp", "newsgroups", "adult")
    made = {name: (lambda name=name: generated(name, size)) for name in ("hastie", "uneven", "five classes")}
    return {name: given[name] for name in (*names, "german-credit")} | made


def plant(data: Path, size: int, seed: int, into: Path, only: list[str] | None = None) -> None:
    """Arrays of every set, model, kind of noise and rate; those that are there already stay."""
    from sklearn.metrics import roc_auc_score

    for name, make in sets(data, size).items():
        if (into / f"{name}.done").exists() or (only and name not in only):
            continue
        features, truth, kind = make()
        features, truth = features[:size], truth[:size]
        classes, each = int(truth.max()) + 1, planted.models(kind)
        clean = {model: planted.out_of_fold(unit, features, truth, classes, 0) for model, unit in each.items()}
        for noise in (*KINDS, REDRAWN):
            for rate in {"random": RATES, REDRAWN: (0.0,)}.get(noise, RATES[1:]):
                rng = np.random.default_rng([seed, int(rate * 100), len(noise)])
                given = planted.spoiled(truth, clean["linear"], noise, rate, rng) if rate else truth
                if noise == REDRAWN:
                    mixed = np.mean(list(clean.values()), axis=0)
                    given = (mixed.cumsum(axis=1) > rng.random((len(truth), 1)) * mixed.sum(axis=1)[:, None]).argmax(1)
                    truth_here = given
                else:
                    truth_here = truth
                for model, unit in each.items():
                    expected = planted.out_of_fold(unit, features, given, classes, seed)
                    expected /= expected.sum(axis=1, keepdims=True)
                    several = {"multi_class": "ovr"} if classes > 2 else {}
                    auc = roc_auc_score(given, expected if classes > 2 else expected[:, 1], **several)
                    path = into / f"{name}~{model}~{noise}~{rate}.npz"
                    np.savez(path, expected=expected, given=given, wrong=given != truth_here, auc=auc)
        (into / f"{name}.done").touch()
        print(f"{name}: done", file=sys.stderr, flush=True)


def nulls(seed: int) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Labels and probabilities that say nothing of wrong labels."""
    rng = np.random.default_rng(seed)
    perfect = np.where(np.eye(2)[[0, 1] * 500] == 1, 0.99, 0.01)
    yield "perfect", np.array([0, 1] * 500), perfect
    yield "chance", rng.integers(0, 2, 1000), rng.dirichlet([2, 2], 1000)
    yield "permuted", rng.permutation([0, 1] * 500), perfect
    yield "uniform", np.array([0, 1] * 500), np.full((1000, 2), 0.5)
    yield "one class", np.zeros(1000, int), perfect
    yield "1:1000", (np.arange(2002) % 1001 == 0).astype(int), rng.dirichlet([1, 20], 2002)[:, ::-1]
    yield "300 classes of 3", np.repeat(np.arange(300), 3), rng.dirichlet(np.ones(300), 900)


def judged(into: Path) -> Iterator[dict[str, Any]]:
    from karat.label.wrong_labels import wrong_labels

    for path in sorted(into.glob("*~*.npz")):
        if path.name.endswith(".rival.npz"):
            continue
        held, rival = np.load(path), np.load(path.with_suffix(".rival.npz"))
        name, model, noise, rate = path.stem.split("~")
        wrong = held["wrong"]
        answer = wrong_labels(held["given"], held["expected"])
        flags, facts = answer["is_error"].to_numpy(), json.loads(answer.schema.metadata[b"karat"])
        order = np.argsort(-answer["score"].to_numpy(), kind="stable")
        best = (2 * np.cumsum(wrong[order]) / (np.arange(1, len(wrong) + 1) + wrong.sum())).max() if wrong.any() else 0
        yield {
            "set": name,
            "model": model,
            "noise": noise,
            "rate": float(rate),
            "auc": float(held["auc"]),
            "cut": bool(flags.any()),
            "flagged": float(flags.mean()),
            "karat": planted.f1(flags, wrong),
            "cleanlab": planted.f1(rival["flag"], wrong),
            "best": float(best),
            "covered": facts["low"] <= wrong.sum() <= facts["high"],
            "width": (facts["high"] - facts["low"]) / len(wrong),
            "stated": facts["expected_precision"] or np.nan,
            "precision": float(wrong[flags].mean()) if flags.any() else np.nan,
            "proven": facts["proven"],
            "reason": facts["reason"],
        }


def report(table: pd.DataFrame) -> None:
    noisy = table[table.rate > 0].copy()
    noisy["gain"], noisy["short"] = noisy.karat - noisy.cleanlab, noisy.best - noisy.karat
    able = ~noisy.reason.str.contains("beats chance")
    groups = {f"noise from {least:.0%} on": noisy[noisy.rate >= least] for least in (0.02, 0.05)}
    groups |= {f"{name}, a model that beats chance": part[able[part.index]] for name, part in groups.items()}
    for name, part in groups.items():
        print(
            f"{name}, {len(part)} cases: gain {part.gain.mean():+.4f}; worse by more than .02 in "
            f"{(part.gain < -0.02).mean():.1%}; below the best cut of its own ranking by {part.short.mean():.3f}"
        )
        rng, names = np.random.default_rng(0), part.set.unique()
        drawn = [
            pd.concat([part[part.set == k] for k in rng.choice(names, len(names))]).gain.mean() for _ in range(1000)
        ]
        low, high = np.quantile(drawn, [0.025, 0.975])
        print(f"  gain with its interval [{low:+.4f}, {high:+.4f}] (sets redrawn)")
    able = noisy[(noisy.rate >= 0.05) & (noisy.auc >= 0.75)]
    print(f"a cut in {able.cut.mean():.1%} of {len(able)} cases with noise from 5 % on and AUC from .75 on")
    print(f"the interval of the count covers in {noisy.covered.mean():.1%}, mean width {noisy.width.mean():.3f}")
    columns = ["auc", "cut", "proven", "flagged", "cleanlab", "karat", "best", "gain", "short", "covered", "width"]
    print(noisy.groupby(["noise", "rate"])[columns].mean().round(3).to_string(), "\n")
    print(noisy.groupby(["set", "model"])[columns].mean().round(3).to_string(), "\n")
    print(noisy.groupby(["set"])[["gain"]].agg(["mean", lambda gain: (gain < -0.02).mean()]).round(3).to_string(), "\n")
    bare = table[table.rate == 0]
    print(
        bare.sort_values("noise")[["set", "model", "noise", "auc", "flagged", "proven", "reason"]]
        .round(4)
        .to_string(index=False),
        "\n",
    )


def report_nulls(seed: int) -> None:
    from karat.label.wrong_labels import wrong_labels

    for name, given, expected in nulls(seed):
        answer = wrong_labels(given, expected)
        facts = json.loads(answer.schema.metadata[b"karat"])
        print(f"null {name}: {answer['is_error'].to_numpy().mean():.2%} flagged; {facts['reason']}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--arrays", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1511)
    parser.add_argument("--size", type=int, default=1200)
    parser.add_argument("--rival", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", help="only these, and no report")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    asked.arrays.mkdir(exist_ok=True, parents=True)
    plant(asked.data, asked.size, asked.seed, asked.arrays, asked.sets)
    if asked.sets:
        return
    if len(list(asked.arrays.glob("*.rival.npz"))) < len(list(asked.arrays.glob("*~*.npz"))) / 2:
        subprocess.run([asked.rival, "-W", "ignore", "-c", planted.JUDGE, str(asked.arrays)], check=True)
    report(pd.DataFrame(judged(asked.arrays)))
    report_nulls(asked.seed)


if __name__ == "__main__":
    main()
