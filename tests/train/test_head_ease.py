import numpy as np
from scipy import sparse

from karat.train.ease import EASE, MAX_ITEMS
from karat.train.head_ease import HeadEASE
from tests.train._worlds import share_of_own_half, two_tastes


def test_with_weights_for_all_items_it_is_ease():
    histories, _ = two_tastes()
    one, other = EASE(50.0).fit(histories), HeadEASE(50.0).fit(histories)
    assert np.allclose(one.predict(histories), other.predict(histories))


def test_items_beyond_the_head_come_last_and_the_popular_ones_first():
    histories, taste = two_tastes()
    counts = np.asarray(histories.sum(axis=0)).ravel()
    model = HeadEASE(50.0, most_items=20).fit(histories)
    scores = model.predict(histories)
    beyond = np.setdiff1d(np.arange(histories.shape[1]), model.head)
    assert counts[model.head].min() >= counts[beyond].max()
    assert scores[:, beyond].max() < scores[:, model.head].min()
    assert np.argmax(scores[0, beyond]) == np.argmax(counts[beyond])
    assert share_of_own_half(model, histories, taste) > 0.75  # half the catalogue has weights


def test_it_competes_only_where_the_catalogue_is_large():
    assert HeadEASE().competitors(MAX_ITEMS, 10) == ()
    assert len(HeadEASE().competitors(MAX_ITEMS + 1, 10)) > 1
    empty = sparse.csr_array((3, 4), dtype=np.float32)
    assert HeadEASE(most_items=2).fit(empty).predict(empty).shape == (3, 4)
