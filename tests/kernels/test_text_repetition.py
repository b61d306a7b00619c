"""Repeated stretches against plain Python."""

from collections import Counter

import numpy as np
import pytest

from karat.kernels.text_columns import GRAMS, LONG_GRAMS
from karat.kernels.text_repetition import extend, mask_for, narrow, repetition, seen_before, sift, slot_of, walk


def table(room=64):
    return np.zeros(4 * room + 64, np.int64)


def test_a_key_is_known_by_its_first_place_within_a_round():
    slots, keys = table(), np.array([7, 9, 7, 7, 9], np.uint64)
    slots[0] = 1
    assert [seen_before(slots, keys, at, 15) for at in range(5)] == [-1, -1, 0, 0, 1]
    slots[0] = 2  # nothing has to be wiped
    assert [seen_before(slots, keys, at, 15) for at in (4, 1, 0)] == [-1, 4, -1]


def test_keys_of_one_slot_stand_behind_each_other():
    keys = np.arange(1, 17, dtype=np.uint64)
    slots = table()
    slots[0] = 1
    assert all(seen_before(slots, keys, at, 31) == -1 for at in range(16))
    assert [seen_before(slots, np.append(keys, keys), 16 + at, 31) for at in range(16)] == list(range(16))


@pytest.mark.parametrize(("count", "mask"), [(0, 15), (1, 15), (8, 15), (9, 31), (16, 31), (17, 63), (1000, 2047)])
def test_a_table_has_twice_the_room(count, mask):
    assert mask_for(count) == mask


def test_slots_lie_within_the_mask():
    slots = {slot_of(np.uint64(key), 63) for key in range(1, 300)}
    assert min(slots) >= 0
    assert max(slots) <= 63
    assert len(slots) > 50


def test_places_too_near_the_end_fall_away_as_grams_grow():
    hashes, keys = np.array([1, 2, 1, 2], np.uint64), np.array([1, 2, 1, 2], np.uint64)
    places = np.arange(4)
    assert extend(hashes, keys, places, 4, 4, 2) == 3
    assert places[:3].tolist() == [0, 1, 2]
    assert keys[0] == keys[2] != keys[1]
    assert extend(hashes, keys, places, 3, 4, 3) == 2


def test_the_sieve_lets_no_repeat_go():
    chance = np.random.default_rng(0)
    keys = np.concatenate([chance.integers(0, 2**63, 50), [5, 6, 5]]).astype(np.uint64)
    places = np.arange(53)
    left = sift(keys, places, 53, np.zeros(16 * 64, np.uint8))
    assert {50, 52} <= set(places[:left].tolist())
    assert left < 30
    assert places[:left].tolist() == sorted(places[:left].tolist())


def test_the_most_frequent_gram_is_noted_and_repeats_are_kept():
    keys = np.array([7, 9, 7, 8, 7, 9], np.uint64)
    ends = np.array([0, 1, 3, 6, 10, 15, 21, 28])
    places, times, out = np.arange(6), np.zeros(6, np.int64), np.zeros(13, np.int64)
    left = narrow(ends, 1, keys, places, times, 6, 2, table(), out)
    assert places[:left].tolist() == [0, 1, 2, 4, 5]
    assert out[1:3].tolist() == [(ends[2] + 1) * 3, 3]
    out[:] = 0
    narrow(ends, 1, keys, np.arange(6), times, 6, 5, table(), out)
    assert not out.any()  # of long grams the most frequent is not asked for


def test_repeats_are_walked_without_counting_a_character_twice():
    ends = np.arange(0, 40, 3)
    keys = np.array([7, 7, 7, 7, 9, 9], np.uint64)
    # the first is new, the second a repeat of two units: on behind it, the fourth is one, too, and takes the fifth along
    assert walk(ends, keys, np.arange(6), 6, 2, table()) == 2 * 6
    assert walk(ends, np.arange(1, 7, dtype=np.uint64), np.arange(6), 6, 2, table()) == 0


def measured(units, gap):
    """What the kernel says of units: their count, most frequent grams, repeated characters."""
    room = len(units) + 16
    codes = {unit: at + 1 for at, unit in enumerate(dict.fromkeys(units))}
    hashes = np.zeros(room, np.uint64)
    hashes[: len(units)] = [codes[unit] * 0x9E3779B97F4A7C15 % 2**64 for unit in units]
    ends = np.zeros(room, np.int64)
    ends[1 : len(units) + 1] = np.cumsum([len(unit) for unit in units])
    numbers = [np.zeros(room, np.int64) for _ in range(2)]
    out = np.zeros(13, np.int64)
    repetition(
        hashes,
        ends,
        len(units),
        gap,
        np.zeros(room, np.uint64),
        *numbers,
        table(room),
        np.zeros(16 * room + 64, np.uint8),
        out,
    )
    return out.tolist()


def plain(units, gap):
    out = [len(units)]
    for n in GRAMS:
        grams = Counter(tuple(units[at : at + n]) for at in range(len(units) - n + 1))
        top, times = grams.most_common(1)[0] if grams else ((), 0)
        out += [(len("".join(top)) + gap * (n - 1)) * times, times]
    for n in LONG_GRAMS:
        seen, repeated, at = set(), 0, 0
        while at + n <= len(units):
            gram = tuple(units[at : at + n])
            repeated += len("".join(gram)) if gram in seen else 0
            at += n if gram in seen else 1
            seen.add(gram)
        out.append(repeated)
    return out


@pytest.mark.parametrize("gap", [0, 1])
@pytest.mark.parametrize("vocabulary", [1, 2, 5, 60])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 11, 60, 400])
def test_repetition_is_what_plain_python_finds(vocabulary, size, gap):
    chance = np.random.default_rng([vocabulary, size])
    units = [f"{at:x}" * (1 + at % 3) for at in chance.integers(0, vocabulary, size)]
    assert measured(units, gap if size else 0) == plain(units, gap if size else 0)
