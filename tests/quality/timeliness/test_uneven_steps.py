import pytest

from karat.core.schema import Role
from karat.quality.timeliness.uneven_steps import UnevenSteps


def messages(block):
    check = UnevenSteps()
    return [finding["message"] for finding in check.conclude(check.learn(block), block.schema).to_pylist()]


def test_even_steps_say_nothing(make, hourly):
    assert messages(make({"t": hourly(300)}, t=Role.TIME)) == []


def test_the_doubled_hour_is_said_and_named(make, hourly):
    times = hourly(300)
    times[101] = times[100]
    (line,) = messages(make({"t": times}, t=Role.TIME))
    assert line.startswith(f"1 time occurs more than once: {times[100]}")
    assert "summer time" in line


def test_a_time_that_occurs_three_times_is_no_doubled_hour(make, hourly):
    times = hourly(300)
    times[101] = times[102] = times[100]
    (line,) = messages(make({"t": times}, t=Role.TIME))
    assert "summer time" not in line


def test_uneven_steps_are_said(make):
    times = [f"2024-{1 + at // 28:02}-{1 + at % 28:02} {at * at % 24:02}:{at * 7 % 60:02}:00" for at in range(100)]
    (line,) = messages(make({"t": times}, t=Role.TIME))
    assert line.startswith("steps in time are uneven: from ")
    assert "days" in line or "hours" in line


def test_calendar_months_are_even(make):
    times = [f"{2000 + at // 12}-{1 + at % 12:02}-01" for at in range(60)]
    assert messages(make({"t": times}, t=Role.TIME)) == []


@pytest.mark.parametrize("copies", [2, 6])
def test_a_panel_is_not_one_series_with_doubles(make, hourly, copies):
    assert messages(make({"t": [time for time in hourly(100) for _ in range(copies)]}, t=Role.TIME)) == []


def test_few_times_tell_nothing(make):
    assert messages(make({"t": ["2024-01-01", "2024-01-05", "2024-02-20"]}, t=Role.TIME)) == []
