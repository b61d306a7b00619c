"""The rooms of records, one after the other."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.flow.folder import RunFolder, write_sealed
from karat.flow.job import Job
from karat.flow.records import RecordRooms
from karat.flow.run_state import Walk
from karat.flow.settings import made_settings

CITIES = ["Oslo", "Bergen", "Oslo ", "Oslo"] * 20
TABLE = pa.table({"age": [20 + k % 41 for k in range(80)], "city": CITIES})


@pytest.fixture
def rooms(tmp_path: Path):
    def of(upto: str = "clean", table: pa.Table = TABLE, **settings) -> RecordRooms:
        folder = RunFolder.open(tmp_path / "run", "f" * 64)
        write_sealed(folder.work / "started.json", {"at": "2026-01-02T03:04:05"})
        job = Job(table, tmp_path / "run", upto, made_settings({"workers": 1, **settings}, "the test"))
        on = Walk(job, folder)
        on.enter("collect", RecordRooms(on).collect, str)
        return RecordRooms(on)

    return of


def test_records_are_collected_and_found_again(rooms) -> None:
    records = rooms()
    summary = records.on.rooms["collect"]
    assert (summary["records"], summary["kind"], summary["quarantined"]) == (80, "table", 0)
    assert records.data.whole().text("city").to_pylist() == CITIES
    assert records.data.extra["now"]
    assert records.data is records.data


def test_the_time_that_is_set_is_now(rooms) -> None:
    assert str(rooms(now="2020-05-06").data.extra["now"]).startswith("2020-05-06")


def test_assessing_changes_nothing(rooms) -> None:
    records = rooms("assess")
    summary = records.on.enter("clean", records.assess, str)
    assert (summary["records"], summary["kept"], summary["removed"]) == (80, 80, {})
    place = records.on.place("clean")
    assert not (place / "data.parquet").exists()
    books = json.loads((place / "accounting.json").read_text(encoding="utf-8"))
    assert books == {"in": 80, "kept": 80, "removed": {}, "quarantined": 0}
    assert pq.read_table(place / "findings.parquet").num_rows > 0


def test_cleaning_leaves_data_ledger_schema_and_versions(rooms) -> None:
    records = rooms()
    summary = records.on.enter("clean", records.clean, str)
    assert (summary["kept"], summary["cells"]) == (80, 20)
    place = records.on.place("clean")
    data = pq.read_table(place / "data.parquet")
    assert data["city"].to_pylist().count("Oslo") == 60
    assert str(data["age"].type) == "int64"
    assert pq.read_table(place / "ledger.parquet").num_rows == 20
    assert json.loads((place / "schema.json").read_text(encoding="utf-8"))["columns"]
    assert records.store(place) == {"raw": 1, "refined": 2}
    records.go_on()
    assert set(records.on.rooms) == {"collect", "clean"}
