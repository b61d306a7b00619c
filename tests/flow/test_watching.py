"""A stream that breaks, comes again, and is killed between any two steps: nothing is lost, nothing is twice."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.collect.streams.files import GrowingFiles
from karat.collect.streams.message import Message, Stream, StreamLost
from karat.core.errors import InputError, OptionError
from karat.flow.watch_folder import WatchFolder
from karat.flow.watching import Watch, WatchSettings, event_time, judge_of, left_out, watched_schema

SETTINGS = WatchSettings(batch=7, wait=0.01, once=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs") / "people"
    days = [f"2024-01-{1 + k % 28:02d}" for k in range(80)]
    table = pa.table({"n": [str(20 + k % 41) for k in range(80)], "city": ["Oslo", "Bergen"] * 40, "day": days})
    karat.clean(table, out=place, workers=1)
    return place


class Killed(BaseException):
    """Stands for kill -9: nothing in the program may catch it."""


class Broker(Stream):
    """Numbered messages that stay until they are acknowledged; breaks and dies where it is told to."""

    def __init__(self, count):
        super().__init__()
        self.bodies = {k: json.dumps({"n": str(20 + k % 9), "city": "Oslo", "day": "2024-01-05"}) for k in range(count)}
        self.waiting = dict(self.bodies)
        self.at, self.lose, self.die = 0, [], []

    def open(self, places, last):
        if self.lose[:1] == ["open"]:
            self.lose.pop(0)
            raise StreamLost("refused")
        self.at = 0

    def _break(self, step):
        if self.die[:1] == [step]:
            self.die.pop(0)
            raise Killed
        if self.lose[:1] == [step]:
            self.lose.pop(0)
            raise StreamLost("gone")

    def take(self, most, seconds):
        self._break("take")
        keys = [key for key in sorted(self.waiting) if key >= self.at][:most]
        self.at = keys[-1] + 1 if keys else self.at
        return [Message("p", str(key), self.waiting[key].encode()) for key in keys]

    def acknowledge(self, messages):
        self._break("before")
        for message in messages:
            self.waiting.pop(int(message.offset), None)
        self._break("after")

    def close(self):
        pass


def offsets(place):
    parts = [pq.read_table(path, columns=["_offset"])["_offset"].to_pylist() for path in (place / "data").iterdir()]
    return sorted(int(offset) for part in parts for offset in part)


def watched(broker, run, place, settings=SETTINGS, lines=None):
    with WatchFolder.entered(place, "broker") as folder:
        say = (lines if lines is not None else []).append
        return Watch(broker, judge_of(run, settings), folder, settings, say).run()


@pytest.mark.parametrize("step", ["take", "before", "after"])
def test_a_kill_at_any_step_loses_and_doubles_nothing(run, tmp_path, step):
    broker = Broker(30)
    broker.die = [step]
    with pytest.raises(Killed):
        watched(broker, run, tmp_path / "w")
    state = watched(broker, run, tmp_path / "w")
    assert (state.records, offsets(tmp_path / "w"), broker.waiting) == (30, list(range(30)), {})


@pytest.mark.parametrize("step", ["_part", "_buried", "_keep"])
def test_a_kill_while_writing_loses_and_doubles_nothing(run, tmp_path, monkeypatch, step):
    broker = Broker(30)
    original, calls = getattr(WatchFolder, step), []

    def dying(*arguments):
        calls.append(step)
        if len(calls) == 2:
            raise Killed
        return original(*arguments)

    monkeypatch.setattr(WatchFolder, step, dying)
    with pytest.raises(Killed):
        watched(broker, run, tmp_path / "w")
    state = watched(broker, run, tmp_path / "w")
    assert (state.records, offsets(tmp_path / "w")) == (30, list(range(30)))


def test_a_broker_that_goes_and_comes_back_is_said_and_nothing_is_lost(run, tmp_path):
    broker, lines = Broker(30), []
    broker.lose = ["before", "open", "open", "after"]
    state = watched(broker, run, tmp_path / "w", lines=lines)
    assert (state.records, offsets(tmp_path / "w"), broker.waiting) == (30, list(range(30)), {})
    assert [line.split(" (")[0] for line in lines] == ["the source is gone", "the source is back"] * 2


def test_a_broker_that_never_answered_is_an_error(run, tmp_path):
    broker = Broker(1)
    broker.lose = ["open"]
    with pytest.raises(InputError, match="does not answer: refused"):
        watched(broker, run, tmp_path / "w")


def test_late_events_and_odd_columns_are_counted_and_told(run, tmp_path):
    path, lines = tmp_path / "e.jsonl", []
    days = ["2024-01-09", "2024-01-08", "2024-01-01", "2999-01-01"]
    rows = [{"n": "21", "city": "Oslo", "day": day} for day in days]
    del rows[0]["city"]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    settings = WatchSettings(batch=2, wait=0.01, once=True, event_time="day", lateness=2 * 86_400)
    schema = watched_schema(run)
    state = watched(GrowingFiles(path, schema.names), run, tmp_path / "w", settings, lines)
    assert {name: state.counts[name] for name in ("out_of_order", "late", "ahead", "missing")} == {
        "out_of_order": 2,
        "late": 1,
        "ahead": 1,
        "missing": 1,
    }
    assert lines == ["column 'city' is missing in some records; it is blank there"]


def test_settings_that_make_no_sense_are_refused(run):
    for settings in (WatchSettings(policy="drop"), WatchSettings(batch=0), WatchSettings(wait=0)):
        with pytest.raises(OptionError):
            settings.checked()
    schema = watched_schema(run)
    assert event_time(schema, "") == "day"
    with pytest.raises(OptionError, match="role"):
        event_time(schema, "n")
    with pytest.raises(OptionError, match="not found"):
        event_time(schema, "date")


def test_checks_that_do_not_run_on_a_stream_are_known(run):
    left = left_out(watched_schema(run))
    assert "DuplicateRecords" in left["not_on_a_stream"]
    assert "MissingValues" not in left["not_on_a_stream"]
    assert len(left["not_on_a_stream"]) < left["checks"]
