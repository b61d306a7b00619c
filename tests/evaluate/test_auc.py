import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from karat.evaluate.auc import AUC
from tests.evaluate._influence import derivative


def cases(k, seed=0, places=6):
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, 300)
    return truth, np.round(random.random((300, k)) + 0.4 * np.eye(k)[truth], places)


def test_against_scikit_learn_with_ties():
    for seed in range(5):
        truth, answer = cases(2, seed=seed, places=1)
        assert AUC().score(truth, answer) == pytest.approx(roc_auc_score(truth, answer[:, 1]), abs=1e-12)
    truth, answer = cases(4, places=1)
    answer = answer / answer.sum(1, keepdims=True)
    assert AUC().score(truth, answer) == pytest.approx(roc_auc_score(truth, answer, multi_class="ovr"), abs=1e-12)


def test_by_hand():
    answer = np.array([0.1, 0.4, 0.35, 0.8])
    assert AUC().score(np.array([0, 0, 1, 1]), np.column_stack([1 - answer, answer])) == 0.75
    assert AUC().score(np.array([0, 1]), np.full((2, 2), 0.5)) == 0.5


def test_a_class_that_is_absent_is_left_out():
    truth, answer = cases(3)
    wider = np.hstack([answer, np.zeros((len(answer), 1))])
    assert AUC().score(truth, wider) == AUC().score(truth, answer)
    assert np.isnan(AUC().score(np.zeros(3, int), np.full((3, 2), 0.5)))


@pytest.mark.parametrize("classes", [2, 3])
def test_a_record_s_influence_is_how_far_its_weight_moves_the_score(classes):
    rng = np.random.default_rng(classes)
    truth, answer = rng.integers(0, classes, 30), rng.dirichlet(np.ones(classes), 30)
    influence = AUC().influence(truth, answer)
    assert influence == pytest.approx(derivative(AUC(), truth, answer), abs=2e-3)
    assert influence.mean() == pytest.approx(0, abs=1e-12)
