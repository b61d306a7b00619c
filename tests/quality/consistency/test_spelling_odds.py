"""How far a cell is from a value, and what a weight makes of a probability."""

import numpy as np
import pytest

from karat.quality.consistency._spelling_odds import raised, spelt


def test_typing_errors_and_other_writings_are_told_apart():
    typed, formed = spelt(["boston", "bostom", "BOSTON", None], ["boston"] * 4)
    assert typed[:2].tolist() == [0, 1]
    assert not formed[1]
    assert formed[2]
    assert not formed[3]


def test_a_weight_is_added_to_the_log_odds():
    share = np.array([0.2, 0.5, 0.9])
    assert raised(share, np.zeros(3)) == pytest.approx(share)
    assert raised(share, np.full(3, np.log(4.0))) == pytest.approx([0.5, 0.8, 36 / 37])
    assert np.isfinite(raised(np.array([0.0, 1.0]), np.array([50.0, -50.0]))).all()
