"""Steps of a series: months of any length, business days, spans of seconds."""

import numpy as np
import pytest

from karat.prepare.calendar_steps import BUSINESS, MONTHS, RECORDS, SECONDS, CalendarStep


def moments(texts):
    return np.array(texts, "datetime64[s]").astype(np.float64)


def days(when):
    return np.round(when).astype("datetime64[s]").astype("datetime64[D]").astype(str).tolist()


MONTH = np.arange("2019-01", "2022-01", dtype="datetime64[M]")
FIRST = moments(MONTH.astype("datetime64[D]"))
LAST = moments((MONTH + 1).astype("datetime64[D]") - 1)


def test_december_is_followed_by_january():
    step = CalendarStep.of([FIRST])
    assert (step.unit, step.size, step.words, step.seasons) == (MONTHS, 1, "monthly", (12,))
    assert days(step.moments(FIRST[-1], 3)) == ["2022-01-01", "2022-02-01", "2022-03-01"]
    assert step.ordinals(FIRST).tolist() == list(range(2019 * 12, 2022 * 12))


def test_month_ends_stay_month_ends():
    step = CalendarStep.of([LAST])
    assert step.words == "monthly, on the last day"
    assert days(step.moments(LAST[-1], 3)) == ["2022-01-31", "2022-02-28", "2022-03-31"]


def test_last_weekdays_and_the_thirtieth():
    weekday = moments(np.busday_offset((MONTH + 1).astype("datetime64[D]") - 1, 0, roll="backward"))
    step = CalendarStep.of([weekday])
    assert step.words == "monthly, on the last weekday"
    assert days(step.moments(weekday[-1], 2)) == ["2022-01-31", "2022-02-28"]
    thirtieth = np.minimum(FIRST + 29 * 86_400, LAST)
    assert days(CalendarStep.of([thirtieth]).moments(thirtieth[-1], 3)) == ["2022-01-30", "2022-02-28", "2022-03-30"]


@pytest.mark.parametrize(("apart", "words", "seasons"), [(3, "quarterly", (4,)), (12, "yearly", ())])
def test_quarters_and_years(apart, words, seasons):
    line = (
        FIRST[::apart]
        if apart == 3
        else moments(np.arange("1990", "2020", dtype="datetime64[Y]").astype("datetime64[D]"))
    )
    step = CalendarStep.of([line])
    assert (step.words, step.seasons) == (words, seasons)
    assert np.diff(step.ordinals(line)).tolist() == [1] * (len(line) - 1)


def test_business_days_skip_the_weekend_and_holidays_are_gaps():
    every = np.arange("2024-01-01", "2024-03-01", dtype="datetime64[D]")
    open_days = moments(every[np.is_busday(every, holidays=["2024-01-15"])])
    step = CalendarStep.of([open_days])
    assert (step.unit, step.seasons) == (BUSINESS, (5,))
    assert sorted(set(np.diff(step.ordinals(open_days)).tolist())) == [1, 2]
    friday = moments(["2024-03-01"])[0]
    assert days(step.moments(friday, 2)) == ["2024-03-04", "2024-03-05"]


@pytest.mark.parametrize(
    ("seconds", "words", "seasons"),
    [
        (3_600, "hourly", (24, 168)),
        (86_400, "daily", (7,)),
        (604_800, "weekly", (52,)),
        (300, "every 5 minutes", (288, 2_016)),
    ],
)
def test_even_clocks_with_gaps(seconds, words, seasons):
    line = np.delete(np.arange(200) * float(seconds), [5, 6, 90])
    step = CalendarStep.of([line])
    assert (step.unit, step.words, step.seasons) == (SECONDS, words, seasons)
    assert step.ordinals(line)[-1] == 199
    assert step.moments(line[-1], 2).tolist() == [200.0 * seconds, 201.0 * seconds]


def test_uneven_times_are_counted():
    line = np.cumsum(np.random.default_rng(0).exponential(100, 80))
    step = CalendarStep.of([line])
    assert step.unit == RECORDS
    assert step.ordinals(line[::-1]).tolist() == list(range(79, -1, -1))
    assert CalendarStep.of([]).unit == RECORDS


def test_parts_of_the_date():
    hour = CalendarStep.of([np.arange(100) * 3_600.0])
    assert hour.calendar(moments(["2024-05-06T15:00"])).tolist() == [[0.0, 6.0, 5.0, 15.0]]
    assert CalendarStep.of([FIRST]).calendar(FIRST[:2]).tolist() == [[1.0], [2.0]]
