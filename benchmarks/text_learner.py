"""The headline learner on texts beside TF-IDF and logistic regression of scikit-learn, on the same folds.

    KARAT_DATA=FOLDER python benchmarks/text_learner.py [--folds 2] [--most 1500]

Rival: words for English, one and two characters for Chinese; both with scikit-learn's usual settings.
"""

import argparse
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.features import Preparation
from karat.train.linear import Linear

DATA = Path(os.environ["KARAT_DATA"])
SETS = {
    "sms": "sms-spam/sms.csv",
    "hotel reviews (zh)": "zh-reviews/chnsenticorp.csv",
    "orders (zh)": "zh-reviews/waimai.csv",
    "newsgroups": "newsgroups/newsgroups.parquet",
}
SCHEMA = Schema((Column("text", Role.TEXT), Column("y", Role.TARGET)), "classification")


def scores(truth: np.ndarray, said: np.ndarray) -> list[float]:
    """Accuracy, area under the ROC curve (one class against the rest), and log loss."""
    area = roc_auc_score(truth, said[:, 1]) if said.shape[1] == 2 else roc_auc_score(truth, said, multi_class="ovr")
    return [accuracy_score(truth, said.argmax(axis=1)), area, log_loss(truth, said)]


def compared(name: str, table: pd.DataFrame, folds: int) -> tuple[Any, Any]:
    """Mean scores over the folds, Karat's and the rival's."""
    texts = table["text"].astype(str).to_numpy(object)
    classes, code = np.unique(table["label"].astype(str), return_inverse=True)
    columns = {"text": pa.array(texts.tolist()), "y": pa.array(classes[code].tolist())}
    block = Block(np.arange(len(texts)), pa.table(columns), SCHEMA)
    ours, others = [], []
    for train, test in list(StratifiedKFold(5, shuffle=True, random_state=0).split(texts, code))[:folds]:
        prepared = Preparation(SCHEMA, "linear").fit(block, train)
        model = Linear(classes=len(classes)).fit(prepared.apply(block, train), code[train], 0)
        ours.append(scores(code[test], model.predict(prepared.apply(block, test))))
        rival = TfidfVectorizer(analyzer="char", ngram_range=(1, 2)) if "zh" in name else TfidfVectorizer()
        known = rival.fit_transform(texts[train])
        fitted = LogisticRegression(max_iter=200).fit(known, code[train])
        others.append(scores(code[test], fitted.predict_proba(rival.transform(texts[test]))))
    return np.mean(ours, axis=0), np.mean(others, axis=0)


def main() -> None:
    """Print a row a set."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--folds", type=int, default=2)
    asked.add_argument("--most", type=int, default=20_000)
    given = asked.parse_args()
    print("| texts | classes | accuracy, AUC, log loss | TF-IDF and logistic regression |\n|---|---|---|---|")
    for name, place in SETS.items():
        path = DATA / place
        table = (pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)).dropna()
        table = table.sample(min(len(table), given.most), random_state=0)
        ours, others = compared(name, table, given.folds)
        told = [" · ".join(f"{value:.4f}" for value in part) for part in (ours, others)]
        print(f"| {name}, {len(table):,} | {table['label'].nunique()} | {told[0]} | {told[1]} |", flush=True)


if __name__ == "__main__":
    main()
