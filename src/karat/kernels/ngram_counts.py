"""Counts of n-grams of all lengths up to one, as interpolated Kneser-Ney smoothing wants them, in one hash table.

An entry is one n-gram: how often it was seen (at full length, or at the beginning of a document) or after how many
different units it was seen (shorter); and as a context: how many units followed it, and how many different ones.
The key of a gram is the hash of its units from the last to the first, so that dropping the first one and adding a
unit at the front are both one step. Keys have 64 bits: two grams share one about once in 10**7 tables of 10**6.
"""

import numpy as np
from numba import njit

COUNT, TOTAL, DISTINCT = 0, 1, 2
START = np.uint64(0x9E3779B97F4A7C15)
STEP = np.uint64(0xD6E8FEB86659FD93)
EMPTY = np.uint64(1)  # the context without units
MAX_ORDER = 24  # cost: room for the longest grams
FULL = 0.6  # cost: beyond this share of used slots the table is made larger


@njit(cache=True, nogil=True)
def _longer(key: np.uint64, unit: np.uint64) -> np.uint64:
    """The key of a gram with one more unit at its front."""
    longer = (key ^ (unit + START)) * STEP
    longer ^= longer >> np.uint64(32)
    longer *= STEP
    longer ^= longer >> np.uint64(29)
    return longer | np.uint64(2)  # neither 0, which is a free slot, nor EMPTY


@njit(cache=True, nogil=True)
def _slot(keys: np.ndarray, key: np.uint64) -> int:
    mask = np.uint64(len(keys) - 1)
    place = (key >> np.uint64(7)) & mask
    while keys[place] != 0 and keys[place] != key:
        place = (place + np.uint64(1)) & mask
    return int(place)


@njit(cache=True, nogil=True)
def moved(old_keys: np.ndarray, old_values: np.ndarray, keys: np.ndarray, values: np.ndarray) -> None:
    """All entries into a larger, empty table.

    Parameters
    ----------
    old_keys, keys : uint64, shape (a power of two,); 0 is a free slot
    old_values, values : uint32, shape (slots, 3): COUNT, TOTAL, DISTINCT
    """
    for at in range(len(old_keys)):
        if old_keys[at]:
            place = _slot(keys, old_keys[at])
            keys[place] = old_keys[at]
            values[place] = old_values[at]


@njit(cache=True, nogil=True)
def count(  # noqa: C901  one pass: splitting it would cost the speed it is for
    units: np.ndarray,
    bounds: np.ndarray,
    first: int,
    order: int,
    keys: np.ndarray,
    values: np.ndarray,
    used: int,
    rare: np.ndarray,
) -> tuple[int, int]:
    """Count the grams of documents ``first`` and later until the table is full; returns the next document, slots used.

    Parameters
    ----------
    units : uint64, shape (n,)
        Each document begins with a unit that marks its beginning, which is never counted itself.
    bounds : int64, shape (documents + 1,)
    order : int
        Length of the longest grams, 1 to MAX_ORDER.
    rare : int64, shape (order + 1, 5); changed
        How many grams of a length have the count 1 to 4.
    """
    now, before = np.zeros(MAX_ORDER + 1, np.uint64), np.zeros(MAX_ORDER + 1, np.uint64)
    room = np.int64(FULL * len(keys))
    for document in range(first, len(bounds) - 1):
        begin, end = bounds[document], bounds[document + 1]
        if used > room or used + (order + 1) * (end - begin) >= len(keys):
            return document, used
        before[0] = now[0] = EMPTY
        for at in range(begin, end):
            most = min(order, at - begin + 1)
            key = START
            for size in range(1, most + 1):
                key = _longer(key, units[at - size + 1])
                now[size] = key
            if at > begin:
                for size in range(most, 0, -1):
                    place = _slot(keys, now[size])
                    if keys[place] == 0:
                        keys[place] = now[size]
                        used += 1
                    seen = values[place, COUNT]
                    values[place, COUNT] = seen + 1
                    if seen < 4:
                        rare[size, seen + 1] += 1
                    if 0 < seen <= 4:
                        rare[size, seen] -= 1
                    place = _slot(keys, before[size - 1])
                    if keys[place] == 0:
                        keys[place] = before[size - 1]
                        used += 1
                    values[place, TOTAL] += 1
                    if seen:
                        break
                    values[place, DISTINCT] += 1
            before[1 : most + 1] = now[1 : most + 1]
    return len(bounds) - 1, used


@njit(cache=True, nogil=True)
def bits(
    units: np.ndarray,
    bounds: np.ndarray,
    floor: np.ndarray,
    order: int,
    keys: np.ndarray,
    values: np.ndarray,
    discounts: np.ndarray,
    out: np.ndarray,
) -> None:
    """How many bits the model needs for each document.

    Parameters
    ----------
    floor : float64, shape (n,)
        The probability of a unit that no text has shown.
    discounts : float64, shape (order + 1,)
        What is taken from every count of a gram of a length, in [0, 1].
    out : float64, shape (documents,); written
    """
    now, before = np.zeros(MAX_ORDER + 1, np.int64), np.zeros(MAX_ORDER + 1, np.int64)
    empty = _slot(keys, EMPTY)
    for document in range(len(bounds) - 1):
        begin, end = bounds[document], bounds[document + 1]
        spent = 0.0
        before[0] = now[0] = empty
        for at in range(begin, end):
            most = min(order, at - begin + 1)
            key, chance, known = START, floor[at], True
            for size in range(1, most + 1):
                key = _longer(key, units[at - size + 1])
                place = _slot(keys, key)
                now[size] = place
                context = before[size - 1]
                known = known and keys[context] != 0 and values[context, TOTAL] > 0
                if known:
                    total, kinds = values[context, TOTAL], values[context, DISTINCT]
                    seen = values[place, COUNT] if keys[place] else np.uint32(0)
                    kept = max(seen - discounts[size], 0.0)
                    chance = (kept + discounts[size] * kinds * chance) / total
            if at > begin:
                spent -= np.log2(chance)
            before[1 : most + 1] = now[1 : most + 1]
        out[document] = spent
