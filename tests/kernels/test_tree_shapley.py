"""Shapley values against every coalition worked out."""

from itertools import combinations
from math import factorial

import numpy as np
import pytest

from karat.kernels.tree_shapley import _add_leaf, add_tree, leaf_paths

# root: x0 <= 1 ? (x1 <= 5 ? leaf 10 : leaf 20) : (x0 <= 3 ? leaf 40 : leaf 80)
TREE = {
    "feature": np.array([0, 1, 0, 0, 0, 0, 0]),
    "threshold": np.array([1.0, 5.0, 3.0, 0, 0, 0, 0]),
    "missing_left": np.array([True, False, False, False, False, False, False]),
    "left": np.array([1, 3, 5, 0, 0, 0, 0]),
    "right": np.array([2, 4, 6, 0, 0, 0, 0]),
    "is_leaf": np.array([False, False, False, True, True, True, True]),
    "value": np.array([0.0, 0, 0, 10, 20, 40, 80]),
    "count": np.array([10.0, 6, 4, 2, 4, 3, 1]),
}


def expectation(record, known, node=0):
    """What the tree answers when only some features are known."""
    if TREE["is_leaf"][node]:
        return TREE["value"][node]
    feature, left, right = TREE["feature"][node], TREE["left"][node], TREE["right"][node]
    if feature in known:
        cell = record[feature]
        goes_left = TREE["missing_left"][node] if np.isnan(cell) else cell <= TREE["threshold"][node]
        return expectation(record, known, left if goes_left else right)
    share = TREE["count"][left] / TREE["count"][node]
    return share * expectation(record, known, left) + (1 - share) * expectation(record, known, right)


def shapley(record, features=3):
    out = np.zeros(features)
    for feature in range(features):
        others = [other for other in range(features) if other != feature]
        for size in range(features):
            for known in combinations(others, size):
                weight = factorial(size) * factorial(features - size - 1) / factorial(features)
                out[feature] += weight * (expectation(record, {*known, feature}) - expectation(record, known))
    return out


RECORDS = np.array(
    [[0.0, 5.0, 9.0], [1.0, 6.0, 0.0], [2.0, 0.0, 0.0], [3.0, 9.0, 1.0], [4.0, 1.0, 1.0], [np.nan, np.nan, 0.0]]
)


def test_a_tree_is_explained_as_all_coalitions_say():
    out = np.zeros(RECORDS.shape)
    expected = add_tree(out, RECORDS, **TREE)
    assert expected == pytest.approx((2 * 10 + 4 * 20 + 3 * 40 + 80) / 10)
    assert out == pytest.approx(np.array([shapley(record) for record in RECORDS]))
    answers = [10, 20, 40, 40, 80, 20]
    assert expected + out.sum(axis=1) == pytest.approx(answers)
    assert (out[:, 2] == 0).all()  # on no path


def test_trees_add_up():
    out = np.zeros(RECORDS.shape)
    add_tree(out, RECORDS, **TREE)
    once = out.copy()
    add_tree(out, RECORDS, **TREE)
    assert out == pytest.approx(2 * once)


def test_a_tree_of_one_leaf_explains_nothing():
    out = np.zeros((2, 1))
    leaf = {name: part[3:4] for name, part in TREE.items()} | {"is_leaf": np.array([True])}
    assert add_tree(out, np.zeros((2, 1)), **leaf) == 10
    assert not out.any()


def test_paths_lead_from_leaves_to_the_root():
    parent, is_left = leaf_paths(TREE["left"], TREE["right"], TREE["is_leaf"])
    assert parent.tolist() == [-1, 0, 0, 1, 1, 2, 2]
    assert is_left.tolist() == [False, True, False, True, False, True, False]


def test_a_leaf_of_three_features_shares_its_value_fairly():
    known, share = np.array([1.0, 0.0, 1.0]), np.array([0.5, 0.25, 0.2])
    out = np.zeros(3)
    _add_leaf(out, 8.0, known, share, np.array([2, 0, 1]), 3, np.zeros(65))

    def game(coalition):
        return 8 * np.prod([known[k] if k in coalition else share[k] for k in range(3)])

    for feature, column in enumerate((2, 0, 1)):
        others = [k for k in range(3) if k != feature]
        value = sum(
            factorial(size) * factorial(2 - size) / 6 * (game((*part, feature)) - game(part))
            for size in range(3)
            for part in combinations(others, size)
        )
        assert out[column] == pytest.approx(value)
