"""The walk over bytes, on a model small enough to do by hand."""

import numpy as np

from karat.kernels.languages import scores


def test_scores_by_hand():
    moves = np.zeros((2, 256), np.uint32)
    moves[:, ord("a")] = 1  # state 1 is met after every "a"
    features = np.array([-1, 0], np.int32)
    weights = np.array([[1.0, -2.0]], np.float32)
    priors = np.array([0.5, 0.25], np.float32)
    data = np.frombuffer(b"banabzz", np.uint8)
    out, letters = scores(
        data, np.array([0, 4, 4, 7]), moves.ravel(), np.array([0, 1], np.uint16), features, weights, priors
    )
    two = np.log1p(2)
    np.testing.assert_allclose(out, [[0.5 + two, 0.25 - 2 * two], [0.5, 0.25], [0.5, 0.25]], rtol=1e-6)
    assert letters.tolist() == [[4, 1], [0, 0], [3, 3]]
