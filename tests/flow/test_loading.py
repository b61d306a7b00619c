"""Whole data sets in memory: records with roles, and documents with their numbers."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError, OptionError
from karat.core.schema import Role
from karat.flow.loading import alike, documents, load, load_alike, masked_how, plain_settings
from karat.flow.settings import made_settings, written

TABLE = pa.table({"age": ["20", "N/A", "30"] * 20, "city": ["Oslo", "Bergen", None] * 20, "y": ["a", "b", "a"] * 20})


def test_records_come_with_roles_and_the_target_that_is_named() -> None:
    block = load(TABLE, plain_settings("y"))
    assert block.rows.tolist() == list(range(60))
    assert block.schema.target is not None
    assert block.schema.target.name == "y"
    assert block.numbers("age")[:3].tolist()[::2] == [20.0, 30.0]
    assert block.missing("age").sum() == 20
    assert block.text("city").null_count == 20


def test_settings_of_a_target_and_of_reading_alone() -> None:
    settings = plain_settings("y", {"delimiter": ";"}, seed=3)
    assert (settings.collect.target, settings.collect.delimiter, settings.seed) == ("y", ";", 3)
    assert plain_settings("") == made_settings({}, "nothing")


def test_another_version_is_read_with_the_roles_of_the_first(tmp_path: Path) -> None:
    block = load(TABLE, plain_settings("y"))
    path = tmp_path / "b.csv"
    path.write_text("age;city;y\n40;Oslo;a\n;Bergen;b\n", encoding="utf-8")
    other = load_alike(path, block, {"delimiter": ";"})
    assert other.schema is block.schema
    assert other.rows.tolist() == [0, 1]
    assert other.numbers("age")[0] == 40
    assert other.schema["age"].role is Role.NUMBER


def test_documents_without_blanks_keep_their_numbers() -> None:
    texts, rows, numbered = documents(["one", "", None, "two"])
    assert texts.type == pa.large_string()
    assert (texts.to_pylist(), rows.tolist(), numbered) == (["one", "two"], [0, 3], False)
    table = pa.table({"_row": [7, 9], "id": ["x", "y"], "body": ["long text", "another"]})
    texts, rows, numbered = documents(table)
    assert (texts.to_pylist(), rows.tolist(), numbered) == (["long text", "another"], [7, 9], True)


def test_the_longest_column_holds_the_documents_unless_another_is_named() -> None:
    table = pa.table({"a": ["short"] * 2, "b": ["a much longer text"] * 2, "n": [10**20 % 97, 2]})
    assert documents(table)[0].to_pylist() == ["a much longer text"] * 2
    assert documents(table, "a")[0].to_pylist() == ["short"] * 2
    with pytest.raises(OptionError, match="column 'c' not found"):
        documents(table, "c")
    with pytest.raises(InputError, match="no column of texts"):
        documents(pa.table({"n": [1]}))


def test_documents_of_files_and_of_a_run(tmp_path: Path) -> None:
    pq.write_table(pa.table({"t": ["x", "y"]}), tmp_path / "a.parquet")
    assert documents(tmp_path / "a.parquet")[0].to_pylist() == ["x", "y"]
    lines = tmp_path / "b.jsonl"
    lines.write_text("".join(json.dumps({"text": f"text {k}"}) + "\n" for k in range(3)), encoding="utf-8")
    assert documents(lines)[0].to_pylist() == ["text 0", "text 1", "text 2"]
    run = tmp_path / "run"
    run.mkdir()
    (run / "run.json").write_text("{}", encoding="utf-8")
    pq.write_table(pa.table({"_row": [4], "text": ["kept"]}), run / "data.parquet")
    texts, rows, numbered = documents(run)
    assert (texts.to_pylist(), rows.tolist(), numbered) == (["kept"], [4], True)


def test_copies_that_a_run_dropped_stand_beside_what_it_kept(tmp_path: Path) -> None:
    assert alike(TABLE).shape == alike(tmp_path).shape == (0, 2)
    ledger = pa.table({"row": [3, 5, None], "keeper": pa.array([1, None, 2], pa.int64())})
    pq.write_table(ledger, tmp_path / "ledger.parquet")
    assert alike(tmp_path).shape == (0, 2)  # not yet a run
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    for data in (tmp_path, str(tmp_path), f"{tmp_path}@2"):
        assert alike(data).tolist() == [[3, 1]]
    assert alike(tmp_path).dtype == np.int64


def test_how_personal_data_was_treated(tmp_path: Path) -> None:
    assert masked_how(tmp_path) == masked_how(["text"]) == "keep"
    settings = made_settings({"clean": {"personal_data": "hash"}}, "the test")
    (tmp_path / "karat.toml").write_text(written(settings), encoding="utf-8")
    assert masked_how(tmp_path) == masked_how(f"{tmp_path}@1") == "hash"
