"""How much of the labels a person must look at, in Karat's order, until the model is as good as with all of them right.

python benchmarks/label_wins.py DATA [--seeds 5] [--sets adult-errors sms] [--records 4000]

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
from karat.flow.label_orders import BOTH, JUDGE, LINEAR, in_turn
from karat.quality.accuracy.label_judge import fitted_on_sample

TRAINED, TESTED, WRONG = 2_000, 4_000, 0.3
STEPS = np.array([0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])


def case(data: Path, name: str, seed: int, size: int) -> tuple[Any, np.ndarray, np.ndarray, Any, np.ndarray, str]:
    """Features, true and given labels of the training records; features and true labels of the test records."""
    rng = np.random.default_rng(seed)
    if name == "adult-errors":
        features, given, kind = planted.columns(data / "adult-errors/dirty.csv", "income", 10**6)
        table = pd.read_csv(data / "adult-errors/clean.csv").sample(frac=1, random_state=0)  # in the same order
        truth = pd.factorize(table.income, sort=True)[0]
        order = rng.permutation(len(truth))
        train, test = order[:size], order[size : size + 10_000]
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


def in_batches(doubts: dict[str, np.ndarray], wrong: np.ndarray) -> np.ndarray:
    """The records as `karat label RUN --ask` ranks them, 30 at a time, the answers deciding whose turn it is."""
    left = {name: np.argsort(-doubt, kind="stable").tolist()[::-1] for name, doubt in doubts.items()}
    seen, asked = dict.fromkeys(doubts, (0, 0)), dict.fromkeys([], "")
    while len(asked) < len(wrong):
        before = len(asked)
        for name in in_turn(seen, min(30, len(wrong) - before), before):
            place = left[name].pop()
            while place in asked:
                place = left[name].pop()
            asked[place] = name
        for place in list(asked)[before:]:
            bad, good = seen[asked[place]]
            seen[asked[place]] = (bad + int(wrong[place]), good + int(not wrong[place]))
    return np.array(list(asked))


def orders(features: Any, given: np.ndarray, wrong: np.ndarray, kind: str, seed: int) -> dict[str, np.ndarray]:
    """In which order each would have the records looked at."""
    expected = planted.out_of_fold(planted.models(kind)["linear"], features, given, given.max() + 1, seed)
    expected /= expected.sum(axis=1, keepdims=True)
    own = expected[np.arange(len(given)), given]
    doubts = {JUDGE: fitted_on_sample(expected, given).beliefs(expected, given).wrong}
    if kind == "table":
        trees = planted.out_of_fold(planted.models(kind)["trees"], features, given, given.max() + 1, seed)
        doubts = {LINEAR: 1 - own, BOTH: 1 - (own + trees[np.arange(len(given)), given]) / 2}
    out = {
        "karat": in_batches(doubts, wrong),
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
    parser.add_argument("--records", type=int, default=4_000, help="of adult-errors to train on")
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
            parts = case(asked.data, name, seed, asked.records)
            features, truth, given, kind = parts[0], parts[1], parts[2], parts[5]
            none, every = scored(parts, given), scored(parts, truth)
            for order, ranking in orders(features, given, given != truth, kind, seed).items():
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
