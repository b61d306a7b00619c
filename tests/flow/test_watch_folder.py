"""A batch counts whole or not at all."""

import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.collect.streams.message import Message
from karat.core.errors import InputError, MachineError
from karat.flow.watch_folder import WatchFolder, WatchState, slug

TABLE = pa.table({"a": [1, 2]})


def write(folder, first, last, dead=()):
    state = replace(folder.state, records=folder.state.records + 2, places={"p": last}, offsets={"p": last})
    folder.write({("data", "p"): TABLE}, dead, state, {"p": (first, last)})


def names(place):
    return sorted(path.name for path in (place / "data").iterdir())


def test_parts_are_named_by_partition_and_places_and_the_state_is_found_again(tmp_path):
    with WatchFolder.entered(tmp_path / "w", "s") as folder:
        assert folder.state == WatchState("s")
        write(folder, "1", "2", [(Message("p", "3", b"\xff"), "no JSON")])
    assert names(tmp_path / "w") == ["p.1.2.parquet"]
    assert pq.read_table(tmp_path / "w/data/p.1.2.parquet").equals(TABLE)
    line = json.loads((tmp_path / "w/dead.jsonl").read_text())
    assert line == {"partition": "p", "offset": "3", "error": "no JSON", "base64": "/w=="}
    assert (tmp_path / "w/data/p.1.2.parquet").stat().st_mode & 0o077 == 0
    with WatchFolder.entered(tmp_path / "w", "s") as folder:
        assert (folder.state.records, folder.state.places) == (2, {"p": "2"})


def test_what_was_written_and_never_counted_is_taken_away(tmp_path, monkeypatch):
    place = tmp_path / "w"
    with WatchFolder.entered(place, "s") as folder:
        write(folder, "1", "2", [(Message("p", "2", b"x"), "no JSON")])
        monkeypatch.setattr(folder, "_keep", lambda state: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            write(folder, "3", "4", [(Message("p", "4", b"y"), "no JSON")])
    (place / "data" / ".p.5.6.parquet.part").write_bytes(b"half")
    assert len(names(place)) == 3
    with WatchFolder.entered(place, "s"):
        assert names(place) == ["p.1.2.parquet"]
        assert len((place / "dead.jsonl").read_text().splitlines()) == 1


def test_a_folder_of_something_else_or_in_use_is_refused(tmp_path):
    with WatchFolder.entered(tmp_path / "w", "s") as folder:
        write(folder, "1", "2")
        with pytest.raises(MachineError, match="another process writes"), WatchFolder.entered(tmp_path / "w", "s"):
            pass
    with pytest.raises(InputError, match="holds results of s"), WatchFolder.entered(tmp_path / "w", "t"):
        pass
    state = tmp_path / "w/state.json"
    state.write_text(state.read_text().replace('"records": 2', '"records": 3'))
    with pytest.raises(InputError, match="was altered"), WatchFolder.entered(tmp_path / "w", "s"):
        pass
    (tmp_path / "x").mkdir()
    (tmp_path / "x/mine.txt").write_text("")
    with pytest.raises(InputError, match="holds other files"), WatchFolder.entered(tmp_path / "x", "s"):
        pass


def test_the_last_batch_is_remembered_until_it_is_acknowledged(tmp_path):
    with WatchFolder.entered(tmp_path / "w", "s") as folder:
        folder.write({("data", "p"): TABLE}, (), replace(folder.state, last=("d",)), {"p": ("1", "2")})
    with WatchFolder.entered(tmp_path / "w", "s") as folder:
        assert folder.state.last == ("d",)
        folder.acknowledged()
    with WatchFolder.entered(tmp_path / "w", "s") as folder:
        assert folder.state.last == ()


def test_partitions_as_file_names():
    assert slug("a/b") != slug("a.b") != slug("a_b")
    assert "/" not in slug("a/b")
