"""How often the longer words of a document stand in it: a small table that is emptied after each document."""

from typing import Any

import numpy as np

from karat.kernels.text_compiled import compiled

SLOTS = 1024  # cost: twice the words that are tallied, so that few of them meet
MOST_WORDS = 512  # cost: of a document, the first ones; a text that a few words fill shows it by then
LEAST_LETTERS = 4  # benchmark: text_signs.md: of a word that is tallied; shorter ones are mostly grammar
LAST_SLOT = np.uint64(SLOTS - 1)


@compiled
def empty_tally() -> Any:
    """Keys and counts by slot, and the slots in use, how many being the first of these."""
    return np.zeros(SLOTS, np.uint64), np.zeros(SLOTS, np.int64), np.zeros(MOST_WORDS + 1, np.int64)


@compiled
def tally(key: Any, table: Any) -> None:
    """Count a word once more."""
    keys, counts, used = table
    at = np.int64(key & LAST_SLOT)
    while counts[at] > 0 and keys[at] != key:
        at = (at + 1) & (SLOTS - 1)
    if counts[at] == 0:
        keys[at] = key
        used[0] += 1
        used[used[0]] = at
    counts[at] += 1


@compiled
def three_commonest(table: Any) -> int:
    """How often the three words that stand there most often do so together; the table is empty after that."""
    _, counts, used = table
    first = second = third = 0
    for place in range(1, used[0] + 1):
        count = counts[used[place]]
        counts[used[place]] = 0
        if count > first:
            first, second, third = count, first, second
        elif count > second:
            second, third = count, second
        elif count > third:
            third = count
    used[0] = 0
    return first + second + third
