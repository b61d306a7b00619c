"""How much of the labels a person must look at, in Karat's order, until the model is as good as with all of them right.

python benchmarks/label_wins.py DATA [--seeds 5] [--sets adult-errors sms]

DataPerf's rule: the share of the records that are looked at (and put right where wrong) until a linear model reaches 95 %
of what it has with all true labels, on clean test records; and what the first 300 win of all there is to win. DATA has
adult-errors (its wrong labels are given), sms-spam, zh-reviews, german-credit, elec2 and newsgroups (30 % wrong here).
"""

import argparse
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import wrong_labels as planted

from karat.evaluate.headline import headline_metric
from karat.quality.accuracy.label_judge import fitted_on_sample

TRAINED, TESTED, WRONG = 2_000, 4_000, 0.3
STEPS = np.array([0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])


def case(data: Path, name: str, seed: int) -> tuple[Any, np.ndarray, np.ndarray, Any, np.ndarray, str]:
    """Features, true and given labels of the training records; features and true labels of the test records."""
    rng = np.random.default_rng(seed)
    if name == "adult-errors":
        features, truth, kind = planted.columns(data / "adult-errors/clean.csv", "income", 10**6)
        given = planted.columns(data / "adult-errors/dirty.csv", "income", 10**6)[1]
        order = rng.permutation(len(truth))
        train, test = order[: len(order) // 2], order[len(order) // 2 :]
        return features[train], truth[train], given[train], features[test], truth[test], kind
    features, truth, kind = planted.sets(data, TRAINED + TESTED)[name]()
    order = rng.permutation(len(truth))
    size = min(TRAINED, len(truth) // 2)
    train, test = order[:size], order[size : size + TESTED]
    clean = planted.out_of_fold(planted.models(kind)["linear"], features[train], truth[train], truth.max() + 1, 0)
    noise = ("random", "by class", "by instance")[seed % 3]
    given = planted.spoiled(truth[train], clean, noise, WRONG, rng)
    return features[train], truth[train], given, features[test], truth[test], kind


def knn_shapley(features: np.ndarray, given: np.ndarray, neighbours: int = 10) -> np.ndarray:
    """What each record adds to a nearest-neighbour model of the others (Jia et al. 2019); records test one another."""
    norms = (features**2).sum(axis=1)
    far = norms[:, None] + norms[None, :] - 2 * features @ features.T
    np.fill_diagonal(far, np.inf)
    near = np.argsort(far, axis=1, kind="stable")[:, :-1]
    agree = (given[near] == given[:, None]).astype(float)
    many = near.shape[1]
    value = np.zeros(near.shape)
    value[:, -1] = agree[:, -1] / many
    for at in range(many - 2, -1, -1):
        step = (agree[:, at] - agree[:, at + 1]) / neighbours * min(neighbours, at + 1) / (at + 1)
        value[:, at] = value[:, at + 1] + step
    return np.bincount(near.ravel(), value.ravel(), minlength=len(given))


def orders(features: Any, given: np.ndarray, kind: str, seed: int) -> dict[str, np.ndarray]:
    """In which order each would have the records looked at."""
    expected = planted.out_of_fold(planted.models(kind)["linear"], features, given, given.max() + 1, seed)
    expected /= expected.sum(axis=1, keepdims=True)
    own = expected[np.arange(len(given)), given]
    doubt = fitted_on_sample(expected, given).beliefs(expected, given).wrong
    out = {
        "karat": np.argsort(-doubt, kind="stable"),
        "probability of the label": np.argsort(own, kind="stable"),  # cleanlab's self-confidence
        "random": np.random.default_rng(seed).permutation(len(given)),
    }
    if len(given) <= TRAINED:
        dense = np.asarray(features.todense()) if hasattr(features, "todense") else features
        out["KNN-Shapley"] = np.argsort(knn_shapley(dense, given), kind="stable")
    return out


def scored(parts: tuple, labels: np.ndarray) -> float:
    """The metric on the test records of a model that learned these labels."""
    features, truth, _, tests, right, kind = parts
    classes = int(truth.max()) + 1
    fitted = planted.models(kind)["linear"].fit(features, labels)
    answers = np.zeros((len(right), classes))
    answers[:, fitted.classes_] = fitted.predict_proba(tests)
    return float(headline_metric(classes).score(right, answers))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    names = ["adult-errors", "sms", "waimai", "german-credit", "elec2", "newsgroups"]
    parser.add_argument("--sets", nargs="*", default=names)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    print(
        "| set | order | wrong | all wrong labels | all right | after 300 | of all there is to win | looked at until 95 % |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in asked.sets:
        lines = []
        for seed in range(asked.seeds):
            parts = case(asked.data, name, seed)
            features, truth, given, kind = parts[0], parts[1], parts[2], parts[5]
            none, every = scored(parts, given), scored(parts, truth)
            for order, ranking in orders(features, given, kind, seed).items():
                curve, after = np.zeros(len(STEPS)), given.copy()
                after[ranking[:300]] = truth[ranking[:300]]
                for at, share in enumerate(STEPS):
                    mended, seen = given.copy(), ranking[: round(share * len(given))]
                    mended[seen] = truth[seen]
                    curve[at] = scored(parts, mended)
                    if curve[at] >= 0.95 * every:
                        break
                lines.append((order, (given != truth).mean(), none, every, scored(parts, after), STEPS[at]))
        table = pd.DataFrame(lines, columns=["order", "wrong", "none", "every", "after", "looked"])
        for order, part in table.groupby("order", sort=False):
            mean = part.mean(numeric_only=True)
            won = (mean.after - mean.none) / (mean.every - mean.none)
            print(
                f"| {name} | {order} | {mean.wrong:.1%} | {mean.none:.4f} | {mean.every:.4f} | {mean.after:.4f} | "
                f"{won:.0%} | {mean.looked:.1%} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
