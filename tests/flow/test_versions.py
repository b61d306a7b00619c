"""Every state is a version: what is stored, what is said of it, what comes back, what describes it."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.dataset import Dataset
from karat.flow.versions import _masked_how, in_words, restored, stored
from karat.store.versions import Store

CITIES = ["Oslo", "Bergen", "Oslo ", "Oslo"] * 20
TABLE = pa.table({"age": [20 + k % 41 for k in range(80)], "city": CITIES})


@pytest.fixture
def run(tmp_path: Path) -> Path:
    karat.clean(TABLE, out=tmp_path / "run", workers=1)
    return tmp_path / "run"


def test_raw_and_refined_are_versions_with_their_story(run: Path) -> None:
    raw, refined = Store(run / "store").log()
    assert (raw.label, refined.label, refined.parent) == ("raw", "refined", raw.number)
    assert raw.meta["fingerprint"] == json.loads((run / "run.json").read_text(encoding="utf-8"))["fingerprint"]
    assert refined.meta["changed_by"] == ["cells"]
    assert "personal_data" not in raw.meta
    assert Store(run / "store").read(1)[0]["city"].to_pylist() == CITIES


def test_an_old_version_comes_back_and_the_data_follow(run: Path) -> None:
    assert pq.read_table(run / "data.parquet")["city"].to_pylist().count("Oslo ") == 0
    assert restored(run, "raw") == 3
    data = pq.read_table(run / "data.parquet")
    assert data["city"].to_pylist() == CITIES
    assert data["_row"].to_pylist() == list(range(80))
    assert str(data["age"].type) == "int64"
    assert restored(run, 2) == 4
    assert pq.read_table(run / "data.parquet")["city"].to_pylist().count("Oslo ") == 0


def test_lineage_and_description_stand_beside(run: Path) -> None:
    events = [json.loads(line) for line in (run / "lineage.jsonl").read_text(encoding="utf-8").splitlines()]
    rooms = {event["job"]["name"].rpartition(".")[2] for event in events}
    assert {"collect", "clean", "store"} <= rooms
    for room in rooms:
        kinds = [event["eventType"] for event in events if event["job"]["name"].endswith(f".{room}")]
        assert kinds == ["START", "COMPLETE"]
    done = next(e for e in events if e["job"]["name"].endswith(".clean") and e["eventType"] == "COMPLETE")
    assert [output["name"] for output in done["outputs"]] == ["data.parquet"]
    assert json.loads((run / "croissant.json").read_text(encoding="utf-8"))["name"]


def test_without_versions_there_are_none(tmp_path: Path) -> None:
    karat.clean(TABLE, out=tmp_path / "run", workers=1, versions=False)
    assert not (tmp_path / "run" / "store").exists()
    record = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert record["rooms"]["store"] == {"raw": None, "refined": None}


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        ({"raw": None, "refined": None}, "versions are off"),
        ({"raw": 1, "refined": 1}, 'version 1 "raw": nothing was changed'),
        ({"raw": 1, "refined": 2}, 'version 2 "refined" ← 1 "raw"'),
    ],
)
def test_the_rooms_line(summary: dict, words: str) -> None:
    assert in_words(summary) == words


def test_records_of_a_data_set_with_their_numbers(tmp_path: Path) -> None:
    schema = Schema((Column("a", Role.TEXT),))
    table = pa.table({"a": ["x", None]})
    memory = stored(Dataset.of(Block(np.array([3, 9]), table, schema)))
    path = tmp_path / "raw.arrow"
    numbered = table.add_column(0, "_row", pa.array([3, 9], pa.int64()))
    with pa.ipc.new_file(str(path), numbered.schema) as out:
        out.write_table(numbered)
    disk = stored(Dataset(schema, path=path))
    for data, rows in (memory, disk):
        assert data.to_pydict() == {"a": ["x", None]}
        assert rows.tolist() == [3, 9]


def version(number: int, label: str, **meta: object) -> SimpleNamespace:
    return SimpleNamespace(number=number, label=label, meta=meta)


def test_masks_are_taken_back_in_raw_versions_alone_and_in_what_was_restored_from_them() -> None:
    log = [
        version(1, "raw", personal_data="mask"),
        version(2, "refined", personal_data="mask"),
        version(3, "restored", restored=1),
        version(4, "restored", restored=3),
        version(5, "restored", restored=2),
        version(6, "raw"),
    ]
    store = SimpleNamespace(log=lambda: log)
    assert [_masked_how(store, number) for number in range(1, 7)] == ["mask", "", "mask", "mask", "", ""]
