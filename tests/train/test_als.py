import numpy as np
from scipy import sparse

from karat.train.als import ImplicitALS
from tests.train._worlds import share_of_own_half, two_tastes


def test_it_shows_people_what_their_group_likes():
    histories, taste = two_tastes()
    model = ImplicitALS().fit(histories, None, seed=1)
    assert share_of_own_half(model, histories, taste) > 0.9
    assert model.cost["seconds"] > 0


def test_the_same_seed_gives_the_same_bits():
    histories, _ = two_tastes()
    one, other = (ImplicitALS().fit(histories, None, seed=3).predict(histories) for _ in range(2))
    assert np.array_equal(one, other)


def test_nobody_and_one_event_break_nothing():
    empty = sparse.csr_array((3, 4), dtype=np.float32)
    assert ImplicitALS().fit(empty, None, seed=0).predict(empty).shape == (3, 4)
    one = sparse.csr_array((np.ones(1, np.float32), ([0], [2])), shape=(1, 4))
    assert np.isfinite(ImplicitALS().fit(one, None, seed=0).predict(one)).all()


def test_every_row_solves_its_own_normal_equations():
    histories, _ = two_tastes(people=12, items=9)
    model = ImplicitALS(factors=3, penalty=2.0, confidence=4.0, sweeps=2).fit(histories, None, seed=0)
    liked = histories.toarray()[5]
    weight = np.diag(1 + 4.0 * liked)
    gram = model.items.T @ weight @ model.items + 2.0 * np.eye(3)
    assert np.allclose(model.folded(histories)[5], np.linalg.solve(gram, model.items.T @ weight @ liked))
