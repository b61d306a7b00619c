import numpy as np
import pytest

from karat.label.choosing import Contender
from karat.label.expectation import LabelEstimate
from karat.label.majority import Majority
from karat.label.verified_confidence import verified, wilson

NOTHING = LabelEstimate(np.zeros((0, 2)), np.zeros((0, 2, 2)), np.zeros(2))


def judged(right, said):
    right = np.array(right, bool)
    return Contender("m", Majority(), NOTHING, NOTHING.belief, right, np.zeros(len(right)), np.full(len(right), said))


def test_without_known_answers_nothing_is_verified():
    assert verified(judged([], 0.9)) == "not verified: fewer than 8 known answers; give some with --gold"


def test_confidence_is_verified_where_it_is_near_what_is_measured():
    assert verified(judged([1] * 27 + [0] * 3, 0.92)) == (
        "verified: right on 27 of 30 known items it had not seen, 0.90 [0.74, 0.97], where 0.92 was expected"
    )
    assert verified(judged([1] * 18 + [0] * 12, 0.9)).startswith("not verified: right on 18 of 30 known items")


def test_wilsons_interval():
    assert wilson(0.9, 30) == pytest.approx((0.744, 0.965), abs=1e-3)
