"""Signatures keep their promise: the share of equal minima is the Jaccard, and bands find what they should."""

import numpy as np
import pytest

from karat.clean.duplicate_pairs import bands_for
from karat.core.errors import OptionError
from karat.kernels.minhash import least, permutations


@pytest.mark.parametrize(("size", "apart"), [(18, 2), (90, 10), (900, 100)])
def test_the_share_of_equal_minima_is_the_jaccard(size, apart):
    factors, summands = permutations(125)
    chance = np.random.default_rng(size)
    one, other = np.empty(125, np.uint32), np.empty(125, np.uint32)
    equal, missed = [], 0
    for _ in range(400):
        values = chance.integers(0, 1 << 64, size + apart, np.uint64)
        least(values[:size], size, factors, summands, one)
        least(values[apart:], size, factors, summands, other)
        equal.append((one == other).mean())
        missed += not (one == other).reshape(25, 5).all(axis=1).any()
    assert abs(np.mean(equal) - (size - apart) / (size + apart)) < 0.01
    assert missed <= 2


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_bands_miss_next_to_nothing_at_the_threshold(threshold):
    bands, rows = bands_for(threshold)
    assert (1 - threshold**rows) ** bands <= 0.0005
    assert bands <= 64


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, float("nan")])
def test_a_threshold_outside_is_refused(threshold):
    with pytest.raises(OptionError, match="Jaccard"):
        bands_for(threshold)
