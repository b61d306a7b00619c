"""Means of what records lose."""

from dataclasses import dataclass

import numpy as np
import pytest

from karat.core.registry import units
from karat.evaluate.mean_losses import Loss


@dataclass(frozen=True)
class Apart(Loss):
    """How far apart two numbers are, counted in whole steps."""

    def losses(self, truth, answer):
        return np.abs(np.round(answer) - truth)


def test_the_score_is_the_mean_of_the_losses_and_lower_is_better():
    assert Apart().score(np.array([1, 2, 3]), np.array([1.2, 3.9, 3])) == pytest.approx(2 / 3)
    assert Apart.sign == -1
    assert "Loss" not in units("metric")


def test_what_records_add_is_their_loss_beside_the_mean():
    np.testing.assert_allclose(Apart().influence(np.array([1, 2, 3]), np.array([1, 5, 3])), [-1, 2, -1])
