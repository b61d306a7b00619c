"""Four recommenders, full ranking at 10, 8:1:1 at random by user: python benchmarks/recommendation.py RATINGS.csv

A file of ratings with columns user, item, rating, time. The penalty of EASE is chosen on the validation part; every
learner is fitted on the training part alone, and items of training and validation are never shown.
"""

import sys
import time

import numpy as np
import pyarrow.csv
from scipy import sparse

from karat.evaluate.coverage import CatalogueCoverage
from karat.evaluate.hit_rate import top_items
from karat.evaluate.mrr import MRR
from karat.evaluate.ndcg import NDCG
from karat.evaluate.recall_at import RecallAtK
from karat.prepare.interaction_splits import random_per_user
from karat.train.als import ImplicitALS
from karat.train.bpr import BPR
from karat.train.ease import EASE
from karat.train.item_knn import ItemKNN

PENALTIES = np.geomspace(100, 1000, 8)
METRICS = (NDCG(), RecallAtK(), MRR(), CatalogueCoverage())


def histories(users, items, mask, shape):
    return sparse.csr_array((np.ones(mask.sum(), np.float32), (users[mask], items[mask])), shape=shape)


def validated(penalty, train, held):
    shown = top_items(EASE(penalty).fit(train).predict(train), train, 10)
    return NDCG().score(held, shown)


def main(path: str) -> None:
    table = pyarrow.csv.read_csv(path)
    users, items = (np.unique(table.column(at).to_numpy(), return_inverse=True)[1] for at in (0, 1))
    shape = (users.max() + 1, items.max() + 1)
    rows: dict[str, list[list[float]]] = {}
    for seed in range(5):
        part = random_per_user(users, seed)
        train, held, test = (histories(users, items, part == at, shape) for at in range(3))
        known = histories(users, items, part < 2, shape)
        clock = time.perf_counter()
        chosen = max(PENALTIES, key=lambda p: validated(p, train, held))
        spent = time.perf_counter() - clock
        for learner in (EASE(chosen), ItemKNN(), ImplicitALS(), BPR()):
            clock = time.perf_counter()
            model = learner.fit(train, None, seed)
            taken = time.perf_counter() - clock + (spent if isinstance(learner, EASE) else 0)
            known_rows = isinstance(learner, BPR)
            scores = model.predict_known(np.arange(shape[0])) if known_rows else model.predict(train)
            shown = top_items(scores, known, 10)
            rows.setdefault(learner.code(), []).append([*(m.score(test, shown) for m in METRICS), taken])
        popular = np.tile(np.asarray(train.sum(axis=0)).ravel(), (shape[0], 1))
        shown = top_items(popular, known, 10)
        rows.setdefault("popularity", []).append([*(m.score(test, shown) for m in METRICS), 0.0])
    print("| learner | NDCG@10 | sd over splits | recall@10 | MRR@10 | coverage@10 | slowest fit, s |")
    print("|---|---|---|---|---|---|---|")
    for name, held_rows in rows.items():
        mean, spread = np.mean(held_rows, axis=0), np.std(held_rows, axis=0, ddof=1)[0]
        slowest = np.max(held_rows, axis=0)[-1]
        print(
            f"| {name} | {mean[0]:.4f} | {spread:.4f} | {mean[1]:.4f} | {mean[2]:.4f} | {mean[3]:.3f} | {slowest:.1f} |"
        )


if __name__ == "__main__":
    main(sys.argv[1])
