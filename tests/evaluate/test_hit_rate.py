import numpy as np
import pytest
from scipy import sparse

from karat.evaluate.hit_rate import hits, mean_of, top_items


def truth(*rows):
    return sparse.csr_array(np.array(rows, np.float32))


def test_hits_stand_where_what_is_shown_was_held_out():
    relevant = truth([1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1])
    hit, count = hits(relevant, np.array([[2, 1, 0], [0, 1, 2], [-1, 3, -1]]), 3)
    assert hit.tolist() == [[True, False, True], [False] * 3, [False, True, False]]
    assert count.tolist() == [2, 0, 1]


def test_only_the_first_places_are_looked_at():
    hit, _ = hits(truth([1, 0, 1]), np.array([[1, 2, 0]]), 2)
    assert hit.tolist() == [[False, True]]
    assert hits(truth([1, 0, 1]), np.array([[1, 2]]), 5)[0].shape == (1, 2)


def test_nothing_shown_hits_nothing_in_the_row_before():
    # -1 in the second row would be the key of the last item of the first
    hit, _ = hits(truth([0, 0, 1], [0, 0, 0]), np.array([[0], [-1]]), 1)
    assert not hit.any()


def test_without_anything_held_out_there_are_no_hits():
    hit, count = hits(truth([0, 0], [0, 0]), np.array([[0, 1], [1, 0]]), 2)
    assert not hit.any()
    assert count.tolist() == [0, 0]


def test_the_mean_is_over_people_who_have_something_held_out():
    assert mean_of(np.array([1.0, 0.5, 0.0]), np.array([2, 1, 0])) == 0.75
    assert np.isnan(mean_of(np.array([1.0]), np.array([0])))


def test_the_best_items_come_first_and_equal_ones_in_the_order_of_the_catalogue():
    scores = np.array([[1.0, 3.0, 2.0, 3.0], [5.0, 5.0, 5.0, 5.0]])
    shown = top_items(scores, truth([0, 0, 0, 0], [0, 0, 0, 0]), 3)
    assert shown.tolist() == [[1, 3, 2], [0, 1, 2]]


def test_of_equal_items_at_the_edge_the_first_are_shown():
    assert top_items(np.array([[1.0, 2.0, 1.0, 1.0]]), truth([0, 0, 0, 0]), 2).tolist() == [[1, 0]]


def test_what_a_person_has_met_is_left_out():
    known = truth([0, 1, 0, 0], [1, 1, 1, 0])
    shown = top_items(np.array([[1.0, 3.0, 2.0, 3.0], [9.0, 8.0, 7.0, 1.0]]), known, 2)
    assert shown.tolist() == [[3, 2], [3, -1]]


@pytest.mark.parametrize("k", [4, 6])
def test_more_places_than_items_stay_empty(k):
    shown = top_items(np.array([[1.0, 2.0, 3.0]]), truth([0, 0, 1]), k)
    assert shown.tolist() == [[1, 0] + [-1] * (k - 2)]


def test_a_long_catalogue_is_ranked_as_a_full_sort_ranks_it():
    chance = np.random.default_rng(0)
    scores = chance.integers(0, 20, (30, 200)).astype(float)
    wanted = np.argsort(-scores, axis=1, kind="stable")[:, :12]
    assert (top_items(scores.copy(), truth(*np.zeros((30, 200))), 12) == wanted).all()
