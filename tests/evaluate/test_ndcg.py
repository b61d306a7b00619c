import numpy as np
import pytest
from scipy import sparse

from karat.evaluate.hit_rate import top_items
from karat.evaluate.ndcg import NDCG


def held(*rows, items=6):
    out = np.zeros((len(rows), items), np.float32)
    for at, row in enumerate(rows):
        out[at, list(row)] = 1
    return sparse.csr_array(out)


def test_by_hand():
    truth, shown = held((0, 3), (1,)), np.array([[3, 2, 0], [2, 4, 5]])
    first = (1 + 1 / np.log2(4)) / (1 + 1 / np.log2(3))
    assert NDCG(3).score(truth, shown) == pytest.approx(first / 2)


def test_people_with_nothing_held_out_do_not_count():
    assert NDCG(2).score(held((0,), ()), np.array([[0, 1], [0, 1]])) == 1.0
    assert np.isnan(NDCG(2).score(held(()), np.array([[0, 1]])))


def test_known_items_are_not_shown_and_equal_scores_stand_in_order():
    scores = np.array([[1.0, 5.0, 1.0, 1.0]])
    assert top_items(scores, held((1,), items=4), 3).tolist() == [[0, 2, 3]]
    assert top_items(np.ones((1, 2)), held((0,), items=2), 3).tolist() == [[1, -1, -1]]
