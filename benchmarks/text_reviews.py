"""Character runs and a linear model on texts beside TF-IDF and a linear support vector machine by hand, same folds.

KARAT_DATA=FOLDER python benchmarks/text_reviews.py
"""

import csv
import os
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.character_ngrams import CharacterNgrams
from karat.train.linear import Linear

SETS = (("zh-reviews/waimai.csv", 4_000), ("sms-spam/sms.csv", 3_000), ("zh-reviews/chnsenticorp.csv", 1_500))


def read(path, most):
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    label = next(name for name in rows[0] if name.lower() in ("label", "class", "target"))
    text = next(name for name in rows[0] if name != label and name.lower() in ("text", "review", "message", "sms"))
    rows = [row for row in rows if row[text]]
    chosen = np.sort(np.random.default_rng(0).permutation(len(rows))[:most])
    return [rows[at][text] for at in chosen], np.unique([rows[at][label] for at in chosen], return_inverse=True)[1]


def main():
    for name, most in SETS:
        texts, labels = read(Path(os.environ["KARAT_DATA"]) / name, most)
        block = Block(np.arange(len(texts)), pa.table({"t": texts}), Schema((Column("t", Role.TEXT, "string"),)))
        folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(texts, labels))
        scores = {}
        for by in ("words", "characters", "karat"):
            begun = time.perf_counter()
            answer = np.zeros(len(labels), int)
            for train, test in folds:
                if by == "karat":
                    fitted = CharacterNgrams("t").fit(block, train)
                    model = Linear().fit(fitted.apply(block, train), labels[train], 0)
                    answer[test] = model.predict(fitted.apply(block, test)).argmax(axis=1)
                    continue
                how = {"words": {}, "characters": {"analyzer": "char", "ngram_range": (1, 3), "sublinear_tf": True}}[by]
                made = make_pipeline(TfidfVectorizer(**how), LinearSVC())
                answer[test] = made.fit([texts[at] for at in train], labels[train]).predict([texts[at] for at in test])
            scores[by] = (f1_score(labels, answer, average="macro"), time.perf_counter() - begun)
        print(
            name,
            len(texts),
            "  ".join(f"{by} {f1:.4f} ({took:.0f} s)" for by, (f1, took) in scores.items()),
            flush=True,
        )


if __name__ == "__main__":
    main()
