import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from karat.train.threads import one_thread
from karat.train.tree_growth import fitted


def records(seed, n=700, d=9):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, d)).astype(np.float32)
    x[:, : d // 2] = np.round(x[:, : d // 2] * 2)
    x[random.random((n, d)) < 0.1] = np.nan
    z = np.nan_to_num(x[:, 0]) + np.nan_to_num(x[:, -1]) + random.normal(size=n)
    return x, z


def assert_same(one, other):
    assert np.array_equal(one._baseline_prediction, other._baseline_prediction)
    nodes = [[tree.nodes.tobytes() for stage in trees._predictors for tree in stage] for trees in (one, other)]
    assert nodes[0] == nodes[1]


OPTIONS = {
    "plain": {},
    "all features": {"max_features": 1.0},
    "few bins": {"max_bins": 31, "min_samples_leaf": 1, "l2_regularization": 0.0},
    "many leaves": {"max_leaf_nodes": 63, "min_samples_leaf": 2, "l2_regularization": 1.0},
    "bound": {"monotonic_cst": [1, 0, -1, 0, 0, 0, 0, 0, 1]},
}


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("target", ["two", "four", "numbers"])
def test_the_bits_are_those_of_scikit_learn(name, target):
    if target == "four" and name == "bound":
        target = "two"
    x, z = records(len(name))
    y = {"two": (z > 0).astype(int), "four": np.digitize(z, [-1, 0, 1]), "numbers": z}[target]
    kind = HistGradientBoostingRegressor if target == "numbers" else HistGradientBoostingClassifier
    options = {"max_iter": 8, "max_leaf_nodes": 12, "max_features": 0.5, "l2_regularization": 5.0, "random_state": 3}
    options |= {"early_stopping": False, **OPTIONS[name]}
    with one_thread():
        ours, theirs = fitted(kind(**options), x, y), kind(**options).fit(x, y)
        assert_same(ours, theirs)
        assert np.array_equal(ours.predict(x), theirs.predict(x))
    assert type(ours) is kind
    assert vars(ours).keys() == vars(theirs).keys()


def test_a_fit_that_stops_early_stops_where_scikit_learn_does():
    x, z = records(1)
    y = (z > 0).astype(int)
    options = {"max_iter": 60, "max_leaf_nodes": 12, "early_stopping": True, "n_iter_no_change": 5, "scoring": "loss"}
    unseen = {"X_val": x[500:], "y_val": y[500:]}
    with one_thread():
        ours = fitted(HistGradientBoostingClassifier(random_state=0, **options), x[:500], y[:500], **unseen)
        theirs = HistGradientBoostingClassifier(random_state=0, **options).fit(x[:500], y[:500], **unseen)
    assert 5 < ours.n_iter_ < 60
    assert_same(ours, theirs)
    assert np.array_equal(ours.validation_score_, theirs.validation_score_)


def test_bins_are_those_of_the_training_records_however_many_fits_share_them():
    x, z = records(2)
    y = (z > 0).astype(int)
    options = {"max_iter": 3, "max_leaf_nodes": 12, "early_stopping": False, "random_state": 0}
    with one_thread():
        for part in (slice(0, 350), slice(350, 700), slice(0, 350)):
            ours = fitted(HistGradientBoostingClassifier(**options), x[part], y[part])
            theirs = HistGradientBoostingClassifier(**options).fit(x[part], y[part])
            assert_same(ours, theirs)
        weights = np.linspace(0.1, 3, 700)
        one = fitted(HistGradientBoostingClassifier(**options), x, y, weights)
        other = fitted(HistGradientBoostingClassifier(**options), x, y)
    assert one._bin_mapper is other._bin_mapper
    assert not np.array_equal(one.predict_proba(x), other.predict_proba(x))


def test_another_release_of_scikit_learn_grows_its_own_trees_and_a_fit_that_fails_leaves_the_class(monkeypatch):
    x, z = records(3)
    options = {"max_iter": 3, "max_leaf_nodes": 12, "early_stopping": False, "random_state": 0}
    with one_thread():
        ours = fitted(HistGradientBoostingRegressor(**options), x, z)
        monkeypatch.setattr("sklearn.__version__", "1.7.2")
        theirs = fitted(HistGradientBoostingRegressor(**options), x, z)
    assert_same(ours, theirs)
    broken = HistGradientBoostingRegressor(**options)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        fitted(broken, x, z[:5])
    assert type(broken) is HistGradientBoostingRegressor
