import numpy as np
import pytest

from karat.evaluate.auc import AUC
from karat.evaluate.mse import MSE
from karat.evaluate.overfitting import gap


def test_better_on_what_it_has_seen_is_above_nought_for_both_signs():
    seen, held_out = np.array([0.9, 0.95, 0.92]), np.array([0.8, 0.83, 0.85])
    assert gap(seen, held_out, AUC(), 0.25).mean == pytest.approx(0.09667, abs=1e-4)
    assert gap(np.array([1.0, 1.1]), np.array([2.0, 2.3]), MSE(), 0.25).mean == pytest.approx(1.1)
