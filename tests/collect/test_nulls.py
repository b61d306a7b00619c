"""Words and codes that mean missing: known words, and numbers that stand apart and are repeated."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat.collect.nulls import Isolation, code_shaped, date_codes, isolation, null_codes, null_words


def test_words_are_known_whatever_their_case_width_and_outer_blanks() -> None:
    words = null_words(pa.array(["N/A", " null ", "ＮＵＬＬ", "缺失", "Paris", "0", "nullable"]))
    assert words.tolist() == [True, True, True, True, False, False, False]


def test_words_that_a_category_may_bear_are_no_strong_ones() -> None:
    assert null_words(pa.array(["none"]))[0]
    assert not null_words(pa.array(["none"]), strong_only=True)[0]
    assert null_words(pa.array(["NULL"]), strong_only=True)[0]
    assert not null_words(pa.array(["-"]), strong_only=True)[0]  # may be a sign


@pytest.mark.parametrize(
    ("value", "shaped"),
    [
        *((-1, True), (1, False), (-2, False), (99, True), (9, False), (-9, True), (-8, True), (9.9, True)),
        *((99.9, True), (998, False), (-88, True), (88, False), (-100, True), (100, False), (-200, True), (-50, False)),
        *((-150, False), (-32768, True), (0, False)),
    ],
)
def test_the_shape_of_a_code(value: float, shaped: bool) -> None:
    assert code_shaped(value) is shaped


def test_a_code_is_measured_against_the_rest() -> None:
    values = np.array([-200.0, *range(1, 101), 9999.0])
    counts = np.array([40, *([1] * 99), 7, 2])
    low, high = isolation(values, counts, [-200.0, 9999.0])
    # the rest is 1 … 100 with 106 cells: their 5 % quantile is the sixth value, their 95 % one the last
    assert low == Isolation(-200.0, 40, 201.0, 5.0, 1, True, 100, 99.0)
    assert high == Isolation(9999.0, 2, 9899.0, 0.0, 7, False, 100, 99.0)


def test_the_order_of_the_values_does_not_matter_and_a_code_inside_the_rest_is_left_out() -> None:
    values, counts = np.array([5.0, -9.0, 1.0, 99.0, 150.0]), np.array([1, 2, 3, 4, 5])
    turned = isolation(values[::-1], counts[::-1], [-9.0, 99.0])
    assert turned == isolation(values, counts, [-9.0, 99.0])
    assert [code.value for code in turned] == [-9.0]
    assert isolation(values, counts, values.tolist()) == []


CODE = Isolation(value=-200, count=3, gap=100, edge=10, neighbour=2, wrong_sign=True, distinct=50, spread=40)


def test_a_code_is_apart_beyond_the_usual_gap_and_half_the_outer_twentieth() -> None:
    assert CODE.apart
    assert not replace(CODE, distinct=1).apart
    assert not replace(CODE, gap=5.0).apart
    assert not replace(CODE, gap=5.0, edge=2.0, distinct=24).apart  # exactly three times 40 / 24
    assert replace(CODE, gap=5.01, edge=2.0, distinct=24).apart


@pytest.mark.parametrize(
    ("changed", "far"),
    [
        ({}, True),
        ({"count": 2}, False),
        ({"gap": 10.0}, False),
        ({"neighbour": 3}, False),
        ({"value": -8.0}, True),
        ({"value": -8.0, "gap": 30.0}, False),  # of a code near zero the gap has to be three edges wide
        ({"value": 999.0, "wrong_sign": False, "neighbour": 3}, False),
        ({"value": 999.0, "wrong_sign": False, "neighbour": 3, "gap": 121.0}, True),  # lonely
        ({"value": 999.0, "wrong_sign": False, "neighbour": 3, "gap": 120.0}, False),
        ({"value": -1.0, "count": 10, "gap": 1.0}, True),
        ({"value": -1.0, "count": 9, "gap": 1.0}, False),
        ({"value": -1.0, "count": 10, "gap": 1.0, "wrong_sign": False}, False),
        ({"value": -1.0, "count": 10, "gap": 1.0, "distinct": 20}, False),
    ],
)
def test_a_code_beyond_doubt(changed: dict, far: bool) -> None:
    assert replace(CODE, **changed).far is far


def test_codes_are_found_at_both_ends_and_believed_in_other_columns_only_where_they_stand_apart() -> None:
    rest = np.arange(1.0, 41.0)
    sure = np.concatenate([[-200.0], rest]), np.array([30, *([2] * 40)])
    rare = np.concatenate([[-200.0], rest]), np.array([1, *([2] * 40)])
    inside = np.concatenate([[-300.0], -200.0 + rest - 1.0]), np.array([1, *([2] * 40)])
    high = np.concatenate([rest, [999.0]]), np.array([*([2] * 40), 30])
    result = null_codes({"sure": sure, "rare": rare, "inside": inside, "high": high, "plain": (rest, rest.astype(int))})
    assert result == {"sure": (-200.0,), "rare": (-200.0,), "high": (999.0,)}
    assert null_codes({"rare": rare}) == {}


def test_a_small_code_is_believed_in_its_own_column_alone() -> None:
    rest = np.arange(0.0, 30.0)
    often = np.concatenate([[-1.0], rest]), np.array([10, *([2] * 30)])
    seldom = np.concatenate([[-1.0], rest]), np.array([9, *([2] * 30)])
    assert null_codes({"often": often, "seldom": seldom}) == {"often": (-1.0,)}


def test_two_values_are_too_few_to_tell_a_code() -> None:
    assert null_codes({"x": (np.array([-200.0, 1.0]), np.array([40, 40]))}) == {}


def days(*texts: str) -> np.ndarray:
    return np.array(texts, "datetime64[D]")


def test_a_date_that_means_missing_lies_far_from_the_rest() -> None:
    usual = ("2019-01-01", "2019-06-01", "2020-01-01")
    assert date_codes(days("1900-01-01", *usual), np.array([1, 1, 1, 1])) == [0]
    assert date_codes(days(*usual, "9999-12-31"), np.array([1, 1, 1, 1])) == [3]
    assert date_codes(days(*usual), np.array([1, 1, 1])) == []
    assert date_codes(days("1900-01-01", "2019-01-01"), np.array([9, 9])) == []
    assert date_codes(days("1950-01-01", *usual), np.array([9, 1, 1, 1])) == []


def test_a_near_date_takes_three_records_and_more_than_a_year() -> None:
    wide = ("1971-01-02", "1995-01-01")
    assert date_codes(days("1970-01-01", *wide), np.array([3, 1, 1])) == [0]
    assert date_codes(days("1970-01-01", *wide), np.array([2, 1, 1])) == []
    assert date_codes(days("1970-01-01", "1971-01-01", "1995-01-01"), np.array([3, 1, 1])) == []
    assert date_codes(days("1969-01-01", "1970-01-01", "1995-01-01"), np.array([3, 9, 1])) == []
