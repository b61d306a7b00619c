import heapq

import numpy as np
import pytest

from karat.kernels.python_order import heap_added, heap_without_first, pairwise_sum, shuffled


@pytest.mark.parametrize("size", [0, 1, 7, 8, 100, 128, 129, 200, 255, 256])
def test_sums_are_those_of_numpy(size):
    values = np.random.default_rng(size).normal(size=(size, 3))[:, 0]  # strided: no other order of sums
    assert pairwise_sum(values) == values.sum()


def test_shuffles_are_those_of_numpy():
    ours, theirs = np.random.default_rng(5), np.random.default_rng(5)
    words, at = ours.bit_generator.random_raw(400).astype("<u8").view("<u4"), 0
    for size, count in [(20, 10), (5, 3), (1, 1), (2, 1), (40, 20), (16, 2), (17, 9)]:
        expected, dealt = np.zeros(size, bool), np.empty(size, bool)
        expected[:count] = True
        theirs.shuffle(expected)
        at = shuffled(dealt, count, words, at)
        assert (dealt == expected).all()


def test_words_that_are_too_few_come_again():
    dealt = np.empty(9, bool)
    assert shuffled(dealt, 4, np.array([1, 0, 2], np.uint32), 0) >= 8
    assert dealt.sum() == 4


def test_heaps_are_those_of_python():
    random = np.random.default_rng(0)
    ranks = random.integers(0, 5, 200).astype(float)  # many are equal

    class Item:
        def __init__(self, number):
            self.number = number

        def __lt__(self, other):
            return ranks[self.number] > ranks[other.number]

    heap, size, theirs = np.empty(200, np.int64), 0, []
    for number in range(200):
        size = heap_added(heap, size, number, ranks)
        heapq.heappush(theirs, Item(number))
        if random.random() < 0.4:
            first, size = heap_without_first(heap, size, ranks)
            assert first == heapq.heappop(theirs).number
    assert size == len(theirs) > 50
    assert heap[:size].tolist() == [item.number for item in theirs]
