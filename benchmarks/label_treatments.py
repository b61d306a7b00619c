"""Wrong labels treated without a person: what the model gains on clean test labels.

python benchmarks/label_treatments.py DATA [--sets NAME …] [--rate .15] [--size 2000] [--seeds 6]

DATA has german-credit, credit-default, adult-errors and elec2. Labels of the training records are turned: at random, by
class, where a model is unsure, or from the first class alone; test records keep their own. Each treatment is fitted by
the linear and the boosted learner; `chosen` is the one that validation inside the training records prefers.
"""

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import wrong_labels as planted

from karat.label.label_weights import LEAST, label_weights
from karat.quality.accuracy.label_judge import fitted_on_sample
from karat.train.boosted_trees import BoostedTrees
from karat.train.linear import Linear

FOLDS = 5  # the same as scikit-learn's default of cv
SPLITS = 3  # of the choice
CLEAR = 1.0  # standard errors of its gain over the splits by which a treatment must win
WEIGH, SOFTEN, PRUNE, RELABEL = "weigh", "soften", "prune", "relabel"
EVERY = (WEIGH, SOFTEN, PRUNE, RELABEL)
Fit = Callable[[np.ndarray, np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]
KINDS = ("random", "by class", "by instance", "one-sided")
SETS = ("german-credit", "credit-default", "adult", "elec2")


@dataclass(frozen=True, eq=False)
class Treated:
    """Records to train on.

    Parameters
    ----------
    at : ndarray of int64, shape (m,)
        Positions among the records; one may stand twice, with two labels.
    labels : ndarray of int64, shape (m,)
    weights : ndarray of float64, shape (m,)
        Above 0; of every given class they sum to its records.
    """

    at: np.ndarray
    labels: np.ndarray
    weights: np.ndarray


def treated(kind: str, expected: np.ndarray, labels: np.ndarray) -> Treated:
    """The records as a treatment leaves them.

    Parameters
    ----------
    kind : str
        One of ``EVERY``: ``weigh`` by the probability of the label; ``soften`` to both labels, each by its probability;
        ``prune`` the flagged; ``relabel`` them.
    expected, labels
        As in ``label_weights``.
    """
    at, judge = np.arange(len(labels)), fitted_on_sample(expected, labels)
    if judge.skill.reason:
        return Treated(at, labels, np.ones(len(labels)))
    if kind == WEIGH:
        return Treated(at, labels, label_weights(expected, labels, judge))
    beliefs = judge.beliefs(expected, labels)
    flags = judge.flags(beliefs, labels)
    if kind == PRUNE:
        rest = np.flatnonzero(~flags)
        sizes = np.bincount(labels).astype(float)
        left = np.bincount(labels[rest], minlength=len(sizes))
        return Treated(rest, labels[rest], (sizes / np.maximum(left, 1))[labels[rest]])
    if kind == RELABEL:
        return Treated(at, np.where(flags, beliefs.likely, labels), np.ones(len(labels)))
    doubt = np.where(judge.known(labels, beliefs.likely), np.clip(beliefs.wrong, LEAST, 1 - LEAST), LEAST)
    return Treated(
        np.concatenate([at, at]), np.concatenate([labels, beliefs.likely]), np.concatenate([1 - doubt, doubt])
    )


def out_of_fold(fit: Fit, at: np.ndarray, labels: np.ndarray, classes: int, seed: int = 0) -> np.ndarray:
    """(n, k) answers of models that have not seen the record.

    Parameters
    ----------
    fit : callable
        From positions, labels and weights to a function from positions to probabilities (n, k).
    at : ndarray of int64, shape (n,)
        Positions of the records.
    labels : ndarray of int64, shape (n,)
    """
    order = np.lexsort((np.random.default_rng(seed).permutation(len(at)), labels))  # every class in every fold
    fold = np.empty(len(at), np.int64)
    fold[order] = np.arange(len(at)) % FOLDS
    out = np.zeros((len(at), classes))
    for part in range(FOLDS):
        rest = fold != part
        out[~rest] = fit(at[rest], labels[rest], np.ones(int(rest.sum())))(at[~rest])
    return out


def chosen(
    fit: Fit,
    score: Callable[[np.ndarray, np.ndarray], float],
    at: np.ndarray,
    labels: np.ndarray,
    classes: int,
    kinds: Sequence[str] = EVERY,
    seed: int = 0,
) -> str:
    """The treatment that validation inside these records prefers; "" where none wins clearly.

    In every split the validation records fit no weight, and are scored as they are.

    Parameters
    ----------
    fit, at, labels, classes
        As in ``out_of_fold``.
    score : callable
        From labels and probabilities to a number; more is better.
    kinds : sequence of str
        Those to choose among.
    """
    gains = np.zeros((SPLITS, len(kinds)))
    for split in range(SPLITS):
        held = np.random.default_rng([seed, split]).permutation(len(at)) % FOLDS == 0
        inside, truth, tests = labels[~held], labels[held], at[held]
        places = at[~held]
        expected = out_of_fold(fit, places, inside, classes, seed)
        plain = score(truth, fit(places, inside, np.ones(len(inside)))(tests))
        for column, kind in enumerate(kinds):
            records = treated(kind, expected, inside)
            gains[split, column] = score(truth, fit(places[records.at], records.labels, records.weights)(tests)) - plain
    mean = gains.mean(axis=0)
    best = int(mean.argmax())
    error = float(gains[:, best].std(ddof=1) / np.sqrt(SPLITS))
    return kinds[best] if mean[best] > CLEAR * error else ""


def turned(truth: np.ndarray, clean: np.ndarray, kind: str, rate: float, rng: np.random.Generator) -> np.ndarray:
    if kind != "one-sided":
        return planted.spoiled(truth, clean, kind, rate, rng)
    first = np.flatnonzero(truth == 0)
    out = truth.copy()
    out[rng.choice(first, min(len(first), round(rate * len(truth))), replace=False)] = 1
    return out


def cases(data: Path, names: list[str], size: int) -> Any:
    every = planted.sets(data, size)
    for name in names:
        features, truth, _ = every[name]()
        yield name, np.asarray(features, np.float32)[:size], truth[:size].astype(np.int64)


def auc(labels: np.ndarray, answers: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, answers[:, 1]))


