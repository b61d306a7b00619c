"""Record values: exact on a case by hand, and finding planted noise better than plain bagging."""

from itertools import combinations
from math import factorial

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

from karat.lift.data_values import knn_shapley, out_of_bag_values, residual_values, valued
from karat.lift.procedure import recipe_for
from tests.lift._planted import records


def brute(features: np.ndarray, target: np.ndarray, test: np.ndarray, truth: int, k: int) -> np.ndarray:
    """Shapley values from the definition."""
    n = len(target)

    def utility(some: tuple[int, ...]) -> float:
        near = sorted(some, key=lambda i: (float(((features[i] - test) ** 2).sum()), i))[:k]
        return sum(target[i] == truth for i in near) / k

    out = np.zeros(n)
    for i in range(n):
        for size in range(n):
            for some in combinations([j for j in range(n) if j != i], size):
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                out[i] += weight * (utility((*some, i)) - utility(some))
    return out


@pytest.mark.parametrize("neighbours", [1, 2, 3])
def test_knn_shapley_is_exact(neighbours: int) -> None:
    rng = np.random.default_rng(neighbours)
    features, target = rng.normal(size=(6, 2)), rng.integers(0, 2, 6)
    test = rng.normal(size=(1, 2))
    found = knn_shapley(features, target, test, np.array([1]), neighbours)
    assert found == pytest.approx(brute(features, target, test[0], 1, neighbours))


def test_planted_noise_lies_at_the_bottom() -> None:
    held = load_breast_cancer()
    rng = np.random.default_rng(0)
    bad = rng.random(len(held.target)) < 0.2
    labels = np.where(bad, 1 - held.target, held.target)
    worth, rate = out_of_bag_values(StandardScaler().fit_transform(held.data), labels)
    lowest = np.argsort(worth)[: bad.sum()]
    assert bad[lowest].mean() > 0.85
    assert rate == pytest.approx(0.2, abs=0.07)


def test_clean_labels_are_not_called_wrong() -> None:
    held = load_breast_cancer()
    worth, rate = out_of_bag_values(held.data, held.target)
    assert rate < 0.02
    assert (worth < 0.5).mean() < 0.08


def test_spoiled_numbers_lie_at_the_bottom() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 3))
    target = features @ [1.0, 2.0, 0.0]
    target[:10] += 15
    assert set(np.argsort(residual_values(features, target))[:10].tolist()) == set(range(10))


def test_for_the_certificate() -> None:
    dirty, clean = records(300, wrong=0.1)
    found = valued(dirty, recipe_for(dirty), 0)
    flipped = {
        row
        for row, a, b in zip(dirty.rows.tolist(), dirty.text("y").to_pylist(), clean.text("y").to_pylist(), strict=True)
        if a != b
    }
    harmful = {one["row"] for one in found["harmful"]}
    assert len(harmful & flipped) >= 12
    assert len(found["helpful"]) == 20
