import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.horizon_features import with_future


def block_of(columns, **texts):
    table = pa.table({name: pa.array(held, pa.string()) for name, held in texts.items()})
    return Block(np.arange(table.num_rows), table, Schema(tuple(columns), "regression"))


Y = Column("y", Role.TARGET, "float64")
COUNT = [str(v) for v in range(60)]


def told(block, *names, horizon=3):
    longer, at, steps = with_future(block, horizon)
    cells = {name: longer.text(name).take(pa.array(at)).to_pylist() for name in longer.schema.names}
    assert set(cells["y"]) == {None}
    assert longer.table.slice(0, len(block)).equals(block.table)
    return [tuple(cells[name][k] for name in names) for k in range(len(at))], steps.tolist()


def test_each_series_goes_on_by_its_own_step_and_writes_time_as_it_did():
    start = np.datetime64("2024-02-28T20:00:00")
    hours = [str(start + np.timedelta64(k, "h")) for k in range(30)]
    days = [str(np.datetime64("2024-01-31T00:00:00") + np.timedelta64(k, "D")) for k in range(30)]
    columns = (Column("t", Role.TIME, "timestamp"), Column("shop", Role.GROUP), Y)
    block = block_of(columns, t=[*hours, *days], shop=["a"] * 30 + ["乙"] * 30, y=COUNT)
    cells, steps = told(block, "t", "shop", horizon=2)
    assert cells == [
        ("2024-03-01T02:00:00", "a"),
        ("2024-03-01T03:00:00", "a"),
        ("2024-03-01T00:00:00", "乙"),
        ("2024-03-02T00:00:00", "乙"),
    ]
    assert steps == [1, 2, 1, 2]


def test_a_date_and_a_clock_of_their_own_columns_carry_over_midnight():
    moments = np.datetime64("2004-03-10T18:00:00") + np.arange(60) * np.timedelta64(1, "h")
    dates = [f"{str(m)[8:10]}/{str(m)[5:7]}/{str(m)[:4]}" for m in moments]
    clocks = [f"{str(m)[11:13]}.00.00" for m in moments]
    columns = (
        Column("date", Role.TIME, "timestamp", format="%d/%m/%Y"),
        Column("clock", Role.TIME, "timestamp", format="%H.%M.%S"),
        Y,
    )
    block = block_of(columns, date=dates, clock=clocks, y=COUNT)
    moments = [np.datetime64("2004-03-13T06:00:00") + k * np.timedelta64(1, "h") for k in range(20)]
    cells, _ = told(block, "date", "clock", horizon=20)
    assert cells == [(f"{str(m)[8:10]}/{str(m)[5:7]}/{str(m)[:4]}", f"{str(m)[11:13]}.00.00") for m in moments]


def test_a_date_spread_over_columns_and_a_counter():
    columns = (*(Column(name, Role.NUMBER, "int64") for name in ("year", "month", "day", "hour")), Y)
    moments = np.datetime64("2010-02-26T14") + np.arange(60) * np.timedelta64(1, "h")
    parts = {
        name: [str(int(str(m)[a:b])) for m in moments]
        for name, (a, b) in {"year": (0, 4), "month": (5, 7), "day": (8, 10), "hour": (11, 13)}.items()
    }
    cells, _ = told(block_of(columns, **parts, y=COUNT), "year", "month", "day", "hour")
    assert cells == [("2010", "3", "1", "2"), ("2010", "3", "1", "3"), ("2010", "3", "1", "4")]
    ticks = block_of((Column("tick", Role.NUMBER, "float64"), Y), tick=[f"{0.5 * k:g}" for k in range(60)], y=COUNT)
    assert told(ticks, "tick")[0] == [("30",), ("30.5",), ("31",)]


@pytest.mark.parametrize("kind", ["uneven", "none"])
def test_without_a_regular_clock_there_is_no_next_record(kind):
    days = [str(np.datetime64("2024-01-01") + np.timedelta64(k * k, "D")) for k in range(60)]
    columns = (Column("t", Role.TIME if kind == "uneven" else Role.ID, "timestamp"), Y)
    block = block_of(columns, t=days, y=COUNT)
    longer, at, _ = with_future(block, 3)
    assert (len(at), longer) == (0, block)