def fits(learner: Any, features: np.ndarray) -> Fit:
    def fit(at: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Any:
        fitted = learner.fit(features[at], labels, 0, weights=weights)
        return lambda places: fitted.predict(features[places])

    return fit


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--rate", type=float, default=0.15)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--choose", action="store_true", help="let validation choose, too: ten times the time")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    for name, features, truth in cases(asked.data, asked.sets, asked.size):
        model = planted.models("table")["linear"]
        clean = planted.out_of_fold(model, features, truth, 2, 0)
        for learner in (Linear(), BoostedTrees()):
            fit = fits(learner, features)
            for kind in KINDS:
                for seed in range(asked.seeds):
                    rng = np.random.default_rng([seed, 15])
                    given = turned(truth, clean, kind, asked.rate, rng)
                    order = rng.permutation(len(truth))
                    test, train = order[: len(order) // 3], order[len(order) // 3 :]

                    plain = auc(truth[test], fit(train, given[train], np.ones(len(train)))(test))
                    expected = out_of_fold(fit, train, given[train], 2, seed)
                    row = {"set": name, "learner": learner.code(), "noise": kind, "seed": seed, "plain": plain}
                    for each in EVERY:
                        records = treated(each, expected, given[train])
                        answers = fit(train[records.at], records.labels, records.weights)(test)
                        row[each] = auc(truth[test], answers) - plain
                    weighed = treated(WEIGH, expected, given[train])
                    mixed = weighed.weights.copy()
                    for label in (0, 1):
                        here = np.flatnonzero(given[train] == label)
                        mixed[here] = rng.permutation(mixed[here])
                    row["placebo"] = auc(truth[test], fit(train, given[train], mixed)(test)) - plain
                    best = chosen(fit, auc, train, given[train], 2, seed=seed) if asked.choose else ""
                    row["chosen"], row["choice"] = (row[best] if best else 0.0), best or "none"
                    rows.append(row)
    table = pd.DataFrame(rows)
    if asked.out:
        table.to_csv(asked.out, index=False)
    report(table)


def report(table: pd.DataFrame) -> None:
    columns = [*EVERY, "chosen", "placebo"]
    by = table.groupby(["set", "learner", "noise"])[columns]
    mean, error = by.mean(), by.sem()
    print(mean.round(4).to_string())
    for column in columns:
        low, high = mean[column] - 2 * error[column], mean[column] + 2 * error[column]
        print(
            f"{column}: mean {mean[column].mean():+.4f}; above 0 (2 standard errors) in {(low > 0).sum()} of {len(mean)} "
            f"cells, below in {(high < 0).sum()}; mean above 0 in {(mean[column] > 0).sum()}"
        )
    print(table.choice.value_counts().to_string())


if __name__ == "__main__":
    main()
