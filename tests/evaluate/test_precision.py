import numpy as np
import pytest
from sklearn.metrics import precision_score

from karat.evaluate.precision import Precision


def cases(k, seed=0, places=6):
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, 300)
    return truth, np.round(random.random((300, k)) + 0.4 * np.eye(k)[truth], places)


def test_against_scikit_learn():
    for k in (2, 4):
        truth, answer = cases(k)
        average = "binary" if k == 2 else "macro"
        wanted = precision_score(truth, answer.argmax(1), average=average, zero_division=0)
        assert Precision().score(truth, answer) == pytest.approx(wanted)


def test_nothing_called_positive_is_nought():
    assert Precision().score(np.array([0, 1]), np.array([[0.9, 0.1], [0.9, 0.1]])) == 0
