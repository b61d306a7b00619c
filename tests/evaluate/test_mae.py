import numpy as np
import pytest

from karat.evaluate.mae import MAE
from tests.evaluate._influence import derivative


def test_by_hand():
    assert MAE().score(np.array([1.0, 2.0]), np.array([1.5, 0.5])) == 1
    assert MAE.sign == -1


def test_a_record_s_influence_is_how_far_its_weight_moves_the_score():
    rng = np.random.default_rng(1)
    truth, answer = rng.normal(size=(2, 30))
    influence = MAE().influence(truth, answer)
    assert influence == pytest.approx(derivative(MAE(), truth, answer), abs=5e-3)
    assert influence.mean() == pytest.approx(0, abs=1e-12)
