"""Equations between two columns: copies, scales, parts of dates and times between dates."""

import numpy as np
import pytest

from karat.quality.equation_pairs import intervals, pairs, parts_of_dates
from tests.quality._equations import columns_from, in_words


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def found_in(**columns):
    return in_words(pairs(columns_from(**columns)))


def test_the_finer_column_is_the_source_of_the_coarser(rng):
    fine = np.round(rng.normal(50, 9, 200), 2)
    assert found_in(fine=fine, whole=np.round(fine)) == ["whole = fine"]
    assert found_in(whole=np.round(fine), fine=fine) == ["whole = fine"]
    assert found_in(first=fine, second=fine) == ["second = first"]


def test_scale_shift_and_sign(rng):
    x = np.round(rng.normal(50, 9, 200), 1)
    (equation,) = pairs(columns_from(x=x, y=np.round(7 - 2 * x, 1)))
    assert str(equation) == "y = 7 - 2 × x"
    assert (equation.kind, equation.rounded, equation.share) == ("scale", False, 1)
    (equation,) = pairs(columns_from(x=x, y=x))
    assert equation.kind == "copy"


def test_a_third_of_dirt_is_no_obstacle_and_mere_correlation_no_equation(rng):
    x = rng.integers(0, 10_000, 400).astype(float)
    dirty = np.where(rng.random(400) < 0.3, rng.integers(0, 10_000, 400), x)
    (equation,) = pairs(columns_from(x=x, y=dirty))
    assert equation.share == pytest.approx(np.mean(dirty == x), abs=1e-4)
    assert found_in(x=x, y=np.round(x + rng.normal(0, 500, 400))) == []
    assert found_in(x=x, y=rng.permutation(x)) == []


def test_of_three_equal_columns_two_are_copies_of_the_first(rng):
    x = rng.integers(0, 10_000, 200).astype(float)
    assert found_in(a=x, b=x, c=x) == ["b = a", "c = a"]


def test_blanks_on_either_side_are_left_out(rng):
    x = rng.integers(0, 10_000, 300).astype(float)
    a, b = np.where(rng.random(300) < 0.2, np.nan, x), np.where(rng.random(300) < 0.2, np.nan, 3 * x)
    (equation,) = pairs(columns_from(a=a, b=b))
    assert str(equation) == "b = 3 × a"
    assert equation.records == np.isfinite(a + b).sum()


def test_year_month_and_day_of_dates(rng):
    date = np.datetime64("1999-01-01") + rng.integers(0, 9000, 300)
    month = date.astype("datetime64[M]")
    parts = {
        "y": month.astype("datetime64[Y]").astype(int) + 1970.0,
        "m": month.astype(int) % 12 + 1.0,
        "d": (date - month.astype(date.dtype)).astype(int) + 1.0,
    }
    columns = columns_from(date=date, **parts)
    assert set(in_words(parts_of_dates(columns))) == {"y = year of date", "m = month of date", "d = day of date"}
    wrong = columns_from(date=date, y=rng.permutation(parts["y"]))
    assert parts_of_dates(wrong) == []
    assert parts_of_dates(columns_from(**parts)) == []


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (1, "end - start"),
        (24, "24 × end - 24 × start"),
        (-1440, None),
        (1 / 7, "0.1428571429 × end - 0.1428571429 × start"),
    ],
)
def test_the_time_between_two_dates_in_any_unit(rng, unit, words):
    start = np.datetime64("2015-01-01") + rng.integers(0, 3000, 300)
    stay = rng.integers(1, 60, 300) * 7
    columns = columns_from(start=start, end=start + stay, took=np.round(stay * float(unit), 6))
    assert in_words(intervals(columns)) == ([f"took = {words}"] if words else [])


def test_a_number_that_is_no_interval(rng):
    start = np.datetime64("2015-01-01") + rng.integers(0, 3000, 300)
    stay = rng.integers(1, 60, 300)
    other = columns_from(start=start, end=start + stay, took=rng.permutation(stay).astype(float))
    assert intervals(other) == []
    few = np.where(np.arange(300) < 19, stay, np.nan)
    assert intervals(columns_from(start=start, end=start + stay, took=few)) == []
