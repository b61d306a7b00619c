"""Whether labels are weighed, and how strongly, chosen by validation inside the training records: rules compared.

python benchmarks/label_weights_choice.py [--size 1800] [--seeds 3] [--rate .15] [--sets NAME …]

Four generated problems and two sets of scikit-learn, none of the sets that figures are reported on. Labels are turned as in
``label_treatments.py``; weights come from stacked out-of-fold answers of boosted trees and logistic regression; in every
inner fold they are learned on its training records alone, and its validation records, labels turned, are scored as they are.
"""

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import label_treatments as treatments
import wrong_labels as planted

from karat.flow.text_ensemble import weighed
from karat.label.label_weights import in_total, label_weights
from karat.quality.accuracy.label_judge import fitted_on_sample
from karat.train.boosted_trees import BoostedTrees
from karat.train.linear import Linear

POWERS = (1.0, 0.5)
INNER, BATCHES, NUDGE = 3, 5, 0.02  # as in lift/choose.py
RULES = {"always": 99.0, "not below -1 error": 1.0, "-0.5": 0.5, "above 0": 0.0, "above 0.5": -0.5, "above 1": -1.0}


def sets(size: int) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Name, features and true labels."""

    def drawn(name: str, width: int, signal: Callable[[np.ndarray], np.ndarray], scale: float, shift: float) -> Any:
        rng = np.random.default_rng(0)
        x = rng.normal(size=(size, width)).astype(np.float32)
        z = signal(x)
        z = (z - z.mean()) / z.std() * scale + shift
        return name, x, (rng.random(size) < 1 / (1 + np.exp(-z))).astype(np.int64)

    yield drawn("linear", 12, lambda x: x[:, 0] + 0.7 * x[:, 1] - 0.5 * x[:, 2] + 0.3 * x[:, 3], 1.2, -0.8)
    products = lambda x: x[:, 0] * x[:, 1] + np.abs(x[:, 2]) + 0.6 * x[:, 3] - 0.5 * (x[:, 4] > 0.5)  # noqa: E731
    yield drawn("products", 15, products, 2.5, -1.0)
    steps = lambda x: (x[:, 0] > 0) + 2 * (x[:, 1] > 1) - 1.5 * (x[:, 2] < -0.5) + x[:, 3] * (x[:, 4] > 0)  # noqa: E731
    yield drawn("steps", 10, steps, 4.0, 0.0)
    yield drawn("waves", 8, lambda x: np.sin(2 * x[:, 0]) + np.cos(2 * x[:, 1]) * x[:, 2] + 0.5 * x[:, 3], 6.0, -1.5)
    features, truth, _ = planted.bundled("digits")
    yield "digits from 5 on", np.asarray(features, np.float32), (truth >= 5).astype(np.int64)
    features, truth, _ = planted.bundled("breast_cancer")
    yield "breast cancer", np.asarray(features, np.float32), truth.astype(np.int64)


def weights(x: np.ndarray, at: np.ndarray, labels: np.ndarray, seed: int, folds: int) -> list[np.ndarray] | None:
    """Weights (n,) in each power; None where no label is doubted."""
    treatments.FOLDS = folds
    views = [
        treatments.out_of_fold(treatments.fits(unit, x), at, labels, 2, seed) for unit in (BoostedTrees(), Linear())
    ]
    expected = weighed(views, labels)
    judge = fitted_on_sample(expected, labels)
    if judge.noise.reason:
        return None
    whole = label_weights(expected, labels, judge)
    return [in_total(whole**power, labels) for power in POWERS]


def by_validation(x: np.ndarray, at: np.ndarray, labels: np.ndarray, fit: Any, seed: int) -> list[tuple[float, float]]:
    """Each power's lift on validation records, and its standard error."""
    rng = np.random.default_rng([seed, 99])
    part = np.empty(len(labels), int)
    for label in (0, 1):
        here = np.flatnonzero(labels == label)
        part[rng.permutation(here)] = np.arange(len(here)) % INNER
    gains: list[list[np.ndarray]] = [[] for _ in POWERS]
    moved = []
    for fold in range(INNER):
        inside, left = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        order = np.argsort(labels[left], kind="stable")

        def scores(answers: np.ndarray, left: np.ndarray = left, order: np.ndarray = order) -> np.ndarray:
            batches = [order[k::BATCHES] for k in range(BATCHES)]
            return np.array([treatments.auc(labels[left][batch], answers[batch]) for batch in batches])

        ones = np.ones(len(inside))
        plain = scores(fit(at[inside], labels[inside], ones)(at[left]))
        keep = rng.permutation(len(inside))[int(NUDGE * len(inside)) :]
        moved.append((scores(fit(at[inside][keep], labels[inside][keep], ones[keep])(at[left])) - plain).mean())
        learned = weights(x, at[inside], labels[inside], seed, 3) or [ones] * len(POWERS)
        for gain, own in zip(gains, learned, strict=True):
            gain.append(scores(fit(at[inside], labels[inside], own)(at[left])) - plain)
    joined = [np.concatenate(gain) for gain in gains]
    noise = float(np.mean(np.square(moved)) / INNER)
    return [(float(g.mean()), float(np.sqrt(g.var(ddof=1) / len(g) + noise))) for g in joined]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1800)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=0.15)
    parser.add_argument("--sets", nargs="*", default=[])
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    for name, x, truth in sets(asked.size):
        if asked.sets and name not in asked.sets:
            continue
        clean = planted.out_of_fold(planted.models("table")["linear"], x, truth, 2, 0)
        fit = treatments.fits(BoostedTrees(), x)
        for kind in treatments.KINDS:
            for seed in range(asked.seeds):
                rng = np.random.default_rng([seed, 15])
                given = treatments.turned(truth, clean, kind, asked.rate, rng)
                order = rng.permutation(len(truth))
                test, train = order[: len(order) // 3], order[len(order) // 3 :]
                labels = given[train]
                plain = treatments.auc(truth[test], fit(train, labels, np.ones(len(labels)))(test))
                learned = weights(x, train, labels, seed, 5)
                gains = [treatments.auc(truth[test], fit(train, labels, own)(test)) - plain for own in learned or []]
                told = by_validation(x, train, labels, fit, seed) if learned else []
                best = max(range(len(told)), key=lambda k: told[k][0]) if told else None
                row = {"set": name, "noise": kind, "known": max([0.0, *gains])}
                for rule, errors in RULES.items():
                    ships = best is not None and told[best][0] + errors * told[best][1] > 0
                    row[rule] = gains[best] if ships and best is not None else 0.0
                rows.append(row)
    table = pd.DataFrame(rows)
    mean, error = (getattr(table.groupby(["set", "noise"])[["known", *RULES]], name)() for name in ("mean", "sem"))
    print(mean.round(4).to_string())
    for rule in mean:
        below, above = int((mean[rule] + 2 * error[rule] < 0).sum()), int((mean[rule] > 0).sum())
        print(
            f"{rule}: mean {mean[rule].mean():+.4f}; above 0 in {above} of {len(mean)} cells, clearly below in {below}, "
            f"worst {mean[rule].min():+.4f}; less than with true validation labels by {(mean.known - mean[rule]).mean():.4f}"
        )


if __name__ == "__main__":
    main()
