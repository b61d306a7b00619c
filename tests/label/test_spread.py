import numpy as np
import pytest
from scipy import sparse

from karat.label._spread import DIMENSIONS, SAMPLE, compact, near_all


def test_few_dimensions_keep_their_cosines():
    rows = np.array([[3.0, 4.0], [4.0, 3.0], [0.0, 0.0]])
    spots = compact(sparse.csr_matrix(rows), 0)
    assert spots @ spots.T == pytest.approx(np.array([[1, 0.96, 0], [0.96, 1, 0], [0, 0, 0]]), abs=1e-6)
    assert spots.dtype == np.float32


def test_dense_items_are_measured_from_their_middle_and_gaps_stand_there():
    spots = compact(np.array([[10.0, 1.0], [12.0, 1.0], [np.nan, 1.0]]), 0)
    assert spots.tolist() == [[-1, 0], [1, 0], [0, 0]]


def test_many_dimensions_become_few_that_keep_what_varies():
    chance = np.random.default_rng(0)
    wide = chance.normal(size=(200, 5)) @ chance.normal(size=(5, 300))
    spots = compact(wide, 0)
    assert spots.shape == (200, DIMENSIONS)
    centred = wide - wide.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    assert spots @ spots.T == pytest.approx(unit @ unit.T, abs=1e-4)
    assert (compact(wide, 0) == spots).all()
    assert compact(sparse.csr_matrix(wide), 0).shape == (200, DIMENSIONS)
    assert compact(wide[:, :DIMENSIONS], 0).shape == (200, DIMENSIONS)


def test_nearness_is_the_mean_square_of_positive_cosines():
    half = np.float32(np.sqrt(0.5))
    spots = np.array([[1, 0], [half, half], [-1, 0]], np.float32)
    assert near_all(spots) == pytest.approx([(1 + 0.5) / 3, (0.5 + 1) / 3, 1 / 3])


def test_nearness_of_more_items_than_are_sampled():
    spots = np.zeros((SAMPLE + 10, 2), np.float32)
    spots[:, 0] = 1
    spots[-3:] = [0, 1]
    near = near_all(spots)
    assert near.shape == (SAMPLE + 10,)
    assert near[:-3] == pytest.approx(1, abs=2e-3)
    assert near[-3:] == pytest.approx(3 / SAMPLE, abs=2 / SAMPLE)
    assert (near[-3:] > 0).all()
