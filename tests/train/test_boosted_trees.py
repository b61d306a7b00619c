import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import cross_val_score

from karat.evaluate.auc import AUC
from karat.evaluate.r2 import R2
from karat.train.boosted_trees import BoostedTrees
from karat.train.threads import one_thread


def folds(n):
    return [(np.flatnonzero(np.arange(n) % 5 != k), np.flatnonzero(np.arange(n) % 5 == k)) for k in range(5)]


def test_as_good_as_scikit_learn_out_of_the_box():
    x, y = load_breast_cancer(return_X_y=True)
    ours = np.mean([AUC().score(y[te], BoostedTrees().fit(x[tr], y[tr], 0).predict(x[te])) for tr, te in folds(len(y))])
    with one_thread():  # spinning threads of a small fit stand in each other's way
        theirs = cross_val_score(
            HistGradientBoostingClassifier(max_iter=60), x, y, cv=folds(len(y)), scoring="roc_auc"
        ).mean()
    assert ours >= theirs - 0.002


def test_gaps_carry_meaning():
    x = np.where(np.arange(400) % 2 == 0, np.nan, 1.0).astype(np.float32)[:, None]
    y = (np.arange(400) % 2).astype(int)
    assert (BoostedTrees().fit(x, y, 0).predict(x).argmax(1) == y).all()


def test_numbers():
    x, y = load_diabetes(return_X_y=True)
    scores = [R2().score(y[te], BoostedTrees().fit(x[tr], y[tr], 0).predict(x[te])) for tr, te in folds(len(y))]
    assert np.mean(scores) > 0.3


def test_classes_that_training_never_met_and_one_alone():
    x = np.arange(100, dtype=np.float32)[:, None]
    given = BoostedTrees(classes=3).fit(x, np.where(x[:, 0] > 50, 2, 0), 0).predict(x)
    assert given.shape == (100, 3)
    assert (given[:, 1] == 0).all()
    assert BoostedTrees(classes=2).fit(x, np.zeros(100, int), 0).predict(x[:1]).tolist() == [[1, 0]]


def test_cost_is_measured():
    x = np.random.default_rng(0).normal(size=(500, 3))
    cost = BoostedTrees().fit(x, (x[:, 0] > 0).astype(int), 0).cost
    assert cost["cpu_seconds"] > 0
    assert cost["peak_memory_bytes"] > 10_000_000
    assert cost["energy_joule"] == pytest.approx(15 * cost["cpu_seconds"])


def test_an_answer_that_may_only_rise_does():
    random = np.random.default_rng(0)
    x = random.normal(size=(600, 2)).astype(np.float32)
    y = (random.random(600) < 1 / (1 + np.exp(-x[:, 0] * (x[:, 0] < 1)))).astype(int)
    line = np.column_stack([np.linspace(-3, 3, 200), np.zeros(200)]).astype(np.float32)
    free = np.diff(BoostedTrees().fit(x, y).predict(line)[:, 1])
    held = np.diff(BoostedTrees(monotone=((0, 1),)).fit(x, y).predict(line)[:, 1])
    assert free.min() < -0.01
    assert held.min() >= 0
    assert held.sum() > 0.3


def test_a_feature_that_training_never_met_says_nothing():
    random = np.random.default_rng(0)
    x = random.normal(size=(300, 3)).astype(np.float32)
    x[:, 1] = np.nan
    model = BoostedTrees().fit(x, x[:, 0].astype(np.float64))
    met = x.copy()
    met[:, 1] = 5.0
    assert model.predict(met).tolist() == model.predict(x).tolist()
    assert np.corrcoef(model.predict(x), x[:, 0])[0, 1] > 0.9


def test_weights_move_the_fit_but_not_the_bins():
    random = np.random.default_rng(0)
    x = random.normal(size=(600, 3)).astype(np.float32)
    y = (x[:, 0] + random.normal(size=600) > 0).astype(int)
    heavy = np.where(x[:, 1] > 0, 3.0, 0.5)
    plain, one, other = (BoostedTrees().fit(x, y, 0, weights=w) for w in (None, np.ones(600), heavy))
    assert np.array_equal(plain.predict(x), one.predict(x))
    assert not np.array_equal(plain.predict(x), other.predict(x))
    assert type(other.trees) is HistGradientBoostingClassifier
    bins = [model.trees._bin_mapper.bin_thresholds_ for model in (plain, other)]
    assert all(np.array_equal(a, b) for a, b in zip(*bins, strict=True))
