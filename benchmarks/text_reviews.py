"""Character runs and a linear model on texts beside TF-IDF and a linear support vector machine by hand, same folds.

KARAT_DATA=FOLDER python benchmarks/text_reviews.py [SET …]

"segmented" are the words that jieba finds, where it is installed (PYTHONPATH=ITS_FOLDER), one and two in a row.
"""

import csv
import itertools
import os
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.character_ngrams import CharacterNgrams
from karat.train.linear import Linear

SETS = (
    ("zh-reviews/waimai.csv", 20_000),
    ("sms-spam/sms.csv", 20_000),
    ("zh-reviews/chnsenticorp.csv", 20_000),
    ("newsgroups/newsgroups.parquet", 2_000),
)
HOW = {
    "words": {},
    "characters": {"analyzer": "char", "ngram_range": (1, 3), "sublinear_tf": True},
    "segmented": {"analyzer": str.split, "sublinear_tf": True},
}


def read(path, most):
    if path.suffix == ".parquet":
        rows = pq.read_table(path).to_pylist()
        for row in rows:
            row["text"] = row["text"].split("\n\n", 1)[-1]  # the headers name the group
        return drawn(rows, "text", "label", most)
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    label = next(name for name in rows[0] if name.lower() in ("label", "class", "target"))
    text = next(name for name in rows[0] if name != label and name.lower() in ("text", "review", "message", "sms"))
    return drawn([row for row in rows if row[text]], text, label, most)


def drawn(rows, text, label, most):
    chosen = np.sort(np.random.default_rng(0).permutation(len(rows))[:most])
    return [rows[at][text] for at in chosen], np.unique([rows[at][label] for at in chosen], return_inverse=True)[1]


def segmented(texts):
    """Words and pairs of words, parted by blanks; none without jieba."""
    try:
        import jieba
    except ImportError:
        return None
    out = []
    for text in texts:
        words = [word for word in jieba.lcut(text) if word.strip()]
        out.append(" ".join([*words, *(f"{a}_{b}" for a, b in itertools.pairwise(words))]))
    return out


def main():
    for name, most in SETS:
        if sys.argv[1:] and not any(part in name for part in sys.argv[1:]):
            continue
        texts, labels = read(Path(os.environ["KARAT_DATA"]) / name, most)
        block = Block(np.arange(len(texts)), pa.table({"t": texts}), Schema((Column("t", Role.TEXT, "string"),)))
        folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(texts, labels))
        scores = {}
        cut = segmented(texts) if name.startswith("zh") else None
        for by in ("words", "characters", *(["segmented"] if cut else []), "karat"):
            held = cut if by == "segmented" else texts
            begun = time.perf_counter()
            answer = np.zeros(len(labels), int)
            for train, test in folds:
                if by == "karat":
                    fitted = CharacterNgrams("t").fit(block, train)
                    model = Linear().fit(fitted.apply(block, train), labels[train], 0)
                    answer[test] = model.predict(fitted.apply(block, test)).argmax(axis=1)
                    continue
                made = make_pipeline(TfidfVectorizer(**HOW[by]), LinearSVC())
                answer[test] = made.fit([held[at] for at in train], labels[train]).predict([held[at] for at in test])
            scores[by] = (f1_score(labels, answer, average="macro"), time.perf_counter() - begun)
        print(
            name,
            len(texts),
            "  ".join(f"{by} {f1:.4f} ({took:.0f} s)" for by, (f1, took) in scores.items()),
            flush=True,
        )


if __name__ == "__main__":
    main()
