"""Longer numbers that begin with shorter ones, by nature and by accident."""

import numpy as np
import pytest

from karat.quality.accuracy._code_levels import code_levels

CITIES = np.array(
    [110000 + 10000 * a + 100 * b for a in (*range(5), *range(10, 13), *range(20, 27), 30, 32) for b in range(12)],
    float,
)


@pytest.mark.parametrize(
    ("shorter", "longer", "repeats", "are"),
    [
        (CITIES, CITIES[7:9] * 1000 + [101, 2], 0, True),
        (np.unique(CITIES // 10000), CITIES, 0, True),
        (CITIES, CITIES[7:9] * 1000, 0, False),  # a slip by a thousand ends in zeros
        (CITIES, (CITIES[7:9] + 1) * 1000 + 101, 0, False),  # begins with none of them
        (CITIES, CITIES[7:9] * 1000 + [101, 2], 100, False),  # a code stands for one thing
        (CITIES, CITIES[7:9] * 1000 + [101.5, 2], 0, False),
        (np.array([7, *CITIES]), CITIES[7:9] * 1000 + [101, 2], 0, False),  # of two lengths already
        (CITIES, CITIES[7:9] + 101, 0, False),  # no longer than the others
        (
            np.arange(1000.0, 1800),
            np.array([1234567.0, 1333444.0]),
            0,
            False,
        ),  # nearly all numbers are held: by accident
        (CITIES, np.array([-5.0]), 0, False),
    ],
)
def test_codes_continue_their_parents(shorter, longer, repeats, are):
    assert code_levels(shorter, longer, len(shorter) + len(longer) + repeats) is are
