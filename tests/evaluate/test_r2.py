import numpy as np

from karat.evaluate.r2 import R2


def test_perfect_mean_and_worse():
    truth = np.array([1.0, 2.0, 3.0])
    assert R2().score(truth, truth) == 1
    assert R2().score(truth, np.full(3, 2.0)) == 0
    assert R2().score(truth, truth[::-1]) == -3
    assert np.isnan(R2().score(np.ones(3), truth))
