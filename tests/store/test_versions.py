"""Versions: same bytes, same number; nothing is written over; a killed writer harms nobody."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError, MachineError, OptionError
from karat.store.versions import Store

ODD = {
    "a.b": ["x", None, ""],
    "CO(GT)": ["1", "2", "3"],
    "城市": ["北京", None, "上海"],
    "": ["q", "r", "s"],
    "A": ["1", "2", "3"],
    "a": ["4", "5", "6"],
    "50%.x": ["", "", ""],
    "messages[0].content": ["a", "b", "c"],
}


def table(**columns: list[str | None]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def started(path: Path) -> Store:
    store = Store(path / "store")
    store.commit(table(a=["1", "2", None], b=["x", "y", "z"]), np.arange(3), parent=None, label="raw", meta={"k": 1})
    return store


def test_reads_back_value_for_value_with_odd_names_and_bytes(tmp_path: Path) -> None:
    held = pa.table({**ODD, "image": pa.array([b"\0\xff", None, b""], pa.binary())})
    store = Store(tmp_path / "store")
    assert store.commit(held, np.array([0, 5, 70_000]), parent=None, label="raw", meta={}) == 1
    back, rows = store.read()
    assert back.equals(held)
    assert rows.tolist() == [0, 5, 70_000]


def test_same_content_is_the_same_version(tmp_path: Path) -> None:
    store = started(tmp_path)
    refined = table(a=["1", "2", "3"], b=["x", "y", "z"])
    assert store.commit(refined, np.arange(3), parent=1, label="refined", meta={}) == 2
    assert store.commit(refined, np.arange(3), parent=1, label="refined", meta={"other": 1}) == 2
    assert [v.label for v in store.log()] == ["raw", "refined"]
    assert [v.parent for v in store.log()] == [None, 1]
    assert store.log()[0].meta == {"k": 1}
    assert store.head() == 2
    store.commit(table(a=["1", "2", None], b=["x", "y", "z"]), np.arange(3), parent=None, label="raw", meta={})
    assert store.head() == 1, "what was written last is what is read"


def test_a_version_keeps_the_time_at_which_it_was_written(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.commit(table(a=["1"]), np.arange(1), parent=None, label="raw", meta={})
    (version,) = store.log()
    assert store.log()[0].written_at == version.written_at


def test_unchanged_chunks_are_not_stored_twice(tmp_path: Path) -> None:
    n = 200_000
    store = Store(tmp_path / "store")
    first = table(a=[str(k) for k in range(n)])
    store.commit(first, np.arange(n), parent=None, label="raw", meta={})
    files = len(list((store.path / "data").iterdir()))
    keep = np.arange(n) != 70_001
    store.commit(first.filter(pa.array(keep)), np.arange(n)[keep], parent=1, label="refined", meta={})
    assert len(list((store.path / "data").iterdir())) == files + 1
    assert store.append(table(a=["new"]), to=1) == 3
    assert len(list((store.path / "data").iterdir())) == files + 2
    back, rows = store.read(3)
    assert back["a"].to_pylist() == [*first["a"].to_pylist(), "new"]
    assert rows.tolist() == list(range(n + 1))


def test_diff_by_row_and_cell(tmp_path: Path) -> None:
    store = started(tmp_path)
    store.commit(table(a=["1", None, "9"], b=["x", "y", "w"]), np.array([0, 1, 3]), parent=1, label="refined", meta={})
    assert store.diff("raw", 2).to_pylist() == [
        {"row": 1, "column": "a", "before": "2", "after": None, "action": "set"},
        {"row": 2, "column": None, "before": '{"a": null, "b": "z"}', "after": None, "action": "drop"},
        {"row": 3, "column": None, "before": None, "after": '{"a": "9", "b": "w"}', "action": "add"},
    ]
    assert store.diff(1, 1).num_rows == 0


def test_restore_gives_version_one_back(tmp_path: Path) -> None:
    store = started(tmp_path)
    raw, rows = store.read(1)
    store.commit(table(a=["7"], b=["8"]), np.array([2]), parent=1, label="refined", meta={})
    assert store.restore("raw") == 3
    back, back_rows = store.read()
    assert back.equals(raw)
    assert back_rows.tolist() == rows.tolist()
    assert store.log()[2].content == store.log()[0].content
    assert store.log()[2].parent == 2


def test_tags_find_versions_and_wrong_names_get_help(tmp_path: Path) -> None:
    store = started(tmp_path)
    store.tag(1, "golden")
    assert store.log()[0].tags == ("golden", "head", "raw")
    assert store.read("golden")[0].equals(store.read(1)[0])
    for name in ("raw", "head", "7", "two words"):
        with pytest.raises(OptionError):
            store.tag(1, name)
    with pytest.raises(OptionError, match="golden"):
        store.read("goldn")
    with pytest.raises(OptionError, match="Choose from: 1"):
        store.read(9)
    with pytest.raises(InputError, match="karat clean"):
        Store(tmp_path / "none").read()


def test_export_opens_elsewhere(tmp_path: Path) -> None:
    store = started(tmp_path)
    out = store.export(1, tmp_path / "out")
    moved = out.rename(tmp_path / "moved")
    assert Store(moved / "store").read()[0].equals(store.read(1)[0])
    assert pq.read_table(moved / "data.parquet").column_names == ["_row", "a", "b"]
    with pytest.raises(OptionError, match="empty folder"):
        store.export(1, moved)


def test_bad_tables_are_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    for held, rows in [(pa.table({"a": [1]}), [0]), (table(_row=["1"]), [0]), (table(a=["1", "2"]), [1, 0])]:
        with pytest.raises(InputError):
            store.commit(held, np.array(rows), parent=None, label="raw", meta={})
    empty = table(a=[])
    assert store.commit(empty, np.arange(0), parent=None, label="raw", meta={}) == 1
    assert store.read()[0].equals(empty)
    with pytest.raises(InputError, match="other columns"):
        store.append(table(b=["1"]))


WRITER = """
import sys, numpy as np, pyarrow as pa
from pathlib import Path
from karat.store.versions import Store
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
for k in range(10_000):
    n = 50_000
    store.commit(pa.table({"a": [f"{k} {i}" for i in range(n)]}), np.arange(n), parent=1, label="refined", meta={})
"""


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.1, 0.2])
def test_a_killed_writer_leaves_the_former_version(tmp_path: Path, seconds: float) -> None:
    store = started(tmp_path)
    raw = store.read(1)[0]
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(store.path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(seconds)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    after = Store(store.path)
    assert after.read(1)[0].equals(raw)
    last = after.read(after.log()[-1].number)[0]
    assert last.num_rows in (3, 50_000)
    assert after.restore(1) == len(after.log())


def test_two_writers_one_is_told(tmp_path: Path) -> None:
    store = started(tmp_path)
    with store._writing(), pytest.raises(MachineError, match="another process is writing"):
        Store(store.path).commit(table(a=["1"]), np.arange(1), parent=None, label="raw", meta={})
    assert Store(store.path).commit(table(a=["1"]), np.arange(1), parent=None, label="raw", meta={}) == 2


def test_an_empty_manifest_is_told_as_a_broken_store(tmp_path: Path) -> None:
    started(tmp_path)
    for manifest in (tmp_path / "store" / "_versions").glob("*.manifest"):
        manifest.write_bytes(b"")
    with pytest.raises(InputError, match="is broken"):
        Store(tmp_path / "store").read()
