import numpy as np
import pytest
from sklearn.metrics import f1_score

from karat.evaluate.f1 import F1
from tests.evaluate._influence import derivative


def cases(k, seed=0, places=6):
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, 300)
    return truth, np.round(random.random((300, k)) + 0.4 * np.eye(k)[truth], places)


def test_against_scikit_learn():
    for k in (2, 4):
        truth, answer = cases(k)
        average = "binary" if k == 2 else "macro"
        assert F1().score(truth, answer) == pytest.approx(f1_score(truth, answer.argmax(1), average=average))


def test_by_hand():
    # 2 right of 3 called positive, of 4 that are: precision 2/3, recall 1/2.
    truth, called = np.array([1, 1, 1, 1, 0, 0]), np.array([1, 1, 0, 0, 1, 0])
    assert F1().score(truth, np.eye(2)[called]) == pytest.approx(4 / 7)


@pytest.mark.parametrize("classes", [2, 3])
def test_a_record_s_influence_is_how_far_its_weight_moves_the_score(classes):
    rng = np.random.default_rng(classes)
    truth, answer = rng.integers(0, classes, 30), rng.dirichlet(np.ones(classes), 30)
    influence = F1().influence(truth, answer)
    assert influence == pytest.approx(derivative(F1(), truth, answer), abs=2e-3)
    assert influence.mean() == pytest.approx(0, abs=1e-12)
