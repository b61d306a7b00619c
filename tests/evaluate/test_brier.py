import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from karat.evaluate.brier import Brier
from tests.evaluate._influence import derivative


def cases(k, seed=0, places=6):
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, 300)
    return truth, np.round(random.random((300, k)) + 0.4 * np.eye(k)[truth], places)


def test_by_hand_and_against_scikit_learn():
    assert Brier().score(np.array([1]), np.array([[0.75, 0.25]])) == pytest.approx(0.75**2)
    truth, answer = cases(2)
    answer = answer / answer.sum(1, keepdims=True)
    assert Brier().score(truth, answer) == pytest.approx(brier_score_loss(truth, answer[:, 1]))
    assert Brier().score(np.array([2]), np.array([[0.5, 0.0, 0.5]])) == pytest.approx(0.5)


@pytest.mark.parametrize("classes", [2, 3])
def test_a_record_s_influence_is_how_far_its_weight_moves_the_score(classes):
    rng = np.random.default_rng(classes)
    truth, answer = rng.integers(0, classes, 30), rng.dirichlet(np.ones(classes), 30)
    influence = Brier().influence(truth, answer)
    assert influence == pytest.approx(derivative(Brier(), truth, answer), abs=2e-3)
    assert influence.mean() == pytest.approx(0, abs=1e-12)
