import numpy as np
from scipy import sparse

from karat.train.ease import EASE
from tests.train._worlds import share_of_own_half, two_tastes


def test_it_shows_people_what_their_group_likes():
    histories, taste = two_tastes()
    model = EASE().fit(histories, None, seed=1)
    assert share_of_own_half(model, histories, taste) > 0.9
    assert model.cost["seconds"] > 0


def test_the_same_seed_gives_the_same_bits():
    histories, _ = two_tastes()
    one, other = (EASE().fit(histories, None, seed=3).predict(histories) for _ in range(2))
    assert np.array_equal(one, other)


def test_nobody_and_one_event_break_nothing():
    empty = sparse.csr_array((3, 4), dtype=np.float32)
    assert EASE().fit(empty, None, seed=0).predict(empty).shape == (3, 4)
    one = sparse.csr_array((np.ones(1, np.float32), ([0], [2])), shape=(1, 4))
    assert np.isfinite(EASE().fit(one, None, seed=0).predict(one)).all()


def test_the_weights_are_those_of_ridge_regression():
    histories, _ = two_tastes()
    dense = histories.toarray().astype(float)
    weights = EASE(penalty=7.0).fit(histories, None).weights
    others = np.delete(dense, 3, axis=1)
    ridge = np.linalg.solve(others.T @ others + 7.0 * np.eye(others.shape[1]), others.T @ dense[:, 3])
    assert np.allclose(np.delete(weights[:, 3], 3), ridge)
    assert weights[3, 3] == 0
