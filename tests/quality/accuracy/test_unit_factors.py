"""Factors that lead numbers back among the others of their column."""

import numpy as np
import pytest

from karat.quality.accuracy._unit_factors import CONVERSIONS, SHIFTS, Slips, coarse, learned, near_the_grid, slack
from karat.quality.accuracy.number_shape import Shape


def shape(*numbers):
    values, counts = np.unique(
        np.concatenate([np.atleast_1d(part).astype(float) for part in numbers]), return_counts=True
    )
    return Shape(values, counts)


WEIGHTS = np.round(np.random.default_rng(7).normal(70, 9, 200), 1)
WHOLE = np.random.default_rng(8).integers(150, 200, 200)


def test_the_power_of_ten_that_a_number_is_a_multiple_of():
    assert coarse(np.array([12.5, 3, 0.25, 100, 1 / 3])) == pytest.approx([0.1, 1, 0.01, 1, 1e-9])


def test_half_of_the_last_digit_may_be_lost_by_printing():
    assert slack(np.array([12.5, 3.0, 1 / 3])) == pytest.approx([0.5e-4, 0.5e-5, 0.5e-9 + 1e-9 / 3], rel=0.01)
    assert slack(np.array([1_234_567.0]))[0] == pytest.approx(0.5, rel=0.01)


def test_a_number_of_few_digits_is_often_on_a_grid_by_accident():
    assert near_the_grid(np.array([12.5, 3]), 2.54) == pytest.approx([0.1001 / 2.54, 1.00001 / 2.54], rel=1e-3)
    assert near_the_grid(np.array([3.0]), 0.5) == 1


def factors(column):
    return [slip.factor for slip in learned(column)]


@pytest.mark.parametrize("factor", [1000.0, 100.0, 0.001])
def test_a_power_of_ten_leads_a_number_back(factor):
    (slip,) = learned(shape(WEIGHTS, 71 * factor))
    assert slip.factor == factor
    assert slip.confidence > 0.5
    assert slip.explains(np.array([71.0, 71 * factor, np.nan])).tolist() == [False, True, False]
    assert slip.reason.startswith("would be in the range of the other numbers, ")


def test_no_slip_in_a_clean_column_or_one_with_a_population_of_its_own():
    assert factors(shape(WEIGHTS)) == []
    assert factors(shape(WEIGHTS, 1000 * WEIGHTS[:11])) == []  # more than one in twenty
    assert set(factors(shape(WEIGHTS, 1000 * WEIGHTS[:3]))) == {1000.0}
    assert factors(shape(WEIGHTS, [70_000.0] * 9)) == [], "a number that repeats is a code"


def test_a_number_twice_as_large_is_none_by_a_power_of_ten():
    assert factors(shape(np.linspace(60, 80, 200).round(1), 200)) == []


def test_a_wrong_sign():
    (slip,) = learned(shape(WEIGHTS, -71.5, -64.2))
    assert (slip.factor, slip.low, slip.high, slip.confidence) == (-1.0, -71.5, -64.2, 0.8)
    assert factors(shape(WEIGHTS, -71.5, -64.2, -70)) == []  # three are the column's own
    assert factors(shape(WEIGHTS, -0.5)) == []


def test_inches_among_centimetres_break_the_grid():
    (slip,) = learned(shape(WHOLE, *(np.round(size * 0.393701, 4) for size in (165, 172, 181))))
    assert (slip.factor, slip.grid, slip.step, slip.confidence) == (0.393701, 1, 1, 0.95)
    assert slip.explains(np.array([np.round(160 * 0.393701, 4), 63.5, 63])).tolist() == [True, False, False]
    assert slip.rounded(164.9997) == 165
    assert "so it is with 3 numbers of the column" in slip.reason


def test_two_conversions_agree_one_alone_is_only_reported():
    two = learned(shape(WHOLE, *(np.round(size * 0.393701, 4) for size in (165, 172))))
    assert [slip.confidence for slip in two] == [0.8]
    lone = learned(shape(WHOLE, np.round(165 * 0.393701, 4)))
    assert [slip.confidence for slip in lone] == [0.6]
    assert factors(shape(WHOLE, 165.5)) == [], "half a centimetre is no conversion"


def test_off_the_grid_by_habit():
    halves = WHOLE[:60] * 0.393701
    assert factors(shape(WHOLE, np.round(halves, 4))) == []


def test_a_slip_without_a_step_is_not_rounded():
    slip = Slips(2.0, 4.0, 6.0, 0.0, 0.0, 0.5, "")
    assert slip.rounded(2.34567) == 2.34567
    assert slip.explains(np.array([3.9, 4.0, 6.0, 6.1])).tolist() == [False, True, True, False]


def test_each_factor_has_its_inverse():
    for factor in SHIFTS:
        assert any(other == pytest.approx(1 / factor) for other in SHIFTS)
        assert SHIFTS[factor] == next(SHIFTS[other] for other in SHIFTS if other == pytest.approx(1 / factor))
    for factor in CONVERSIONS:
        if factor not in {0.3048, 0.45359237, 0.4536, 1.609344, 1.609, 28.3495, 3.78541}:
            assert any(other == pytest.approx(1 / factor, rel=1e-3) for other in CONVERSIONS)
