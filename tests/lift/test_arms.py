import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.lift.arms import filled, fillings, first_of_each, known_target, plain, target_gaps


def block(task="classification", rows=None, decimal=".", **cells):
    roles = {"n": (Role.NUMBER, "float64"), "w": (Role.NUMBER, "int64"), "c": (Role.CATEGORY, "string")}
    kind = "float64" if task == "regression" else "string"
    columns = tuple(
        Column(name, *roles[name], decimal=decimal) if name in roles else Column(name, Role.TARGET, kind)
        for name in cells
    )
    table = pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})
    rows = np.arange(table.num_rows) if rows is None else np.array(rows)
    return Block(rows, table, Schema(columns, task=task))


def test_a_target_is_known_where_it_is_there_and_can_be_read():
    assert known_target(block(y=["a", None, "b"])).tolist() == [True, False, True]
    assert known_target(block(task="regression", y=["1", None, "word", "inf"])).tolist() == [True, False, False, False]


def test_targets_that_completeness_blanks_are_gaps_in_disguise():
    data = block(rows=[3, 5, 8], y=["1", "-9", "2"])

    def patch(row, after, check="DisguisedMissing", column="y"):
        return changes(1, row=row, column=column, action="set", after=after, check=check)

    assert target_gaps(data, {"a": patch(5, None)}).tolist() == [False, True, False]
    assert not target_gaps(data, {"a": patch(5, "0")}).any()  # filled, not blanked
    assert not target_gaps(data, {"a": patch(5, None, "SuspectLabels")}).any()  # of another dimension
    assert not target_gaps(data, {"a": patch(5, None, "NoSuchCheck")}).any()
    assert not target_gaps(data, {"a": patch(5, None, column="n")}).any()
    both = {"a": patch(5, None), "b": patch(8, None)}
    assert target_gaps(data, both).tolist() == [False, True, True]


def test_the_first_of_each_record_stays():
    data = block(n=["1", "2", "1", "1", None, None], c=["a", "a", "a", "b", None, None])
    assert first_of_each(data).tolist() == [0, 1, 3, 4]
    assert first_of_each(block(n=[])).tolist() == []


def test_gaps_are_filled_with_the_median_and_the_most_frequent():
    data = block(n=["1", "2", None, "x", "10"], w=["4", "2", "2", "4", None], c=["b", "a", "b", None, "c"], y=["0"] * 5)
    assert fillings(data) == {"n": "2.0", "w": "3", "c": "b"}
    whole = filled(data, {"n": "2.0", "c": "b"})
    assert whole.table["n"].to_pylist() == ["1", "2", "2.0", "2.0", "10"]
    assert whole.table["c"].to_pylist() == ["b", "a", "b", "b", "c"]
    assert whole.table["w"].to_pylist()[-1] is None


def test_fillings_are_written_as_the_column_is():
    assert fillings(block(n=["1,5", "2,5"], decimal=",")) == {"n": "2,0"}
    assert fillings(block(w=["1", "2"])) == {"w": "1.5"}
    assert fillings(block(n=[None, "x"], c=[None, None])) == {}


def test_plain_cleaning_drops_repeats_before_it_fills():
    data = block(rows=[2, 4, 6, 8], n=["1", "1", "9", None], y=["0", "0", "0", "0"])
    cleaned, values = plain(data)
    assert cleaned.rows.tolist() == [2, 6, 8]
    assert values == {"n": "5.0"}  # of 1 and 9, each once
    assert cleaned.table["n"].to_pylist() == ["1", "9", "5.0"]


@pytest.mark.parametrize("values", [{}, {"n": "7"}])
def test_records_without_gaps_stay_as_they_are(values):
    data = block(n=["1", "2"])
    assert filled(data, values).table["n"].to_pylist() == ["1", "2"]
