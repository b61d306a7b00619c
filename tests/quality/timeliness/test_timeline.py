"""The data's own clock: what is plausible, in order, and expected."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.timeliness import timeline
from karat.quality.timeliness.timeline import (
    DAY_US,
    NAT,
    TimeLine,
    body,
    dated,
    expected,
    longest_rising,
    needs_dates,
    spoken,
    spoken_span,
    suggested,
    written,
)

TIME = Column("t", Role.TIME, "timestamp")


def block_of(times, column=TIME):
    cells = [None if np.isnat(t) else str(t.astype("datetime64[s]")).replace("T", " ") for t in times]
    return Block(np.arange(len(times)), pa.table({"t": pa.array(cells, pa.string())}), Schema((column,)))


def hours(count, start="2024-01-01"):
    return np.datetime64(start, "s") + 3600 * np.arange(count)


def series(times):
    return TimeLine.of(block_of(times)).series("t")


def us(text):
    return int(np.datetime64(text, "us").astype(np.int64))


def test_columns_with_a_date():
    columns = (
        TIME,
        Column("iso", Role.CATEGORY, "timestamp"),
        Column("day", Role.TIME, "timestamp", format="%d.%m.%y"),
        Column("seconds", Role.TIME, "timestamp", format="%s"),
        Column("clock", Role.TIME, "timestamp", format="%H:%M"),
        Column("aside", Role.IGNORE, "timestamp"),
        Column("number", Role.NUMBER, "float64"),
    )
    assert [column.name for column in dated(Schema(columns))] == ["t", "iso", "day", "seconds"]
    assert needs_dates(Schema(columns)) is None
    assert needs_dates(Schema(columns[4:])).reason == "no column holds dates"


def test_times_of_blocks_merge_and_too_many_are_sampled(monkeypatch):
    times = hours(40)
    times[3] = "NaT"
    whole = block_of(times)
    line = TimeLine.of(whole)
    assert line.times["t"][3] == NAT
    assert line.times["t"][1] == us("2024-01-01T01")
    parts = [TimeLine.of(whole.take(np.arange(15))), TimeLine.of(whole.take(np.arange(15, 40)))]
    merged = parts[0].merge(parts[1])
    np.testing.assert_array_equal(merged.times["t"], line.times["t"])
    assert merged.whole
    assert (merged.records, merged.cells()) == (40, 39)
    monkeypatch.setattr(timeline, "MAX_TIMES", 20)
    some = parts[0].merge(parts[1])
    assert some.rows.tolist() == np.sort(np.argsort(whole.keys)[:20]).tolist()
    assert (some.records, some.whole) == (40, False)
    assert some.cells() == round(2 * len(some.series("t").times))


def test_a_column_in_order():
    seen = series(hours(30))
    assert (seen.ordered, seen.falling, seen.steady.all()) == (True, False, True)
    assert (seen.low, seen.high) == (us("2024-01-01"), us("2024-01-02T05"))
    turned = series(hours(30)[::-1])
    assert (turned.ordered, turned.falling, turned.steady.all()) == (True, True, True)


def test_a_few_records_out_of_order_are_not_steady():
    times = hours(30)
    times[10] = times[2]
    seen = series(times)
    assert seen.ordered
    assert np.flatnonzero(~seen.steady).tolist() == [10]


def test_short_and_shuffled_columns_are_in_no_order():
    assert not series(hours(19)).ordered
    assert series(hours(20)).ordered
    shuffled = series(np.random.default_rng(0).permutation(hours(100)))
    assert not shuffled.ordered
    assert shuffled.steady.all()
    assert not series(np.full(30, hours(1)[0])).ordered, "it stands still"


def test_implausible_times_are_left_out_of_order():
    times = hours(100)
    times[50] = np.datetime64("1970-01-01")
    seen = series(times)
    assert seen.ordered
    assert np.flatnonzero(~seen.plausible).tolist() == [50]
    assert not seen.steady[50]
    assert seen.inside(np.array([seen.low, seen.low - 1, seen.high, seen.high + 1])).tolist() == [
        True,
        False,
        True,
        False,
    ]


def test_cells_in_columns_that_are_in_order():
    shuffled = TimeLine.of(block_of(np.random.default_rng(0).permutation(hours(100))))
    assert (shuffled.cells(), shuffled.cells(ordered=True)) == (100, 0)
    assert TimeLine.of(block_of(hours(100))).cells(ordered=True) == 100


DAYS = np.arange(100) * DAY_US


def test_the_body_ends_at_a_gap_far_wider_than_usual():
    assert body(DAYS) == (0, 99 * DAY_US, 10 * DAY_US)
    times = DAYS + np.where(np.arange(100) < 50, 0, 4 * DAY_US)  # the widest gap is of five days
    late = np.append(times[:99], times[98] + 50 * DAY_US + 1)
    assert body(late) == (0, 102 * DAY_US, 50 * DAY_US)
    assert body(np.append(times[:99], times[98] + 50 * DAY_US))[1] == 152 * DAY_US
    assert body(np.append(times[1:], -49 * DAY_US - 1))[0] == DAY_US
    assert body(np.append(times[1:], -49 * DAY_US))[0] == -49 * DAY_US
    assert body(np.random.default_rng(1).permutation(late)) == body(late)


def test_and_three_times_as_wide_as_what_ten_values_inside_of_it_span():
    assert body(np.append(DAYS[:99], DAYS[98] + 30 * DAY_US))[1] == 128 * DAY_US
    assert body(np.append(DAYS[:99], DAYS[98] + 30 * DAY_US + 1))[1] == 98 * DAY_US
    assert body(np.append(DAYS[1:], -29 * DAY_US - 1))[0] == DAY_US
    assert body(np.append(DAYS[1:], -29 * DAY_US))[0] == -29 * DAY_US


def test_only_a_twentieth_at_either_end_may_be_implausible():
    five = np.append(DAYS[:95], 5000 * DAY_US + DAYS[:5])
    assert body(five)[1] == 94 * DAY_US
    six = np.append(DAYS[:94], 5000 * DAY_US + DAYS[:6])
    assert body(six)[1] == 5005 * DAY_US


def test_a_tail_that_thins_out_is_not_cut():
    assert body(np.append(DAYS[:90], 89 * DAY_US + DAY_US * 4 ** np.arange(1, 11)))[1] == (89 + 4**10) * DAY_US


def test_few_times_are_all_plausible():
    assert body(np.array([5, 3, 10**15])) == (3, 10**15, DAY_US)
    assert body(np.array([], np.int64)) == (0, 0, DAY_US)


@pytest.mark.parametrize(
    ("values", "rising"),
    [
        ([1, 2, 2, 3], [1, 1, 1, 1]),
        ([1, 9, 2, 3], [1, 0, 1, 1]),
        ([3, 2, 1], [0, 0, 1]),
        ([5, 1, 2, 6, 3, 4], [0, 1, 1, 0, 1, 1]),
        ([2, 1, 1, 0, 1], [0, 1, 1, 0, 1]),
        ([], []),
    ],
)
def test_the_longest_part_that_never_falls(values, rising):
    assert longest_rising(np.array(values, np.int64)).tolist() == [bool(v) for v in rising]


def test_times_and_spans_as_people_say_them():
    assert spoken(us("2024-02-03")) == "2024-02-03"
    assert spoken(us("1969-12-31T23:59:59")) == "1969-12-31 23:59:59"
    assert spoken_span(2 * DAY_US) == "2 days"
    assert spoken_span(2 * DAY_US - 1) == "48 hours"
    assert spoken_span(-36 * 3_600_000_000) == "-36 hours"
    assert spoken_span(90_000_000) == "90 seconds"
    assert spoken_span(150_000_000) == "2.5 minutes"
    assert spoken_span(round(2.5 * 365.25 * DAY_US)) == "2.5 years"


def test_the_time_between_its_neighbours_in_a_regular_series():
    times = hours(40)
    times[[7, 8]] = times[0], np.datetime64("NaT")
    times[1] = np.datetime64("NaT")
    seen = series(times)
    assert expected(seen, np.array([1])).tolist() == [us("2024-01-01T01")]
    assert expected(seen, np.array([7, 8])).tolist() == [us("2024-01-01T07"), us("2024-01-01T08")]
    assert expected(seen, np.array([40, 9])).tolist() == [NAT, NAT], "behind the end, and beside itself"


def test_nothing_is_expected_where_steps_differ():
    steps = np.where(np.arange(40) % 2, 3600, 7200)
    assert expected(series(np.datetime64("2024-01-01", "s") + np.cumsum(steps)), np.array([5])).tolist() == [NAT]
    gap = hours(40)
    gap[20:] += np.timedelta64(1800, "s")
    gap[20] = gap[0]
    assert expected(series(gap), np.array([20])).tolist() == [NAT]


@pytest.mark.parametrize(
    ("style", "like", "text"),
    [
        ("", "2024-01-01", "2024-02-03"),
        ("", "2024-01-01 00:00", "2024-02-03 04:05"),
        ("", "2024-01-01T00:00:00", "2024-02-03T04:05:06"),
        ("", "2024-01-01T00:00:00Z", None),
        ("%d.%m.%Y", "01.01.2024", "03.02.2024"),
        ("%d.%m.%Y", "1.1.2024", None),
        ("%s", "1700000000", "1706933106"),
        ("%s", "1700000000000", None),
    ],
)
def test_a_time_in_the_style_of_another_cell(style, like, text):
    column = Column("t", Role.TIME, "timestamp", format=style)
    assert written(us("2024-02-03T04:05:06"), column, like) == text


def test_what_should_stand_in_doubtful_cells():
    times = hours(40)
    times[7] = times[0]
    block = block_of(times)
    seen = TimeLine.of(block).series("t")
    assert suggested(seen, block, TIME, np.array([7, 39])) == ["2024-01-01 07:00:00", None]


def test_times_are_told_whatever_their_year():
    assert [spoken(us(t)) for t in ("2024-02-03", "2024-02-03T04:05:06.7")] == ["2024-02-03", "2024-02-03 04:05:06"]
    assert [spoken(us(t)) for t in ("22012-11-03", "-0249-10-15")] == ["22012-11-03", "-249-10-15"]
