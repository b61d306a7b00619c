import numpy as np
from scipy import sparse

from karat.train.bpr import BPR
from tests.train._worlds import share_of_own_half, two_tastes


def test_it_shows_people_what_their_group_likes():
    histories, taste = two_tastes()
    model = BPR().fit(histories, None, seed=1)
    assert share_of_own_half(model, histories, taste) > 0.9
    assert model.cost["seconds"] > 0


def test_the_same_seed_gives_the_same_bits():
    histories, _ = two_tastes()
    one, other = (BPR().fit(histories, None, seed=3).predict(histories) for _ in range(2))
    assert np.array_equal(one, other)


def test_nobody_and_one_event_break_nothing():
    empty = sparse.csr_array((3, 4), dtype=np.float32)
    assert BPR().fit(empty, None, seed=0).predict(empty).shape == (3, 4)
    one = sparse.csr_array((np.ones(1, np.float32), ([0], [2])), shape=(1, 4))
    assert np.isfinite(BPR().fit(one, None, seed=0).predict(one)).all()
