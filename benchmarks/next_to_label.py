"""What to label next against random choice and uncertainty: learning curves on six sets, 20 seeds, paired.

python benchmarks/next_to_label.py DATA [--seeds 20] [--sets sms]     (DATA: a folder with sms-spam, zh-reviews,
newsgroups, credit-default, adult-errors and mnist-test)
"""

import argparse
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from karat.label.next_to_label import next_items

POOL, TEST, START, STEP, END = 1500, 1500, 20, 20, 200


def sms(data: Path) -> tuple[Any, np.ndarray]:
    table = pd.read_csv(data / "sms-spam/sms.csv").drop_duplicates("text")
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True)
    return features.fit_transform(table.text), (table.label == "spam").to_numpy().astype(int)


def waimai(data: Path) -> tuple[Any, np.ndarray]:
    table = pd.read_csv(data / "zh-reviews/waimai.csv").drop_duplicates("text").dropna().sample(6000, random_state=0)
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    return features.fit_transform(table.text), table.label.to_numpy().astype(int)


def newsgroups(data: Path) -> tuple[Any, np.ndarray]:
    table = pd.read_parquet(data / "newsgroups/newsgroups.parquet").drop_duplicates("text").sample(4000, random_state=0)
    body = table.text.str.split("\n\n", n=1).str[-1].str.slice(0, 3000)
    features = TfidfVectorizer(min_df=3, sublinear_tf=True, max_features=20_000)
    return features.fit_transform(body), pd.factorize(table.label, sort=True)[0]


def credit(data: Path) -> tuple[Any, np.ndarray]:
    table = pd.read_csv(data / "credit-default/UCI_Credit_Card.csv").sample(8000, random_state=0)
    target = table.pop("default.payment.next.month").to_numpy()
    return StandardScaler().fit_transform(table.drop(columns="ID")), target


def adult(data: Path) -> tuple[Any, np.ndarray]:
    table = pd.read_csv(data / "adult-errors/clean.csv").iloc[:8000]
    target = pd.factorize(table.income, sort=True)[0]
    table = table.drop(columns=["income", table.columns[0]])
    numbers = list(table.select_dtypes("number").columns)
    others = [name for name in table if name not in numbers]
    made = make_column_transformer(
        (StandardScaler(), numbers),
        (OneHotEncoder(sparse_output=False, min_frequency=20, handle_unknown="infrequent_if_exist"), others),
    )
    return made.fit_transform(table), target


def mnist(data: Path) -> tuple[Any, np.ndarray]:
    with gzip.open(data / "mnist-test/t10k-images-idx3-ubyte.gz") as file:
        pictures = np.frombuffer(file.read()[16:], np.uint8).reshape(-1, 14, 2, 14, 2).mean((2, 4)).reshape(-1, 196)
    with gzip.open(data / "mnist-test/t10k-labels-idx1-ubyte.gz") as file:
        return pictures / 255, np.frombuffer(file.read()[8:], np.uint8).astype(int)


def score(truth: np.ndarray, said: np.ndarray, classes: int) -> float:
    """Macro F1."""
    parts = []
    for one in range(classes):
        both = (truth == one).sum() + (said == one).sum()
        parts.append(2 * ((truth == one) & (said == one)).sum() / both if both else 1.0)
    return float(np.mean(parts))


ARMS = ("random", "uncertainty", "next_items")


def curve(features: Any, target: np.ndarray, seed: int, arm: str) -> list[float]:
    """The score after every batch; the first batch of the other arms is drawn at random, the same for both."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(target))
    pool, test = np.sort(order[:POOL]), np.sort(order[POOL : POOL + TEST])
    classes = int(target.max()) + 1
    x, y = features[pool], target[pool]
    ours = arm == "next_items"
    asked = next_items(features=x, budget=START, seed=seed)["row"].to_numpy() if ours else rng.permutation(POOL)[:START]
    out = []
    while True:
        if len(np.unique(y[asked])) > 1:
            model = LogisticRegression(C=10, max_iter=200, tol=1e-3).fit(x[asked], y[asked])
            said = model.predict(features[test])
            expected = np.zeros((POOL, classes))
            expected[:, model.classes_] = model.predict_proba(x)
        else:
            said, expected = np.full(TEST, y[asked][0]), np.full((POOL, classes), 1 / classes)
        out.append(score(target[test], said, classes))
        if len(asked) >= END:
            return out
        left = np.setdiff1d(np.arange(POOL), asked)
        if ours:
            more = next_items(expected, x, STEP, labelled=asked, seed=seed)["row"].to_numpy()
            more = np.concatenate([more, rng.permutation(np.setdiff1d(left, more))[: STEP - len(more)]])
        elif arm == "uncertainty":
            highest = np.sort(expected[left], axis=1)
            shuffled = rng.permutation(len(left))  # ties by chance
            more = left[shuffled[np.argsort((highest[:, -1] - highest[:, -2])[shuffled], kind="stable")[:STEP]]]
        else:
            more = rng.permutation(left)[:STEP]
        asked = np.concatenate([asked, more])


SETS = {"sms": sms, "waimai": waimai, "newsgroups": newsgroups, "credit": credit, "adult": adult, "mnist": mnist}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    asked = parser.parse_args()
    print(f"| set | arm | {' | '.join(str(n) for n in range(START, END + 1, STEP))} | mean of curve |")
    print("|---" * (4 + (END - START) // STEP) + "|")
    for name in asked.sets:
        features, target = SETS[name](asked.data)
        curves = {arm: np.array([curve(features, target, seed, arm) for seed in range(asked.seeds)]) for arm in ARMS}
        for arm, lines in curves.items():
            print(f"| {name} | {arm} | {' | '.join(f'{v:.3f}' for v in lines.mean(axis=0))} | {lines.mean():.3f} |")
        for arm in ARMS[:2]:
            gain = curves["next_items"] - curves[arm]
            wide = 2.093 * gain.std(axis=0, ddof=1) / np.sqrt(asked.seeds)
            cells = [f"{m:+.3f} ± {w:.3f}" for m, w in zip(gain.mean(axis=0), wide, strict=True)]
            area = gain.mean(axis=1)
            half = 2.093 * area.std(ddof=1) / np.sqrt(asked.seeds)
            print(f"| {name} | above {arm} | {' | '.join(cells)} | {area.mean():+.3f} ± {half:.3f} |", flush=True)


if __name__ == "__main__":
    main()
