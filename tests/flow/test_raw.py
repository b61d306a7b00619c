"""The records of a run as they came in."""

import json
import os
from pathlib import Path

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.flow.raw import found_records, raw_records


def collected(run: Path, fingerprint: str, values: list[str], at: int) -> Path:
    place = run / ".work" / fingerprint / "collect"
    place.mkdir(parents=True)
    table = pa.table({"_row": pa.array(range(len(values)), pa.int64()), "a": values})
    with pa.ipc.new_file(str(place / "raw.arrow"), table.schema) as out:
        out.write_table(table)
    schema = Schema((Column("a", Role.TEXT),))
    (place / "schema.json").write_text(json.dumps(schema.to_json()), encoding="utf-8")
    os.utime(place / "raw.arrow", (at, at))
    return place


def test_the_newest_work_is_read(tmp_path: Path) -> None:
    collected(tmp_path, "b", ["new", "newer"], 2000)
    old = collected(tmp_path, "a", ["old"], 1000)
    assert raw_records(tmp_path).whole().text("a").to_pylist() == ["new", "newer"]
    os.utime(old / "raw.arrow", (3000, 3000))
    assert raw_records(tmp_path).whole().text("a").to_pylist() == ["old"]


def test_a_folder_without_records_says_how_to_get_them(tmp_path: Path) -> None:
    assert found_records(tmp_path) is None
    with pytest.raises(InputError, match="holds no records as they came in") as error:
        raw_records(tmp_path)
    assert str(tmp_path) in error.value.do
    (tmp_path / "schema.json").write_text(json.dumps(Schema((Column("a", Role.TEXT),)).to_json()), encoding="utf-8")
    assert found_records(tmp_path) is None


def test_records_without_their_schema_are_no_records(tmp_path: Path) -> None:
    place = collected(tmp_path, "a", ["x"], 1000)
    (place / "schema.json").unlink()
    assert found_records(tmp_path) is None
