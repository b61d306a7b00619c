"""What is believed of labels, where they are cut, and what is told of the cut."""

import math

import numpy as np
import pytest

from karat.quality.accuracy.label_beliefs import ALL_RIGHT, LabelBeliefs, best_cut, counted


def doubt(*beliefs, weights=None, credence=None):
    stacked = np.array(beliefs, float).reshape(len(beliefs), -1)
    even = np.full(len(beliefs), 1 / len(beliefs))
    weights = even if weights is None else np.array(weights, float)
    credence = even if credence is None else np.array(credence, float)
    return LabelBeliefs(weights @ stacked, stacked, weights, credence, np.zeros(stacked.shape[1], np.int64))


def test_what_is_stated_goes_by_credence():
    beliefs = np.array([[1.0, 0.0], [0.0, 0.5]])
    answer = LabelBeliefs(np.zeros(2), beliefs, np.array([1.0, 0.0]), np.array([0.25, 0.75]), np.zeros(2, np.int64))
    assert answer.stated.tolist() == [0.25, 0.375]


def test_the_cut_has_the_best_expected_f1_among_what_can_be_judged():
    # F1 of the first 1, 2, 3: 0.643, 0.895, 0.75
    suspects = doubt([0.9, 0.8, 0.1])
    assert best_cut(suspects) == 0.8
    assert best_cut(suspects, np.array([True, False, False])) == 0.9
    assert best_cut(suspects, np.zeros(3, bool)) == math.inf
    assert best_cut(doubt([])) == math.inf


def test_the_count_is_the_stated_and_its_interval_spans_the_beliefs_and_chance():
    suspects = doubt([1.0, 0.5, 0.5, 0.0], [1.0, 1.0, 1.0, 1.0], credence=[1, 0])
    noise = counted(suspects, np.array([True, True, False, False]))
    assert (noise.wrong, noise.labels, noise.flagged, noise.expected_precision) == (2, 4, 2, 0.75)
    assert noise.low == 0  # 2 less 1.645 √2 is below nothing
    assert noise.high == 4  # never more than there are
    assert noise.precision_low == pytest.approx(0.75 - 1.645 * math.sqrt(0.75 * 0.25 / 2))
    assert noise.precision_high == 1


def test_an_interval_away_from_its_bounds():
    suspects = doubt([0.5] * 100, [0.4] * 100, credence=[0.5, 0.5])
    noise = counted(suspects, np.arange(100) < 25)
    assert noise.wrong == pytest.approx(45)
    assert noise.low == pytest.approx(40 - 1.645 * math.sqrt(40))
    assert noise.high == pytest.approx(50 + 1.645 * math.sqrt(100 * 0.45 * 0.55))
    chance = 1.645 * math.sqrt(0.45 * 0.55 / 25)
    assert (noise.precision_low, noise.precision_high) == pytest.approx((0.4 - chance, 0.5 + chance))
    assert noise.expected_precision == pytest.approx(0.45)


def test_a_certain_set_still_leaves_a_tenth_to_chance():
    noise = counted(doubt([1.0] * 25), np.ones(25, bool))
    assert noise.precision_low == pytest.approx(1 - 1.645 * math.sqrt(0.09 / 25))
    noise = counted(doubt([0.0] * 25), np.ones(25, bool))
    assert noise.precision_high == pytest.approx(1.645 * math.sqrt(0.09 / 25))


def test_without_flags_no_precision_is_told():
    noise = counted(doubt([0.5, 0.5]), np.zeros(2, bool))
    assert all(math.isnan(part) for part in (noise.expected_precision, noise.precision_low, noise.precision_high))


def test_what_is_not_proven_may_be_nothing():
    suspects = doubt([0.5] * 100)
    flags = np.arange(100) < 25
    assert counted(suspects, flags).low > 30
    assert counted(suspects, flags, proven=False).low == 0
    assert not counted(suspects, flags, proven=False).proven
    silent = counted(suspects, np.zeros(100, bool), ALL_RIGHT)
    assert (silent.low, silent.reason, silent.proven) == (0, ALL_RIGHT, False)


def test_a_sample_stands_for_all():
    noise = counted(doubt([0.5] * 100), np.arange(100) < 25, "", 1000)
    assert (noise.wrong, noise.labels) == (500, 1000)
    unknown = counted(doubt([0.5] * 100), np.zeros(100, bool), "no model beats chance", 1000)
    assert math.isnan(unknown.wrong)
    assert (unknown.low, unknown.high) == (0, 1000)
