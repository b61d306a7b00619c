"""Trees as large as the data asks, their mean, and how they are written and taken apart."""

import numpy as np
import pytest

from karat.train.boosted_trees import BoostedTrees, TreesModel
from karat.train.sized_trees import PARTS, SETTINGS, SizedTrees, _parts
from karat.train.tree_tables import TreeTables


def steps(size=1_500, seed=0):
    """One step decides: four leaves are plenty."""
    chance = np.random.default_rng(seed)
    features = chance.normal(size=(size, 5)).astype(np.float32)
    return features, (features[:, 0] + chance.normal(size=size) > 0).astype(np.int64)


def board(size=2_500, seed=0):
    """A chessboard of two columns: few leaves see nothing of it."""
    chance = np.random.default_rng(seed)
    features = chance.random((size, 4)).astype(np.float32)
    field = (features[:, 0] * 5).astype(int) + (features[:, 1] * 5).astype(int)
    return features, np.where(chance.random(size) < 0.05, 1 - field % 2, field % 2).astype(np.int64)


def auc(truth, answer):
    from karat.evaluate.auc import AUC

    return AUC().score(truth, answer)


def test_the_size_of_trees_follows_the_data():
    plain, hard = (SizedTrees().fit(*make(), seed=0) for make in (steps, board))
    assert SETTINGS[plain.setting][0] < SETTINGS[hard.setting][0]
    assert plain.fits[0].n_iter_ < 100


def test_what_trees_of_a_fixed_size_miss_is_found():
    features, target = board()
    fresh, truth = board(seed=1)
    sized, fixed = (unit.fit(features, target, 0).predict(fresh) for unit in (SizedTrees(), BoostedTrees()))
    assert auc(truth, sized) > auc(truth, fixed) + 0.01


def test_chances_are_those_that_come_true():
    from karat.evaluate.calibration import calibration_error

    features, target = steps()
    fresh, truth = steps(4_000, seed=1)
    assert calibration_error(truth == 1, SizedTrees().fit(features, target, 0).predict(fresh)[:, 1]) < 0.05


def test_every_record_is_kept_back_once_and_rare_classes_never():
    target = np.repeat([0, 1, 2], [50, 30, 3])
    parts = _parts(target, PARTS, 0)
    assert (parts[target == 2] == -1).all()
    assert np.bincount(parts[target == 0]).tolist() == [13, 13, 12, 12]
    assert sorted(np.bincount(_parts(np.arange(9.0), PARTS, 0)).tolist()) == [2, 2, 2, 3]


def test_what_each_training_record_added_sums_to_the_answer():
    features, target = steps(300)
    learner = SizedTrees()
    model = learner.fit(features, target, 0)
    asked = features[:4]
    shares = learner.drivers(model, features, target, asked)
    baseline = TreeTables.mean([TreeTables.of(trees) for trees in model.fits]).baseline[0]
    margin = np.log(model.predict(asked)[:, 1] / model.predict(asked)[:, 0])
    assert np.allclose(shares.sum(axis=1) + baseline, margin, atol=1e-6)


def test_the_same_seed_gives_the_same_bits_and_weights_count():
    features, target = steps(300)
    one, other = (SizedTrees().fit(features, target, 3).predict(features) for _ in range(2))
    assert np.array_equal(one, other)
    weights = np.where(target == 1, 5.0, 1.0)
    assert (
        SizedTrees().fit(features, target, 3, weights=weights).predict(features)[:, 1].mean() > one[:, 1].mean() + 0.1
    )


def test_directions_are_kept():
    features, target = steps(600)
    model = SizedTrees(monotone=((0, -1),)).fit(features, target, 0)
    rising = np.repeat(features[:20], 9, axis=0)
    rising[:, 0] = np.tile(np.linspace(-2, 2, 9), 20)
    assert (np.diff(model.predict(rising)[:, 1].reshape(20, 9), axis=1) <= 1e-12).all()


@pytest.mark.parametrize("size", [1, 2, 60])
def test_of_few_records_trees_of_fixed_size_are_made(size):
    features, target = steps(size)
    model = SizedTrees(classes=2).fit(features, target, 0)
    assert isinstance(model, TreesModel)
    assert model.predict(features).shape == (size, 2)


def test_a_column_without_values_and_one_class_break_nothing():
    features, target = steps(200)
    features[:, 1] = np.nan
    assert np.isfinite(SizedTrees().fit(features, target, 0).predict(features)).all()
    assert SizedTrees(classes=2).fit(features, np.zeros(200, np.int64), 0).predict(features)[:, 0].min() == 1.0
