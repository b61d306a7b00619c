"""Records become windows whatever their batches; drift.json holds what was found and is gone on with."""

import json

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.flow.drift import DriftMonitor
from karat.flow.drift_reference import DriftReference
from karat.flow.drift_windows import MOST_KEPT, DriftWindows, came_at, live_settings, read_windows
from tests.flow.drift_data import SCHEMA, records


@pytest.fixture(scope="module")
def reference():
    return DriftReference.of(records(600, 0))


def windows(reference, place):
    return DriftWindows(DriftMonitor(reference), 100, place, lambda text: text and "*" * len(text))


def test_batches_of_any_size_give_the_same_windows(reference, tmp_path):
    def gone(table):
        return {"city": ["Rome"] * len(table["x"])}

    block = records(350, 1, gone)
    for name, size in (("one", 350), ("many", 30)):
        told = windows(reference, tmp_path / name)
        for start in range(0, 350, size):
            told.add(block.take(np.arange(start, min(350, start + size))))
        assert told.monitor.windows == 3
    one, many = (json.loads((tmp_path / name).read_text()) for name in ("one", "many"))
    assert one == many
    assert one["windows"][0]["last"] == 99
    (city,) = [column for column in one["windows"][-1]["drifted"] if column["column"] == "city"]
    assert city["shift"]["at"] == "****"


def test_it_goes_on_where_it_ended(reference, tmp_path):
    told = windows(reference, tmp_path / "d")
    told.add(records(250, 1, lambda t: {"z": t["z"] + 9}))
    again = windows(reference, tmp_path / "d").resume()
    assert again.monitor.windows == 2
    assert again.monitor.since == told.monitor.since != {}
    again.add(records(100, 2))
    assert [window["window"] for window in again.summary()["windows"]] == [0, 1, 2]
    assert MOST_KEPT > 3


def test_the_time_that_windows_take_sets_their_number_a_day(reference, tmp_path):
    told = windows(reference, tmp_path / "d")
    told.add(records(100, 1), np.datetime64("2024-01-01T00:00", "us") + np.arange(100) * np.timedelta64(60, "s"))
    assert told.monitor.seconds == [99 * 60]
    assert told.kept[0]["at"] == 1704067200 + 99 * 60


def test_when_served_records_came():
    table = pa.table({"served_at": ["2024-01-02T03:04:05.123+00:00"], "x": ["1"]})
    assert came_at(table, SCHEMA).tolist() == [np.datetime64("2024-01-02T03:04:05", "us").item()]
    assert came_at(table.drop(["served_at"]), SCHEMA) is None


def test_data_without_the_runs_columns_is_an_error(tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(InputError, match="none of the columns"):
        list(read_windows(str(tmp_path / "other.csv"), SCHEMA))
    (tmp_path / "some.csv").write_text("x,b\n1,2\n3,4\n")
    ((block, times),) = read_windows(str(tmp_path / "some.csv"), SCHEMA)
    assert (block.numbers("x").tolist(), times) == ([1.0, 3.0], None)
    assert isinstance(block, Block)


def test_options_overrule_the_runs_settings(tmp_path):
    (tmp_path / "karat.toml").write_text("[live]\nwindow = 70\ncost = 0.2\n")
    assert live_settings(tmp_path, window=None, cost=0.1).model_dump() == {
        "window": 70,
        "alarms_per_day": 0.1,
        "cost": 0.1,
    }
