import numpy as np
import pytest

from karat.evaluate.calibration import calibration_error, calibration_table


def test_bands_by_hand():
    table = calibration_table(np.array([False, True, True, True]), np.array([0.05, 0.15, 0.95, 1.0]))
    assert table["records"].to_pylist() == [1, 1, 2]
    assert table["came_true"].to_pylist() == [0, 1, 1]
    assert table["given"].to_pylist() == pytest.approx([0.05, 0.15, 0.975])
    assert table["from"].to_pylist() == pytest.approx([0, 0.1, 0.9])
    assert all(
        low <= share <= high
        for low, share, high in zip(*(table[n].to_pylist() for n in ("low", "came_true", "high")), strict=True)
    )


def test_error_is_small_only_for_honest_probabilities():
    random = np.random.default_rng(0)
    chance = random.random(20_000)
    truth = random.random(20_000) < chance
    assert calibration_error(truth, chance) < 0.02
    assert calibration_error(truth, chance**3) > 0.1
    assert calibration_error(np.array([True]), np.array([0.3])) == pytest.approx(0.7)
