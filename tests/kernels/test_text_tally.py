"""How often the longer words of a document stand in it."""

import numpy as np

from karat.kernels.text_tally import MOST_WORDS, SLOTS, empty_tally, tally, three_commonest


def test_the_three_commonest_are_added_up_and_the_table_is_empty_after_that():
    table = empty_tally.py_func()
    for key, times in ((7, 4), (8, 1), (9, 3), (10, 5), (11, 2)):
        for _ in range(times):
            tally(np.uint64(key), table)
    assert three_commonest(table) == 4 + 3 + 5
    assert three_commonest(table) == 0
    assert not table[1].any()


def test_words_that_meet_in_one_slot_are_told_apart_and_the_table_is_large_enough():
    table = empty_tally.py_func()
    for at in range(MOST_WORDS):
        tally(np.uint64(at * SLOTS + 5), table)
    tally(np.uint64(5), table)
    assert three_commonest(table) == 2 + 1 + 1
