"""The rate of wrong labels from the surest answers, and how sharp probabilities should be."""

import numpy as np
import pytest

from karat.quality.accuracy._anchors import (
    anchored,
    calibrating_power,
    ends,
    further,
    moved,
    scaled,
    sharpness,
    tilt,
)


@pytest.mark.parametrize("count", [0.1, 1.0, 2.5])
def test_tilted_doubts_sum_to_the_count_and_keep_their_order(count):
    doubts = np.array([0.1, 0.5, 0.9])
    out = moved(doubts, tilt(doubts, count))
    assert out.sum() == pytest.approx(count, rel=1e-6)
    assert (np.diff(out) > 0).all()
    odds = out / (1 - out)
    assert odds[1] / odds[0] == pytest.approx(9)  # every odds by the same factor
    assert odds[2] / odds[1] == pytest.approx(9)


def test_certain_doubts_can_be_tilted():
    doubts = np.array([0.0, 1.0])
    assert moved(doubts, tilt(doubts, 1.0)).sum() == pytest.approx(1.0, abs=1e-6)


def test_the_surest_of_each_predicted_class_anchor_the_rate():
    # 60 records of class 0: the surest 12 (a fifth) are looked at, of which the 3 surest contradict their label
    sureness = np.linspace(0.99, 0.6, 60)
    expected = np.column_stack([sureness, 1 - sureness])
    labels = np.array([1] * 3 + [0] * 57)
    flips, rate, seen = anchored(expected, np.zeros(60, np.int64), labels)
    assert seen == 12
    assert rate == pytest.approx(3.5 / 13)
    # class 0: 3 of 12, and fifteen records at the common rate; class 1, never predicted: the common rate alone
    assert flips[0, 1] == pytest.approx((3 + 15 * rate) / 27)
    assert flips[1, 0] == pytest.approx(rate)
    assert flips.sum(axis=1) == pytest.approx(1)


def test_of_a_small_class_ten_are_looked_at_and_all_of_a_smaller_one():
    expected = np.array([[0.9, 0.1]] * 30 + [[0.2, 0.8]] * 4)
    assert anchored(expected, expected.argmax(axis=1), np.zeros(34, np.int64))[2] == 14


def test_flips_are_scaled_up_to_nine_tenths():
    flips = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert scaled(flips, 2.0) == pytest.approx(np.array([[0.8, 0.2], [0.4, 0.6]]))
    assert scaled(flips, 100.0) == pytest.approx(np.array([[0.55, 0.45], [0.9, 0.1]]))
    assert scaled(np.eye(2), 3.0) == pytest.approx(np.eye(2))


def test_probabilities_too_sharp_or_too_flat_are_found_out():
    rng = np.random.default_rng(0)
    own = rng.uniform(0.5, 1, 4000)
    log = np.log(np.column_stack([own, 1 - own]))
    labels = (rng.random(4000) > own).astype(np.int64)
    honest = sharpness(log, labels, np.eye(2))
    assert honest == pytest.approx(1.0, rel=0.05)
    assert sharpness(log * 2, labels, np.eye(2)) == pytest.approx(0.5, rel=0.05)
    assert sharpness(log / 4, labels, np.eye(2)) == pytest.approx(4.0, rel=0.05)


def test_a_truth_sharper_than_its_labels_doubts_the_unsure_further():
    true = np.array([[0.6, 0.4], [0.0, 1.0], [0.4, 0.6]])
    own = true[:, 1]
    wrong = np.array([0.5, 0.0, 0.2])
    # of the first, squared and scaled: 0.16 / 0.52, which is 0.0923 less than 0.4, a share of 3/13
    assert further(true, own, wrong, 1.0) == pytest.approx([0.5 + 0.5 * 3 / 13, 0.0, 0.2])
    assert further(true, own, wrong, 0.5) == pytest.approx([0.5 + 0.25 * 3 / 13, 0.0, 0.2])


def test_the_ends_lie_on_either_side_of_the_rate():
    flips = np.array([[0.9, 0.1], [0.1, 0.9]])
    low, high = ends(flips, 0.1, 1000)
    # 1.2 standard errors of 100 wrong labels seen: 12 % less and more
    assert low[0, 1] == pytest.approx(0.088)
    assert high[0, 1] == pytest.approx(0.112)


def test_the_calibrating_power_undoes_what_was_sharpened():
    rng = np.random.default_rng(0)
    own = rng.uniform(0.5, 1, 4000)
    log = np.log(np.column_stack([own, 1 - own]))
    labels = (rng.random(4000) > own).astype(np.int64)
    assert calibrating_power(log, labels) == pytest.approx(1.0, rel=0.1)
    assert calibrating_power(log * 3, labels) == pytest.approx(1 / 3, rel=0.1)
