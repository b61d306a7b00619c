from itertools import combinations
from math import factorial

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from karat.evaluate.shap_values import explain
from karat.train.additive_parts import linear_parts, tree_parts
from karat.train.boosted_trees import BoostedTrees
from karat.train.linear import Linear
from karat.train.naive import Naive
from karat.train.scorecard import Scorecard


def gapped(x):
    x = x.astype(np.float32)
    x[::7, 0] = np.nan
    return x


def test_parts_sum_to_the_log_odds_and_to_numbers():
    x, y = load_breast_cancer(return_X_y=True)
    x = gapped(x)
    model = BoostedTrees(trees=30).fit(x, y)
    told = explain(model, x, x.mean(0))
    assert told.margin == pytest.approx(model.trees.decision_function(x), abs=1e-9)
    assert told.base == pytest.approx(told.margin.mean())
    x, y = load_diabetes(return_X_y=True)
    model = BoostedTrees(trees=30).fit(gapped(x), y)
    assert explain(model, gapped(x), x.mean(0)).margin == pytest.approx(model.predict(gapped(x)))


def test_more_classes_have_a_margin_each():
    x, y = load_iris(return_X_y=True)
    model = BoostedTrees(trees=10).fit(gapped(x), y)
    margins = model.trees.decision_function(gapped(x))
    for code in range(3):
        assert explain(model, gapped(x), x.mean(0), code).margin == pytest.approx(margins[:, code], abs=1e-9)


def expectation(nodes, row, known, at=0):
    """What a tree says when only some features are known: the mean over training records that pass."""
    node = nodes[at]
    if node["is_leaf"]:
        return node["value"]
    if node["feature_idx"] in known:
        left = row[node["feature_idx"]] <= node["num_threshold"]
        return expectation(nodes, row, known, int(node["left"] if left else node["right"]))
    sides = [int(node["left"]), int(node["right"])]
    return sum(nodes[s]["count"] / node["count"] * expectation(nodes, row, known, s) for s in sides)


def test_against_the_definition():
    x, y = load_diabetes(return_X_y=True)
    x = x[:, :4].astype(np.float32)
    model = BoostedTrees(trees=3, share=1.0).fit(x, y)
    _, parts = tree_parts(x[:5], model.trees)
    for row in range(5):
        for feature in range(4):
            others = [k for k in range(4) if k != feature]
            total = 0.0
            for size in range(4):
                weight = factorial(size) * factorial(3 - size) / factorial(4)
                for some in combinations(others, size):
                    for stage in model.trees._predictors:
                        nodes = stage[0].nodes
                        with_it = expectation(nodes, x[row], {*some, feature})
                        total += weight * (with_it - expectation(nodes, x[row], set(some)))
            assert parts[row, feature] == pytest.approx(total, abs=1e-9)


def test_linear_models_and_columns_of_several_features():
    x, y = load_breast_cancer(return_X_y=True)
    x = ((x - x.mean(0)) / x.std(0)).astype(np.float32)
    model = Linear().fit(x, y)
    told = explain(model, x, x.mean(0))
    assert 1 / (1 + np.exp(-told.margin)) == pytest.approx(model.predict(x)[:, 1], abs=1e-6)
    by = told.by_column({"first": [0, 1], "rest": list(range(2, 30))})
    assert by["first"] + by["rest"] == pytest.approx(told.margin - told.base)
    assert not linear_parts(x, np.zeros(30), 1.0, x.mean(0))[1].any()
    assert explain(Naive().fit(x, y), x, x.mean(0)) is None


def test_a_scorecard_s_parts_sum_to_its_log_odds_crossed_tables_among_them():
    random = np.random.default_rng(0)
    x = random.choice([-1.0, 0.0, 1.0], (4_000, 4))
    margin = x[:, 0] - 1 + 1.5 * x[:, 2] * x[:, 3]
    model = Scorecard().fit(x, (random.random(4_000) < 1 / (1 + np.exp(-margin))).astype(int))
    assert model.crossed
    told = explain(model, x[:50], x.mean(0))
    assert told.margin == pytest.approx(model.margin(x[:50]))
    assert np.abs(told.parts[:, 1]).max() < 0.5 < np.abs(told.parts[:, 2]).max()
