import numpy as np
import pytest

from karat.kernels.ngram_counts import COUNT, DISTINCT, EMPTY, START, TOTAL, _longer, _slot, bits, count, moved

BEGIN = 1000


def documents(*texts):
    units = [unit for text in texts for unit in (BEGIN, *(ord(sign) for sign in text))]
    bounds = np.cumsum([0, *(len(text) + 1 for text in texts)])
    return np.array(units, np.uint64), bounds


def counted(*texts, order=2, slots=1024, first=0):
    units, bounds = documents(*texts)
    keys, values = np.zeros(slots, np.uint64), np.zeros((slots, 3), np.uint32)
    rare = np.zeros((order + 1, 5), np.int64)
    following, used = count(units, bounds, first, order, keys, values, 0, rare)
    return keys, values, rare, following, used


def entry(keys, values, gram):
    if not gram:
        key = EMPTY
    else:
        key = START
        for unit in reversed(gram):
            key = np.uint64(_longer(key, np.uint64(unit if isinstance(unit, int) else ord(unit))))
    place = _slot(keys, key)
    return values[place].tolist() if keys[place] else None


def test_full_grams_are_counted_and_shorter_ones_by_the_units_before_them():
    keys, values, rare, following, used = counted("aba")
    # bigrams: ^a, ab, ba; unigrams by different units before: a behind ^ and b, b behind a
    assert entry(keys, values, (BEGIN, "a"))[COUNT] == 1
    assert entry(keys, values, "ab") == [1, 0, 0]
    assert entry(keys, values, "a") == [2, 1, 1]  # seen behind two; followed once, by one
    assert entry(keys, values, "b") == [1, 1, 1]
    assert entry(keys, values, ()) == [0, 3, 2]
    assert entry(keys, values, "bb") is None
    assert rare[1].tolist() == [0, 1, 1, 0, 0]
    assert rare[2].tolist() == [0, 3, 0, 0, 0]
    assert following == 1
    assert used == (keys > 0).sum() == 7  # three bigrams, a, b, the beginning, the empty context


def test_a_gram_seen_again_is_no_news_to_shorter_ones():
    keys, values, rare, *_ = counted("ab", "ab", "ab", "ab", "ab")
    assert entry(keys, values, "ab") == [5, 0, 0]
    assert entry(keys, values, "b")[COUNT] == 1
    assert entry(keys, values, "a")[TOTAL] == 5
    assert entry(keys, values, "a")[DISTINCT] == 1
    assert rare[2].tolist() == [0, 0, 0, 0, 0]  # beyond four none is rare
    assert rare[1].tolist() == [0, 2, 0, 0, 0]


def test_the_order_bounds_the_grams():
    keys, values, *_ = counted("abc", order=3)
    assert entry(keys, values, "abc") == [1, 0, 0]
    assert entry(keys, values, (BEGIN, "a", "b"))[COUNT] == 1
    keys, values, *_ = counted("abc", order=1)
    assert entry(keys, values, "ab") is None
    assert entry(keys, values, "a")[COUNT] == 1


def test_a_full_table_stops_between_documents_and_goes_on_in_a_larger_one():
    texts = ["abcdefgh", "ijklmnop", "qrstuvwx"]
    units, bounds = documents(*texts)
    keys, values, rare, following, used = counted(*texts, slots=32)
    assert following == 1
    larger_keys, larger_values = np.zeros(512, np.uint64), np.zeros((512, 3), np.uint32)
    moved(keys, values, larger_keys, larger_values)
    following, used = count(units, bounds, following, 2, larger_keys, larger_values, used, rare)
    whole_keys, whole_values, whole_rare, _, whole_used = counted(*texts, slots=512)
    assert (following, used) == (3, whole_used)
    assert sorted(larger_keys) == sorted(whole_keys)
    assert all(
        (larger_values[_slot(larger_keys, key)] == whole_values[_slot(whole_keys, key)]).all() for key in keys if key
    )
    assert (rare == whole_rare).all()


def test_keys_are_never_free_slots():
    assert int(_longer(START, np.uint64(0))) > 1
    assert _longer(START, np.uint64(1)) != _longer(START, np.uint64(2))


def spent(text, *training, order=2, discount=0.5, floor=0.25):
    keys, values, *_ = counted(*training, order=order)
    units, bounds = documents(text)
    out = np.zeros(1)
    bits(units, bounds, np.full(len(units), floor), order, keys, values, np.full(order + 1, discount), out)
    return out[0]


def test_bits_are_those_of_interpolated_kneser_ney():
    # unigrams: a two of three, b one of three; two kinds. P(a) = (1.5 + 0.5·2·0.25)/3, P(b) = (0.5 + 0.25)/3
    a, b = 1.75 / 3, 0.75 / 3
    # bigrams: behind ^ always a, behind a always b, behind b always a: (0.5 + 0.5·1·P)/1
    assert spent("a", "aba") == pytest.approx(-np.log2(0.5 + 0.5 * a))
    assert spent("ab", "aba") == pytest.approx(-np.log2(0.5 + 0.5 * a) - np.log2(0.5 + 0.5 * b))
    assert spent("b", "aba") == pytest.approx(-np.log2(0.5 * b))
    unknown = 0.5 * 2 * 0.25 / 3
    assert spent("z", "aba") == pytest.approx(-np.log2(0.5 * unknown))
    # behind z nothing is known beyond the single units
    assert spent("za", "aba") == pytest.approx(-np.log2(0.5 * unknown) - np.log2(a))


def test_an_empty_model_knows_the_floor_alone():
    units, bounds = documents("ab", "")
    out = np.zeros(2)
    bits(
        units,
        bounds,
        np.full(len(units), 0.125),
        2,
        np.zeros(16, np.uint64),
        np.zeros((16, 3), np.uint32),
        np.full(3, 0.5),
        out,
    )
    assert out.tolist() == [6, 0]


def test_without_discounts_a_gram_has_its_share():
    assert spent("a", "ab", "ac", "b", order=2, discount=0.0) == pytest.approx(-np.log2(2 / 3))
