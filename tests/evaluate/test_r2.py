import numpy as np
import pytest

from karat.evaluate.r2 import R2
from tests.evaluate._influence import derivative


def test_perfect_mean_and_worse():
    truth = np.array([1.0, 2.0, 3.0])
    assert R2().score(truth, truth) == 1
    assert R2().score(truth, np.full(3, 2.0)) == 0
    assert R2().score(truth, truth[::-1]) == -3
    assert np.isnan(R2().score(np.ones(3), truth))


def test_a_record_s_influence_is_how_far_its_weight_moves_the_score():
    rng = np.random.default_rng(1)
    truth, answer = rng.normal(size=(2, 30))
    influence = R2().influence(truth, answer)
    assert influence == pytest.approx(derivative(R2(), truth, answer), abs=0.01)
    assert influence.mean() == pytest.approx(0, abs=1e-12)
