"""Errors expected to be left: what checks claim, moved by what people find."""

import numpy as np
import pytest

from karat.show.review.estimate import ErrorEstimate


def test_before_anybody_decides_it_is_what_the_checks_claim():
    held = ErrorEstimate.of(np.array([0, 0, 1]), np.array([0.9, 0.7, 0.5]), 2)
    assert held.left()[0] == pytest.approx(2.1)
    assert held.decided == 0


def test_what_people_find_moves_the_claim_and_the_interval_narrows():
    checks, sure = np.zeros(1000, int), np.full(1000, 0.9)
    held = ErrorEstimate.of(checks, sure, 1)
    _, low, high = held.left()
    for at in range(300):
        held.move(0, 0.9, was=None, now=at % 2 == 0)
    middle, low_after, high_after = held.left()
    assert middle / 700 == pytest.approx((25 * 0.9 + 150) / 325)
    assert high_after - low_after < high - low


def test_an_answer_taken_back_leaves_no_trace():
    held = ErrorEstimate.of(np.array([0, 1]), np.array([0.9, 0.6]), 2)
    before = held.left()
    held.move(0, 0.9, was=None, now=True)
    held.move(0, 0.9, was=True, now=False)
    held.move(0, 0.9, was=False, now=None)
    assert held.left() == pytest.approx(before)


def test_a_part_is_estimated_from_its_own_open_cases():
    held = ErrorEstimate.of(np.array([0, 0, 1]), np.array([0.9, 0.9, 0.5]), 2)
    assert held.left(np.array([0, 1]))[0] == pytest.approx(0.5)


def test_the_curve_stays_small_and_keeps_its_ends():
    held = ErrorEstimate.of(np.zeros(20_000, int), np.full(20_000, 0.5), 1)
    for _ in range(9_000):
        held.move(0, 0.5, was=None, now=True)
        held.mark()
    assert len(held.points) <= 4_000
    assert held.points[0] == (0, 10_000.0)
    assert held.points[-1][0] == 9_000
