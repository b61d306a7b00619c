import numpy as np
import pytest

from karat.kernels.keeper_selection import decide, keep, keep_all, keep_first, propose


def buckets(ids, size=4):
    return np.full(size, -1, np.int64), np.full(ids.shape, -1, np.int64)


def test_a_bucket_is_a_list_with_the_last_kept_first():
    ids = np.array([[0, 2], [0, -1], [0, 2]], np.int32)
    heads, nexts = buckets(ids)
    keep(0, ids, heads, nexts)
    keep_all(np.array([1, 2]), ids, heads, nexts)
    assert heads.tolist() == [2, -1, 2, -1]
    assert nexts.tolist() == [[-1, -1], [0, -1], [1, 0]]


SKETCH = np.array([[1, 1, 1], [1, 1, 2], [1, 1, 1], [1, 1, 1], [9, 9, 9]], np.uint8)
TOGETHER = np.array([[0, 1], [0, 1], [0, 1], [0, 1], [0, -1]], np.int32)


def proposed(least=2, most=9, room=9, texts=(3,)):
    heads, nexts = buckets(TOGETHER)
    keep_all(np.arange(3), TOGETHER, heads, nexts)
    out = np.full((room, 2), -1, np.int64)
    count, short = propose(np.array(texts), TOGETHER, heads, nexts, SKETCH, least, most, out)
    return out[: min(count, room)].tolist(), count, short


def test_a_text_is_put_beside_each_kept_one_of_its_buckets_once():
    assert proposed() == ([[2, 3], [1, 3], [0, 3]], 3, 0)
    assert proposed(least=3)[0] == [[2, 3], [0, 3]]
    assert proposed(texts=(4,))[0] == []
    assert proposed(texts=(4, 3))[1] == 3


def test_pairs_beyond_the_room_are_only_counted():
    assert proposed(room=1) == ([[2, 3]], 3, 0)


def test_a_text_with_too_many_others_is_cut_short_and_counted():
    assert proposed(most=3) == ([[2, 3], [1, 3], [0, 3]], 3, 0)
    assert proposed(most=2)[1:] == (3, 1)
    assert proposed(most=1)[1:] == (2, 1)


SETS = ([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 9], [7, 8], [1, 2, 3, 4, 9])


def decided(threshold=0.5, most=9, since=0, order=(0, 1, 2, 3, 4), ids=None, kept=(), least=0):
    ids = np.zeros((5, 1), np.int32) if ids is None else ids
    values = np.concatenate([np.array(SETS[text], np.uint64) for text in order])
    counts = np.array([len(SETS[text]) for text in order])
    begins = np.cumsum(counts) - counts
    heads, nexts = buckets(ids)
    for text in kept:
        keep(text, ids, heads, nexts)
    keeper, measure = np.zeros(len(order), np.int64), np.zeros(len(order))
    short = decide(
        np.array(order),
        since,
        ids,
        (heads, nexts),
        SKETCH,
        least,
        most,
        (values, begins, counts),
        threshold,
        (keeper, measure),
    )
    return keeper.tolist(), measure.tolist(), short


def test_a_text_goes_beside_the_most_alike_of_those_kept():
    keeper, measure, short = decided()
    # 1 is 0 again; 2 shares three of five with it; 4 shares four of five with 0 and has no other to go to
    assert keeper == [-1, 0, 0, -1, 0]
    assert measure == pytest.approx([0, 1, 3 / 5, 0, 4 / 5])
    assert short == 0


def test_the_threshold_is_enough_and_what_goes_stands_in_no_bucket():
    assert decided(threshold=0.6)[0] == [-1, 0, 0, -1, 0]
    keeper, measure, _ = decided(threshold=0.61)
    # 2 is kept: text 4 is as much like it (four of five) as like 0, and the earliest of equals stays
    assert keeper == [-1, 0, -1, -1, 0]
    assert measure[4] == pytest.approx(4 / 5)


def test_a_stronger_likeness_wins_over_an_earlier_text():
    keeper, _, _ = decided(threshold=0.61, order=(2, 0, 1))
    assert keeper == [-1, -1, 0]


def test_texts_of_other_buckets_or_alone_are_not_compared():
    ids = np.array([[0], [1], [0], [0], [-1]], np.int32)
    assert decided(ids=ids)[0] == [-1, -1, 0, -1, -1]


def test_sketches_that_do_not_agree_spare_the_comparison():
    assert decided(least=3)[0] == [-1, -1, 0, -1, -1]


def test_texts_compared_before_are_passed_over():
    # 0 stands in the bucket from before; the texts from 1 on are new
    assert decided(order=(1, 2, 4), since=1, kept=(0,))[0] == [-1, 1, 1]


def test_too_many_comparisons_are_counted():
    assert decided(threshold=1.01)[2] == 0
    assert decided(threshold=1.01, most=3)[2] == 1  # the last has four others
    assert decided(threshold=1.01, most=4)[2] == 0


def test_from_pairs_a_text_goes_only_beside_one_that_is_kept():
    later, earlier = np.array([1, 2, 2, 3, 3]), np.array([0, 0, 1, 0, 2])
    jaccard = np.array([0.9, 0.8, 0.99, 0.7, 0.95])
    keeper, measure = np.zeros(5, np.int64), np.zeros(5)
    keep_first(later, earlier, jaccard, keeper, measure)
    assert keeper.tolist() == [-1, 0, 0, 0, -1]
    assert measure.tolist() == [0, 0.9, 0.8, 0.7, 0]


def test_of_pairs_the_most_alike_wins_and_the_earliest_of_equals():
    keeper, measure = np.zeros(4, np.int64), np.zeros(4)
    keep_first(np.array([2, 2, 3, 3]), np.array([0, 1, 0, 1]), np.array([0.5, 0.5, 0.5, 0.6]), keeper, measure)
    assert keeper.tolist() == [-1, -1, 0, 1]
