"""Texts of cells as numbers and times: what is read, and what is not."""

from calendar import monthrange

import numpy as np
import pyarrow as pa
import pytest

from karat.core.parsing import _plain_numbers, is_no_day, parse_numbers, parse_times
from karat.core.schema import Column, Role


def column(**options):
    return Column("x", Role.NUMBER, **options)


def test_numbers_are_read_by_the_columns_marks_and_nulls():
    texts = pa.array([" 1.5", "+2", "1e3", "1,5", "", None, "inf", "n/a"])
    assert parse_numbers(texts, column(nulls=("n/a",)))[:3].tolist() == [1.5, 2.0, 1000.0]
    assert np.isnan(parse_numbers(texts, column(nulls=("n/a",)))[3:]).all()
    german = parse_numbers(pa.array(["1.234,5", "-7"]), column(decimal=",", thousands="."))
    assert german.tolist() == [1234.5, -7.0]


def test_plain_numbers_are_read_as_each_of_them_is_beside_others():
    plain = ["1", "-1", "5.", ".5", "-.5", "007", "-0", "12345678901234567890.125", "9" * 400, None]
    texts = pa.array(["out", *plain]).slice(1)
    assert _plain_numbers(texts) is not None
    assert _plain_numbers(pa.array(["+1"])) is None
    beside = parse_numbers(pa.array([*plain, "+1"]), column())[:-1]
    assert np.array_equal(parse_numbers(texts, column()), beside, equal_nan=True)


@pytest.mark.parametrize("odd", ["1.2.3", "-", ".", "1-2", "", " 4"])
def test_where_one_is_no_number_the_others_are_read(odd):
    read = parse_numbers(pa.array(["1", odd, "-2.5"]), column())
    assert read[[0, 2]].tolist() == [1.0, -2.5]
    assert read[1] == 4.0 if odd == " 4" else np.isnan(read[1])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2024-02-29", "2024-02-29T00:00"),
        ("2024-02-29T12:30:00+02:00", "2024-02-29T10:30"),
        ("2024-01-01 00:00:00.123456789", "2024-01-01T00:00:00.123456"),
        ("2023-02-29", "NaT"),
        ("2024/02/29", "NaT"),
    ],
)
def test_iso_times_are_read_in_utc(text, read):
    expected = np.datetime64(read, "us")
    assert np.array_equal(parse_times(pa.array([text]), column()), [expected], equal_nan=True)


@pytest.mark.parametrize("text", ["1700000000", "1700000000.0", "1700000000000", "1700000000000000"])
def test_seconds_since_1970_are_told_by_their_size(text):
    read = parse_times(pa.array([text]), column(format="%s"))
    assert read.astype("datetime64[D]").astype(str).tolist() == ["2023-11-14"]


def test_two_digit_years_lie_in_the_columns_century():
    read = parse_times(pa.array(["01.01.68", "29.02.00"]), column(format="%d.%m.%y", century=1950))
    assert read.astype("datetime64[D]").astype(str).tolist() == ["1968-01-01", "2000-02-29"]


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%Y年%m月%d日", "%d %b %Y", "%b %d, %Y %H:%M"])
def test_a_day_that_is_not_in_its_month_is_no_day_of_the_next(form):
    days = [(y, m, d) for y in (2023, 2024) for m in (2, 3, 4) for d in range(1, 32)]
    signs = {"%Y": "{y}", "%y": "{yy:02}", "%m": "{m:02}", "%d": "{d:02}", "%b": "{b}", "%H": "00", "%M": "00"}
    text = form
    for sign, place in signs.items():
        text = text.replace(sign, place)
    month = {2: "Feb", 3: "Mar", 4: "Apr"}
    texts = [text.format(y=y, yy=y % 100, m=m, d=d, b=month[m]) for y, m, d in days]
    want = [f"{y}-{m:02}-{d:02}" if d <= monthrange(y, m)[1] else "NaT" for y, m, d in days]
    column = Column("day", Role.TIME, "timestamp", (), form)
    read = parse_times(pa.array(texts), column).astype("datetime64[D]")
    assert np.array_equal(read, np.array(want, "datetime64[D]"), equal_nan=True)


def test_a_day_that_its_month_has_not_is_told_from_another_writing():
    german, iso = (Column("day", Role.TIME, "timestamp", (), form) for form in ("%d.%m.%Y", ""))
    assert [is_no_day(text, german) for text in ("31.02.2024", " 30.2.2023 ", "2024-02-31", "x")] == [
        True,
        True,
        False,
        False,
    ]
    assert [is_no_day(text, iso) for text in ("2024-02-31", "2023-02-29T10:00", "31.02.2024", "2024-13-01")] == [
        True,
        True,
        False,
        False,
    ]
