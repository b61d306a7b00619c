import numpy as np
import pytest
from scipy.stats import ks_2samp

from karat.evaluate.gini import Gini
from karat.evaluate.ks import KS


def test_against_scipy_with_ties():
    random = np.random.default_rng(0)
    for places in (1, 8):
        truth = random.integers(0, 2, 400)
        given = np.round(np.clip(random.normal(0.4 + 0.2 * truth, 0.2), 0, 1), places)
        answer = np.column_stack([1 - given, given])
        assert KS().score(truth, answer) == pytest.approx(ks_2samp(given[truth == 1], given[truth == 0]).statistic)


def test_by_hand():
    truth, given = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    answer = np.column_stack([1 - given, given])
    assert KS().score(truth, answer) == 0.5
    assert Gini().score(truth, answer) == 0.5


def test_more_classes_say_nothing():
    assert np.isnan(KS().score(np.array([0, 1, 2]), np.eye(3)))
    assert np.isnan(Gini().score(np.array([0, 1, 2]), np.eye(3)))
    assert np.isnan(KS().score(np.zeros(3, int), np.eye(3)[:, :2]))
