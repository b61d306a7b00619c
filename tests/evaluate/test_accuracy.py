import numpy as np
import pytest

from karat.evaluate.accuracy import Accuracy
from tests.evaluate._influence import derivative


def test_the_likeliest_class_counts_and_ties_go_to_the_first():
    answer = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5], [0.4, 0.6]])
    assert Accuracy().score(np.array([0, 1, 1, 0]), answer) == 0.5


@pytest.mark.parametrize("classes", [2, 3])
def test_a_record_s_influence_is_how_far_its_weight_moves_the_score(classes):
    rng = np.random.default_rng(classes)
    truth, answer = rng.integers(0, classes, 30), rng.dirichlet(np.ones(classes), 30)
    influence = Accuracy().influence(truth, answer)
    assert influence == pytest.approx(derivative(Accuracy(), truth, answer), abs=2e-3)
    assert influence.mean() == pytest.approx(0, abs=1e-12)
