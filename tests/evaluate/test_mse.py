import numpy as np
import pytest

from karat.evaluate.mse import MSE
from tests.evaluate._influence import derivative


def test_by_hand():
    assert MSE().score(np.array([1.0, 2.0]), np.array([1.0, 4.0])) == 2
    assert MSE.sign == -1
    assert MSE.tasks == {"regression"}


def test_a_record_s_influence_is_how_far_its_weight_moves_the_score():
    rng = np.random.default_rng(1)
    truth, answer = rng.normal(size=(2, 30))
    influence = MSE().influence(truth, answer)
    assert influence == pytest.approx(derivative(MSE(), truth, answer), abs=5e-3)
    assert influence.mean() == pytest.approx(0, abs=1e-12)
