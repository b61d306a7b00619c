import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from karat.core.errors import OptionError
from karat.train.additive_parts import crossed_parts, linear_parts, tree_parts
from karat.train.crossings import Crossing
from karat.train.scorecard import ScorecardModel


def test_a_linear_margin_is_its_mean_and_each_distance_from_it():
    base, parts = linear_parts(np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([2.0, -1.0]), 0.5, np.array([1.0, 1.0]))
    assert base == 1.5
    assert parts.tolist() == [[0, -1], [4, 1]]


def data(size=200):
    chance = np.random.default_rng(0)
    features = chance.normal(size=(size, 3))
    features[::7, 1] = np.nan
    return features, features[:, 0] * 2 + np.nan_to_num(features[:, 1]) ** 2 + chance.normal(0, 0.1, size)


def test_parts_of_trees_sum_to_their_margin():
    features, target = data()
    trees = HistGradientBoostingRegressor(max_iter=8, max_leaf_nodes=6).fit(features, target)
    base, parts = tree_parts(features, trees)
    assert base + parts.sum(axis=1) == pytest.approx(trees.predict(features))
    assert np.abs(parts[:, 2]).mean() < np.abs(parts[:, 0]).mean() / 5
    assert base == pytest.approx(trees.predict(features).mean(), abs=1e-6)


def test_each_class_has_a_margin_of_its_own():
    features, target = data()
    codes = np.digitize(target, np.quantile(target, [0.3, 0.6]))
    trees = HistGradientBoostingClassifier(max_iter=5, max_leaf_nodes=5).fit(features, codes)
    margins = trees.decision_function(features)
    for output in range(3):
        base, parts = tree_parts(features, trees, output)
        assert base + parts.sum(axis=1) == pytest.approx(margins[:, output])


def test_categorical_splits_are_refused():
    chance = np.random.default_rng(0)
    features = chance.integers(0, 5, (100, 1)).astype(float)
    target = np.array([3.0, -2, 5, 0, 1])[features[:, 0].astype(int)]
    trees = HistGradientBoostingRegressor(max_iter=1, categorical_features=[0], min_samples_leaf=1).fit(
        features, target
    )
    with pytest.raises(OptionError, match="categorical"):
        tree_parts(features, trees)


def test_a_crossing_goes_to_its_two_columns_by_halves():
    crossing = Crossing(0, 2, np.array([0.0]), np.array([0.0]), np.array([[1.0, 2.0], [4.0, 8.0]]))
    model = ScorecardModel(np.array([1.0, 10.0, 100.0, 0.5]), -3.0, np.array([0, 1]), 2, (crossing,))
    base, parts = crossed_parts(np.array([[1.0, 1.0, -1.0], [0.0, 2.0, 1.0]]), model)
    assert base == -3.0
    # cells 4 and 2, weighed by a half
    assert parts.tolist() == [[1 + 1, 10, -100 + 1], [0 + 0.5, 20, 100 + 0.5]]
