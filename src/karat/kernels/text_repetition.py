"""What is said twice: repeated stretches of 2 to 10 words, by hash, in tables of one document's size.

A stretch of n words that stands twice begins with a stretch of n - 1 that does, so each length looks only at the places
that the length before left over.
"""

from typing import Any

import numpy as np

from karat.kernels.text_columns import GRAMS, LONG_GRAMS
from karat.kernels.text_compiled import compiled

MIX = np.uint64(0x9E3779B97F4A7C15)
SPREAD = np.uint64(0xD6E8FEB86659FD93)
HALF = np.uint64(32)
SHORTEST, MIDDLE, LONGEST = GRAMS[0], GRAMS[-1], LONG_GRAMS[-1]


@compiled
def seen_before(slots: Any, keys: Any, at: int, mask: int) -> int:
    """The first place whose key is that of ``at``, or -1, whereupon ``at`` is that first place.

    ``slots`` begins with the count of rounds, then holds ``round_ << 32 | place``: those of an earlier round are free,
    so that nothing has to be wiped.
    """
    round_ = slots[0]
    key = keys[at] * SPREAD
    slot = np.int64(key ^ (key >> HALF)) & mask
    while True:
        entry = slots[slot + 1]
        if entry >> 32 != round_:
            slots[slot + 1] = (round_ << 32) | at
            return -1
        place = entry & 0xFFFFFFFF
        if keys[place] == keys[at]:
            return place
        slot = (slot + 1) & mask


@compiled
def mask_for(count: int) -> int:
    """One less than the size of a table for so many keys."""
    size = 16
    while size < 2 * count:
        size *= 2
    return size - 1


@compiled
def repetition(
    hashes: Any, ends: Any, count: int, gap: int, keys: Any, places: Any, times: Any, slots: Any, marks: Any, out: Any
) -> None:
    """Fill ``out`` with what stretches of units repeat.

    Parameters
    ----------
    hashes : ndarray of uint64
        One per unit, ``count`` of them.
    ends : ndarray of int64
        Characters up to and with each unit; ``ends[0]`` is 0, unit i lies between ``ends[i]`` and ``ends[i + 1]``.
    gap : int
        Characters between two units: 1 for words, 0 for characters.
    keys, places, times, slots : scratch
        As long as ``hashes``; ``slots`` four times as long, and its first entry counts the rounds.
    marks : scratch of uint8
        Sixteen times as long.
    out : ndarray of int64, zeros
        Units; characters and count of the most frequent 2-, 3- and 4-gram; characters of repeated 5- to 10-grams.
    """
    out[0] = count
    left = max(count - 1, 0)
    for at in range(left):
        places[at] = at
    for at in range(count):
        keys[at] = hashes[at]
    for size in range(SHORTEST, LONGEST + 1):
        left = extend(hashes, keys, places, left, count, size)
        if size == SHORTEST:
            left = sift(keys, places, left, marks)
        if size <= MIDDLE:
            if count >= size:
                out[1 + 2 * (size - SHORTEST)] = ends[size] + gap * (size - 1)
                out[2 + 2 * (size - SHORTEST)] = 1
        elif left:
            out[1 + 2 * len(GRAMS) + size - MIDDLE - 1] = walk(ends, keys, places, left, size, slots)
        if left:
            left = narrow(ends, gap, keys, places, times, left, size, slots, out)
        elif size > MIDDLE:
            return


@compiled
def extend(hashes: Any, keys: Any, places: Any, left: int, count: int, size: int) -> int:
    """Make the keys one unit longer; places too near the end fall away."""
    kept = 0
    for at in range(left):
        place = places[at]
        if place + size <= count:
            keys[place] = keys[place] * MIX + hashes[place + size - 1]
            places[kept] = place
            kept += 1
    return kept


@compiled
def sift(keys: Any, places: Any, left: int, marks: Any) -> int:
    """Keep the places whose keys may stand twice: most do not, and here no branch asks whether."""
    mask = mask_for(4 * left)
    for at in range(mask + 1):
        marks[at] = 0
    for at in range(left):
        slot = slot_of(keys[places[at]], mask)
        marks[slot] = (marks[slot] << 1) | 1
    kept = 0
    for at in range(left):
        place = places[at]
        places[kept] = place
        kept += marks[slot_of(keys[place], mask)] > 1
    return kept


@compiled
def slot_of(key: Any, mask: int) -> Any:
    """The slot of a key in a table."""
    spread = key * SPREAD
    return np.int64(spread ^ (spread >> HALF)) & mask


@compiled
def narrow(ends: Any, gap: int, keys: Any, places: Any, times: Any, left: int, size: int, slots: Any, out: Any) -> int:
    """Count each key, note the most frequent, and keep the places of those that stand twice."""
    slots[0] += 1
    mask = mask_for(left)
    for at in range(left):
        place = places[at]
        first = seen_before(slots, keys, place, mask)
        if first < 0:
            times[place] = 1
        else:
            times[place] = 0
            times[first] += 1
    best, most, kept = -1, 1, 0
    for at in range(left):
        place = places[at]
        if times[place] > most:
            best, most = place, times[place]
        if times[place] != 1:
            places[kept] = place
            kept += 1
    if size <= MIDDLE and best >= 0:
        out[1 + 2 * (size - SHORTEST)] = (ends[best + size] - ends[best] + gap * (size - 1)) * most
        out[2 + 2 * (size - SHORTEST)] = most
    return kept


@compiled
def walk(ends: Any, keys: Any, places: Any, left: int, size: int, slots: Any) -> int:
    """Characters in stretches that stood before, none counted twice: after one, go on behind it."""
    slots[0] += 1
    mask = mask_for(left)
    free, repeated = 0, 0
    for at in range(left):
        place = places[at]
        if place < free:
            continue
        if seen_before(slots, keys, place, mask) >= 0:
            repeated += ends[place + size] - ends[place]
            free = place + size
    return repeated
