import numpy as np
import pytest
from sklearn.metrics import recall_score

from karat.evaluate.recall import Recall


def cases(k, seed=0, places=6):
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, 300)
    return truth, np.round(random.random((300, k)) + 0.4 * np.eye(k)[truth], places)


def test_against_scikit_learn():
    for k in (2, 4):
        truth, answer = cases(k)
        average = "binary" if k == 2 else "macro"
        assert Recall().score(truth, answer) == pytest.approx(recall_score(truth, answer.argmax(1), average=average))
