"""Each record counts as far as its label is probable."""

import numpy as np
import pytest

from karat.label.label_weights import LEAST, label_weights


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(0)
    truth = (rng.random(1200) < 0.4).astype(np.int64)
    score = 2.5 * (2 * truth - 1) + rng.normal(0, 1.5, 1200)
    turned = (truth == 0) & (rng.random(1200) < 0.3)
    second = 1 / (1 + np.exp(-score))
    return np.column_stack([1 - second, second]), np.where(turned, 1, truth), turned


def test_wrong_labels_weigh_less_and_every_class_keeps_its_total(world):
    expected, given, turned = world
    weights = label_weights(expected, given)
    assert weights[turned].mean() < 0.6 * weights[~turned].mean()
    assert weights.min() >= LEAST / 2
    assert np.bincount(given, weights) == pytest.approx(np.bincount(given))


def test_where_the_model_knows_nothing_every_record_counts_one():
    rng = np.random.default_rng(1)
    labels, expected = rng.integers(0, 2, 300), rng.dirichlet([1, 1], 300)
    assert (label_weights(expected, labels) == 1).all()


def test_labels_of_a_class_too_rare_to_judge_keep_their_weight(world):
    expected, given, _ = world
    three = np.column_stack([expected * 0.99, np.full(len(given), 0.01)])
    labels = given.copy()
    labels[:5] = 2
    assert label_weights(three, labels)[:5] == pytest.approx(1)
