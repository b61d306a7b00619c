"""Which format a column of times has, where the column, the source or the user decides it."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from karat.collect.roles import infer_schema
from karat.core.schema import Role
from tests.collect.test_roles import inferred, states

DICE = np.random.default_rng(11)
DAYS = [dt.date(2018, 1, 1) + dt.timedelta(days=int(day)) for day in DICE.integers(0, 365, 300)]
EARLY = [day for day in DAYS if day.day <= 12]


def read(cells: list[str], **said: object) -> tuple[str, Role]:
    schema = infer_schema(*states(pa.table({"a": cells})), **said)  # type: ignore[arg-type]
    return schema["a"].format, schema["a"].role


def test_a_day_beyond_twelve_decides_for_the_whole_column() -> None:
    assert read([f"{day:%d/%m/%Y}" for day in DAYS]) == ("%d/%m/%Y", Role.TIME)
    assert read([f"{day:%m/%d/%Y}" for day in DAYS]) == ("%m/%d/%Y", Role.TIME)
    assert read([f"{day:%d-%m-%y}" for day in DAYS]) == ("%d-%m-%y", Role.TIME)


def test_dates_that_nothing_decides_stay_text_until_the_user_says() -> None:
    cells = [f"{day:%m/%d/%Y}" for day in EARLY]
    assert read(cells) == ("", Role.CATEGORY)
    assert read(cells, date_order="mdy") == ("%m/%d/%Y", Role.TIME)
    assert read(cells, date_order="dmy") == ("%d/%m/%Y", Role.TIME)


def test_another_column_of_the_source_decides() -> None:
    sure = [f"{day:%d/%m/%Y}" for day in DAYS[: len(EARLY)]]
    schema = inferred(sure=sure, open=[f"{day:%d/%m/%Y}" for day in EARLY])
    assert schema["open"].format == "%d/%m/%Y"


def test_a_series_in_order_decides() -> None:
    days = sorted(set(EARLY))
    assert read([f"{day:%d/%m/%Y}" for day in days]) == ("%d/%m/%Y", Role.TIME)


@pytest.mark.parametrize(
    ("years", "first"),
    [
        (range(1961, 2020), 1927),  # births: no year after this one
        (range(1930, 2027), 1927),
        (range(2024, 2036), 1936),  # contracts that run on
        ([2006], 1927),
    ],
)
def test_two_digit_years_have_a_century(years: range, first: int) -> None:
    cells = [f"03/21/{year % 100:02d}" for year in years] * 3
    schema = infer_schema(*states(pa.table({"a": cells})), year=2026)
    assert schema["a"].century == first


@pytest.mark.parametrize("form", ["%Y %b", "%b %Y", "%B %Y", "%Y-%m", "%Y/%m", "%m/%Y", "%YM%m", "%b-%Y", "%b %d %Y"])
def test_months_are_times(form: str) -> None:
    schema = inferred(a=[f"{day:{form}}" for day in DAYS])
    assert (schema["a"].role, schema["a"].type) == (Role.TIME, "timestamp")


def test_quarters_and_weeks_are_no_days_and_no_numbers() -> None:
    writings: list[Callable[[dt.date], str]] = [
        lambda day: f"{day.year} Q{day.month // 4 + 1}",
        lambda day: f"{day:%G-W%V}",
    ]
    for write in writings:
        schema = inferred(a=[write(day) for day in DAYS])
        assert (schema["a"].role, schema["a"].type) == (Role.CATEGORY, "string")


def test_day_numbers_of_a_spreadsheet_do_not_hide_dates() -> None:
    cells = ["44197" if at % 8 == 0 else f"{day}" for at, day in enumerate(DAYS)]
    assert read(cells) == ("", Role.TIME)
