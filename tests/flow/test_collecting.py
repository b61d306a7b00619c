"""Karat's own record numbers, met again in the input; and versions as data."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.flow.collecting import as_ordered, in_words, resolved
from karat.flow.exporting import exported
from karat.store.versions import Store


@pytest.fixture
def run(tmp_path):
    """A run folder with two versions: one record is there twice."""
    lines = [f"{at},{at * at % 101 / 8},{'ab'[at % 2]}" for at in range(40)]
    (tmp_path / "in.csv").write_text("\n".join(["id,x,y", *lines, lines[5]]) + "\n")
    karat.clean(tmp_path / "in.csv", out=tmp_path / "run")
    return tmp_path / "run"


def test_what_karat_wrote_can_be_cleaned_again(run, tmp_path):
    karat.clean(run / "data.parquet", out=tmp_path / "again")
    written = pq.read_table(tmp_path / "again" / "data.parquet")
    assert written.column_names == ["_row", "id", "x", "y"]


def test_a_version_is_data_and_keeps_its_numbers(run, tmp_path):
    first, second = resolved(f"{run}@1"), resolved(f"{run}@2")
    assert first.column_names == second.column_names == ["_row", "id", "x", "y"]
    assert set(second["_row"].to_pylist()) < set(first["_row"].to_pylist()) == set(range(41))
    assert karat.assess(f"{run}@1", out=tmp_path / "first").schema.names == ("id", "x", "y")
    assert karat.assess(f"{run}@2", out=tmp_path / "second").accounting["in"] == second.num_rows < first.num_rows


def test_a_column_of_that_name_in_the_input_is_kept_and_export_gives_its_name_back(tmp_path):
    (tmp_path / "in.csv").write_text("x,_row\n" + "".join(f"{at * at},{96 - at}\n" for at in range(9)))
    done = karat.clean(tmp_path / "in.csv", out=tmp_path / "run")
    assert done.data["_row_input"].to_pylist() == [96 - at for at in range(9)]
    place = exported(Store(tmp_path / "run" / "store"), tmp_path / "run", 1, tmp_path / "out")
    table = pq.read_table(place / "data.parquet")
    assert table.column_names == ["x", "_row"]
    assert table["_row"].to_pylist() == [str(96 - at) for at in range(9)]
    with pytest.raises(InputError, match="_row_input"):
        karat.assess(pa.table({"_row": ["a", "b"], "_row_input": [1, 2]}), out=tmp_path / "both")


def test_what_is_ordered_of_the_model_stands_in_the_schema_and_wrong_orders_are_told():
    columns = (Column("debt", Role.NUMBER, "float64"), Column("home", Role.CATEGORY), Column("late", Role.TARGET))
    schema = Schema(columns, "classification")
    ordered = as_ordered(schema, {"debt": "increasing"}, "Scorecard")
    assert ordered["debt"].monotone == "increasing"
    assert ordered.learner == "Scorecard"
    assert Schema.from_json(ordered.to_json()) == ordered
    assert "monotone" not in str(schema.to_json())
    for monotone, learner, words in (
        ({"dept": "increasing"}, "", "Did you mean 'debt'"),
        ({"home": "increasing"}, "", "not of numbers"),
        ({}, "Scorecrad", "Did you mean 'Scorecard'"),
    ):
        with pytest.raises(OptionError, match=words):
            as_ordered(schema, monotone, learner)


SAID = {"records": 8, "quarantined": 0, "columns": 3, "sources": [], "kind": "table", "kind_reason": "records"}


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "8 in → 8 records × 3 columns"),
        ({"quarantined": 2, "first_errors": ["a", "b"]}, "10 in → 8 records × 3 columns · 2 quarantined (a; b)"),
        ({"text": "body", "passed": {}}, "8 in → 8 documents in column 'body'"),
        (
            {"text": "body", "passed": {"revisit": 1, "request": 2}},
            "8 in → 8 documents in column 'body' · 3 records without a document passed over",
        ),
        (
            {"sources": [{"path": "a/cats", "empty": True}, {"path": "a/dogs"}]},
            "8 in → 8 records × 3 columns · no picture in the folder cats",
        ),
    ],
)
def test_the_line_of_the_room_counts_what_came_and_what_was_lost(more, line):
    assert in_words(SAID | more).splitlines()[0] == line
    assert "read as" not in in_words(SAID | more)
    assert in_words(SAID | more | {"assumed": "comma"}).splitlines()[-1] == "read as    comma"


def test_files_of_another_kind_in_a_folder_are_counted(tmp_path):
    for place in (home := tmp_path / "tables", texts := tmp_path / "texts"):
        place.mkdir()
        for name in ("x.pdf", "y.pdf", "z.docx"):
            (place / name).write_bytes(b"%")
    for part in range(3):
        (home / f"{part}.csv").write_text("a,b\n" + "".join(f"{k},{k % 3}\n" for k in range(20)))
        (texts / f"{part}.txt").write_text("A text of some words that says what it has to say, and then ends. " * 9)
    for data, count in ((home, 6), (texts, 6)):
        room = karat.assess(data, out=tmp_path / f"run_{data.name}").path / "run.json"
        said = json.loads(room.read_text())["rooms"]["collect"]
        assert (said["files"], said["files_passed"]) == (count, {".pdf": 2, ".docx": 1})
        assert "\nfiles      3 of 6 files were skipped: 2 .pdf, 1 .docx\n" in in_words(said)
    alone = json.loads((karat.assess(home / "0.csv", out=tmp_path / "alone").path / "run.json").read_text())
    assert "files_passed" not in alone["rooms"]["collect"]


def test_bytes_are_no_text_and_texts_no_bytes(tmp_path):
    table = pa.table({"n": [str(at) for at in range(30)], "raw": pa.array([b"\x89PNG"] * 30, pa.binary())})
    schema = karat.assess(table, out=tmp_path / "run", kind="table").schema
    assert [(column.name, column.role, column.type) for column in schema] == [
        ("n", Role.ID, "int64"),
        ("raw", Role.IGNORE, "string"),
    ]


def test_what_could_not_be_read_is_in_quarantine_and_counted(tmp_path):
    lines = [f"{at},{at * at}" for at in range(30)]
    lines[4], lines[9] = "4,16,extra", "9"
    (tmp_path / "in.csv").write_text("\n".join(["a,b", *lines]) + "\n")
    done = karat.assess(tmp_path / "in.csv", out=tmp_path / "run")
    assert done.accounting == {"in": 30, "kept": 28, "removed": {}, "quarantined": 2}
    quarantined = done.quarantine.to_pylist()
    assert [(entry["line"], entry["raw"]) for entry in quarantined] == [(6, b"4,16,extra\n"), (11, b"9\n")]
