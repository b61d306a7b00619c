import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes

from karat.train.boosted_trees import BoostedTrees
from karat.train.linear import Linear
from karat.train.training_drivers import leaves, linear_drivers, tree_drivers


def test_shares_of_the_training_records_sum_to_the_prediction():
    x, y = load_breast_cancer(return_X_y=True)
    x = x.astype(np.float32)
    x[::9, 2] = np.nan
    learner = BoostedTrees(trees=20)
    trees = learner.fit(x, y).trees
    shares = tree_drivers(trees, x, y, x[:10], learner.penalty, learner.rate)
    base = trees._baseline_prediction.ravel()[0]
    assert shares.shape == (10, len(x))
    assert shares.sum(1) + base == pytest.approx(trees.decision_function(x[:10]), abs=1e-5)


def test_numbers_and_where_records_end():
    x, y = load_diabetes(return_X_y=True)
    x = x.astype(np.float32)
    learner = BoostedTrees(trees=15)
    trees = learner.fit(x, y).trees
    shares = tree_drivers(trees, x, y, x[:10], learner.penalty, learner.rate)
    assert shares.sum(1) + trees._baseline_prediction.ravel()[0] == pytest.approx(trees.predict(x[:10]), rel=1e-6)
    nodes = trees._predictors[0][0].nodes
    counts = np.bincount(leaves(nodes, x), minlength=len(nodes))
    assert (counts == np.where(nodes["is_leaf"], nodes["count"], 0)).all()


def test_linear_models_by_the_representer_theorem():
    x, y = load_breast_cancer(return_X_y=True)
    x = ((x - x.mean(0)) / x.std(0)).astype(np.float32)
    model = Linear(strength=0.1).fit(x, y)
    shares = linear_drivers(model.weights[:, 0], float(model.bias[0]), x, y, x[:6], 0.1)
    assert shares.sum(1) + model.bias[0] == pytest.approx((x @ model.weights + model.bias)[:6, 0], abs=0.03)
