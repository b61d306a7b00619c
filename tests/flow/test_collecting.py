"""Karat's own record numbers, met again in the input; and versions as data."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.flow.collecting import as_ordered, resolved
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
