"""What single records are worth: which ones mislead the model, and which ones carry it."""

from typing import Any

import numpy as np

from karat.core.block import Block
from karat.lift.recipe import HEADLINE, Recipe
from karat.prepare.features import Preparation
from karat.prepare.target import read_target

# cost: more vary less and take longer; benchmarks/lift_record_values.md measures the whole, chose nothing
TREES = 300
LEAF = 10  # unproven: larger leaves hear fewer wrong labels and see less detail
SURE_SHARE = 0.2  # unproven: fewer answers are surer, more vary less
MAX_VALUED = 4_000  # cost: time of the forest; of more records so many are drawn, the rest stays without a value
SHOWN = 20  # display: records at either end
NEIGHBOURS = 10  # unproven: fewer follow single records, more blur


def out_of_bag_values(features: np.ndarray, target: np.ndarray, seed: int = 0) -> tuple[np.ndarray, float]:
    """How probable each record's label is, by trees that never saw it, once the noise they learned from is taken out.

    Data-OOB asks how often the trees outside a record's bag agree with its label. Noisy labels pull that towards the
    middle for good and bad records alike; here leaves are kept large, the rate of wrong labels is read off the records
    that the trees are surest of, and the value is the probability that the given label is the true one.

    Parameters
    ----------
    features : ndarray of float, shape (n, d)
        Without NaN.
    target : ndarray of int, shape (n,)
        Class codes, 0 to k - 1.

    Returns
    -------
    values (n,) in [0, 1], low = misleading, and the estimated rate of wrong labels.

    Source: Kwon & Zou (2023), Data-OOB, ICML; Natarajan et al. (2013), Learning with noisy labels.
    """
    from sklearn.ensemble import RandomForestClassifier

    from karat.train.threads import one_thread

    present, codes = np.unique(target, return_inverse=True)
    leaf = max(1, min(LEAF, len(codes) // (10 * len(present))))
    with one_thread():
        forest = RandomForestClassifier(
            TREES, min_samples_leaf=leaf, bootstrap=True, oob_score=True, random_state=seed, n_jobs=1
        )
        seen = np.nan_to_num(forest.fit(features, codes).oob_decision_function_, nan=1 / len(present))
    wrong = _wrong_rate(seen, codes)
    others = wrong / (len(present) - 1)
    true = np.clip((seen - others) / max(1e-9, 1 - wrong - others), 0, None)
    true /= np.maximum(true.sum(1, keepdims=True), 1e-9)
    mine = true[np.arange(len(codes)), codes]
    # Ties at the ends are ordered by what the trees said.
    value = mine * (1 - wrong) / np.maximum(mine * (1 - wrong) + (1 - mine) * others, 1e-9)
    return value + 1e-6 * seen[np.arange(len(codes)), codes], wrong


def _wrong_rate(seen: np.ndarray, codes: np.ndarray) -> float:
    """The share of given labels that contradict the trees' surest answers, at most what still lets labels inform."""
    best = seen.argmax(1)
    sure = np.argsort(-seen.max(1), kind="stable")[: max(10, int(SURE_SHARE * len(codes)))]
    most = 1 - 1 / seen.shape[1]
    return float(np.clip((best[sure] != codes[sure]).mean(), 0.005, 0.8 * most))


def residual_values(features: np.ndarray, target: np.ndarray, seed: int = 0) -> np.ndarray:
    """For numbers: minus how far each lies from what trees that never saw it expect, in their usual error."""
    from sklearn.ensemble import RandomForestRegressor

    from karat.train.threads import one_thread

    with one_thread():
        forest = RandomForestRegressor(
            TREES, min_samples_leaf=3, bootstrap=True, oob_score=True, random_state=seed, n_jobs=1
        )
        away = np.abs(forest.fit(features, target).oob_prediction_ - target)
    return np.asarray(-away / max(1e-12, float(np.median(away))))


def knn_shapley(
    features: np.ndarray, target: np.ndarray, test: np.ndarray, truth: np.ndarray, neighbours: int = NEIGHBOURS
) -> np.ndarray:
    """Exact Shapley value (n,) of each training record for a nearest-neighbour classifier's accuracy on test records.

    Parameters
    ----------
    features, target : ndarray, shapes (n, d) and (n,)
    test, truth : ndarray, shapes (m, d) and (m,)

    Source: Jia et al. (2019), Efficient task-specific data valuation for nearest neighbor algorithms, VLDB.
    """
    n = len(target)
    total = np.zeros(n)
    squares = (features**2).sum(1)
    rank = np.arange(1, n)
    step = np.minimum(neighbours, rank) / rank / neighbours
    for start in range(0, len(test), 256):
        part = test[start : start + 256]
        order = np.argsort(squares - 2 * part @ features.T, axis=1, kind="stable")
        match = (target[order] == truth[start : start + 256, None]).astype(np.float64)
        value = np.empty_like(match)
        value[:, -1] = match[:, -1] / max(n, neighbours)
        gains = (match[:, :-1] - match[:, 1:]) * step
        value[:, :-1] = value[:, -1:] + np.cumsum(gains[:, ::-1], axis=1)[:, ::-1]
        np.add.at(total, order.ravel(), value.ravel())
    return np.asarray(total / max(1, len(test)))


def valued(block: Block, recipe: Recipe, seed: int) -> dict[str, Any]:
    """The most helpful and the most harmful records, for the certificate and for review."""
    target = read_target(block, recipe.classes)
    at = np.flatnonzero(~target.missing)
    at = at[np.argsort(block.keys[at], kind="stable")[:MAX_VALUED]]
    prepared = Preparation(recipe.schema, "linear").fit(block, at)
    features = prepared.apply(block, at)
    dense = features if isinstance(features, np.ndarray) else _narrow(features, seed)
    values = target.values[at]
    if recipe.classes:
        worth, wrong = out_of_bag_values(dense, values, seed)
        held_out = np.random.default_rng(seed).random(len(at)) < 0.3
        helpful = np.full(len(at), -np.inf)
        helpful[~held_out] = knn_shapley(dense[~held_out], values[~held_out], dense[held_out], values[held_out])
    else:
        worth, wrong, helpful = residual_values(dense, values, seed), None, None
    low = np.argsort(worth, kind="stable")[:SHOWN]
    summary: dict[str, Any] = {
        "valued": len(at),
        "learner": recipe.learners[HEADLINE].code(),
        "wrong_label_rate": wrong,
        "harmful": [{"row": int(block.rows[at[i]]), "value": float(worth[i])} for i in low],
    }
    if helpful is not None:
        high = np.argsort(-helpful, kind="stable")[:SHOWN]
        summary["helpful"] = [{"row": int(block.rows[at[i]]), "value": float(helpful[i])} for i in high]
    return summary


def _narrow(features: Any, seed: int) -> np.ndarray:
    """Sparse text features in 64 directions."""
    from sklearn.decomposition import TruncatedSVD

    size = max(1, min(64, features.shape[1] - 1))
    return np.asarray(TruncatedSVD(size, random_state=seed).fit_transform(features))
