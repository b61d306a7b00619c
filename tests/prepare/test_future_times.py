"""Times to come in the writing of the table, and clocks on the wall."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.future_times import offset_of, wall_times, written_times


def block_of(columns, formats=()):
    roles = dict(formats)
    schema = Schema(
        tuple(
            Column(name, Role.TIME, "timestamp", (), roles[name])
            if name in roles
            else Column(name, Role.NUMBER, "int64")
            for name in columns
        ),
        "regression",
    )
    return Block(np.arange(len(next(iter(columns.values())))), pa.table(columns), schema)


def seconds(text):
    return float(np.datetime64(text, "s").astype(np.int64))


@pytest.mark.parametrize(
    ("cells", "form", "written"),
    [
        (["2024-01-30", "2024-01-31"], "", "2024-02-29"),
        (["2024-01-30 00:00:00", "2024-01-31 00:00:00"], "", "2024-02-29 00:00:00"),
        (["2024-01-30T00:00:00Z", "2024-01-31T00:00:00Z"], "", "2024-02-29T00:00:00Z"),
        (["Dec 2023", "Jan 2024"], "%b %Y", "Feb 2024"),
        (["30.01.2024", "31.01.2024"], "%d.%m.%Y", "29.02.2024"),
    ],
)
def test_a_time_is_written_like_the_others(cells, form, written):
    block = block_of({"t": cells}, {"t": form})
    assert written_times(block, 1, [seconds("2024-02-29")], [1]) == [written]


def test_columns_of_a_date_and_counters():
    dates = block_of({"year": ["2023", "2023"], "month": ["11", "12"]})
    assert written_times(dates, 1, [seconds("2024-01-01")], [1]) == ["2024-01"]
    counter = block_of({"step": ["10", "20", "30"]})
    assert written_times(counter, 2, [0.0, 0.0], [1, 2]) == ["40", "50"]


def test_a_date_and_a_clock():
    block = block_of({"d": ["2024-01-31"], "c": ["23:00:00"]}, {"d": "", "c": "%H:%M:%S"})
    assert written_times(block, 0, [wall_times(block)[0] + 7_200], [1]) == ["2024-02-01 01:00:00"]


def test_the_clock_on_the_wall_goes_on_over_daylight_saving():
    cells = ["2024-03-30T12:00:00+01:00", "2024-03-31T12:00:00+02:00", "2024-04-01T12:00:00+02:00"]
    when = wall_times(block_of({"t": cells}, {"t": ""}))
    assert np.diff(when).tolist() == [86_400.0, 86_400.0]
    block = block_of({"t": cells}, {"t": ""})
    assert written_times(block, 2, [when[-1] + 86_400], [1]) == ["2024-04-02T12:00:00+02:00"]


@pytest.mark.parametrize(
    ("text", "ahead"), [("T10:00Z", 0.0), ("T10:00+05:30", 19_800.0), ("T10:00-0300", -10_800.0), ("", 0.0)]
)
def test_distance_from_utc(text, ahead):
    assert offset_of(text) == ahead
