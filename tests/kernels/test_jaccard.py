import numpy as np
import pytest

from karat.kernels.jaccard import components, cut_batches, matches, pair_up, resemblance, shared, sort_runs


def test_sketches_agree_place_by_place():
    sketch = np.array([[1, 2, 3, 4], [1, 9, 3, 9], [4, 3, 2, 1]], np.uint8)
    assert (matches(sketch, 0, 1), matches(sketch, 0, 0), matches(sketch, 0, 2)) == (2, 4, 0)


def test_the_members_of_each_bucket_are_sorted_apart():
    members = np.array([5, 3, 9, 2, 1, 0])
    sort_runs(members, np.array([0, 2, 2, 5, 6]))
    assert members.tolist() == [3, 5, 1, 2, 9, 0]


def pairs(band, bands, crowded, sketch, least=2, room=10):
    members = np.arange(len(bands))
    out = np.zeros((room, 2), np.int64)
    count = pair_up(members, np.array([0, len(members)]), band, bands, crowded, sketch, least, out)
    return out[:count].tolist()


SAME = np.ones((3, 3), np.uint8)
CALM = np.zeros(3, np.uint64)


def test_texts_of_a_bucket_whose_sketches_agree_enough_are_paired():
    sketch = np.array([[1, 1, 1], [1, 1, 2], [1, 2, 3]], np.uint8)
    bands = np.zeros((3, 1), np.int64)
    assert pairs(0, bands, CALM, sketch, least=2) == [[0, 1]]
    assert pairs(0, bands, CALM, sketch, least=1) == [[0, 1], [0, 2], [1, 2]]
    assert pairs(0, bands, CALM, sketch, least=3) == []


def test_a_pair_is_named_only_in_the_first_band_it_shares():
    bands = np.array([[7, 1, 4], [7, 1, 4], [8, 1, 4]])
    assert pairs(0, bands, CALM, SAME)[0] == [0, 1]
    assert pairs(1, bands, CALM, SAME) == [[0, 2], [1, 2]]
    assert pairs(2, bands, CALM, SAME) == []


def test_a_band_whose_bucket_is_too_large_does_not_count():
    bands = np.array([[7, 1, 4], [7, 1, 4], [8, 1, 4]])
    crowded = np.array([1, 1, 0], np.uint64)  # the first band of the first two
    assert pairs(1, bands, crowded, SAME) == [[0, 1], [0, 2], [1, 2]]
    crowded = np.array([2, 2, 2], np.uint64)  # the second band of all
    assert pairs(2, bands, crowded, SAME) == [[0, 2], [1, 2]]


def test_common_numbers_of_two_rising_lists():
    values = np.array([1, 3, 5, 7, 3, 4, 7, 9, 2], np.uint64)
    begins, counts = np.array([0, 4, 8]), np.array([4, 4, 1])
    assert shared(values, begins, counts, 0, 1) == 2
    assert shared(values, begins, counts, 0, 0) == 4
    assert shared(values, begins, counts, 1, 2) == 0
    out = np.zeros(3)
    resemblance(values, begins, counts, np.array([0, 0, 2]), np.array([1, 0, 1]), out)
    assert out.tolist() == pytest.approx([2 / 6, 1, 0])


def test_components_are_known_by_their_least_member():
    left, right = np.array([5, 1, 4, 3]), np.array([4, 6, 3, 7])
    assert components(8, left, right).tolist() == [0, 1, 2, 3, 3, 3, 1, 3]
    assert components(8, right[::-1], left[::-1]).tolist() == [0, 1, 2, 3, 3, 3, 1, 3]
    assert components(2, left[:0], right[:0]).tolist() == [0, 1]
    chain = np.arange(99)
    assert set(components(100, chain[::-1] + 1, chain[::-1]).tolist()) == {0}


def batches(left, right, weights, room):
    out = np.zeros(len(left), np.int64)
    count = cut_batches(np.array(left), np.array(right), np.array(weights), room, out)
    return count, out.tolist()


def test_pairs_are_cut_into_batches_of_limited_weight():
    # texts 0 and 1 weigh 3 together, with 2 it is 6, with 3 it would be 10
    assert batches([0, 0, 0], [1, 2, 3], [1, 2, 3, 4], 6) == (2, [0, 0, 1])
    assert batches([0, 0, 0], [1, 2, 3], [1, 2, 3, 4], 5) == (3, [0, 1, 2])
    assert batches([0, 0, 0], [1, 2, 3], [1, 2, 3, 4], 9) == (2, [0, 0, 1])
    assert batches([0, 0, 0], [1, 2, 3], [1, 2, 3, 4], 10) == (1, [0, 0, 0])
    assert batches([0, 0, 0], [1, 2, 3], [1, 2, 3, 4], 1) == (3, [0, 1, 2])


def test_a_text_weighs_once_in_a_batch_and_anew_in_the_next():
    assert batches([0, 0, 1], [1, 1, 0], [2, 2], 4) == (1, [0, 0, 0])
    # 0 and 1 weigh 4; 2 and 3 make a batch of 4, after which 0 and 1 weigh again
    assert batches([0, 2, 0, 0], [1, 3, 1, 1], [2, 2, 2, 2], 4) == (3, [0, 1, 2, 2])
