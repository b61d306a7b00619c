"""The most diverse records of a run."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import OptionError
from karat.flow.selecting import select, wanted_size

TEXTS = ["a red fox ran", "the red fox ran", "a red fox ran off", "count to ten", "bread and butter"]


@pytest.fixture(params=["text", "cells"])
def run(request, tmp_path):
    role = "text" if request.param == "text" else "category"
    columns = [{"name": "said", "role": role, "type": "string"}, {"name": "n", "role": "number", "type": "int64"}]
    (tmp_path / "schema.json").write_text(json.dumps({"kind": "table", "task": "", "columns": columns}))
    table = pa.table({"_row": range(5), "said": TEXTS, "n": [1, 1, 1, 1, 1]})
    pq.write_table(table, tmp_path / "data.parquet")
    return tmp_path


def test_of_each_kind_of_text_one_is_chosen_and_records_stay_as_they_are(run):
    path = select(run, 3, seed=0)
    chosen = pq.read_table(path)
    assert {"count to ten", "bread and butter"} < set(chosen["said"].to_pylist())
    assert chosen.column_names == ["_row", "said", "n"]
    assert pq.read_table(select(run, 3, seed=0)).equals(chosen)


def test_more_than_there_are_is_an_error(run):
    with pytest.raises(OptionError, match="there are 5"):
        select(run, 6, seed=0)


@pytest.mark.parametrize("choice", ["diverse", "diverse=0", "diverse=x", "random=5"])
def test_another_choice_is_an_error_with_a_cure(choice):
    with pytest.raises(OptionError, match="diverse=N"):
        wanted_size(choice)
    assert wanted_size("diverse=12") == 12
