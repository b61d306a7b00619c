import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import ROW, Block
from karat.core.errors import InputError
from karat.core.patch import apply
from karat.core.schema import Column, Role, Schema
from karat.lift.pairing import DROPPED, OTHERS, VersionChanges, aligned, difference, unit_weights


def block(rows=None, types=(), **cells):
    columns = tuple(Column(name, Role.ID if name == ROW else Role.CATEGORY) for name in cells)
    table = pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})
    return Block(np.arange(table.num_rows) if rows is None else np.array(rows), table, Schema(columns))


def test_by_position_where_the_counts_agree():
    after = block(x=["a", "q"], y=["c", "d"], more=["1", "2"])
    before, after, words = aligned(block([4, 7], x=["a", "b"], y=["c", "d"]), after)
    assert before.rows.tolist() == after.rows.tolist() == [4, 7]
    assert after.table.column_names == ["x", "y"]
    assert words == "records of the two versions were paired by position; their content agrees"
    with pytest.raises(InputError, match="2 records before and 2 after cannot be paired"):
        aligned(block(x=["a", "b"]), block(x=["c", "d"]))


def test_records_only_in_one_version_by_content():
    before, after, words = aligned(
        block([3, 5, 8], x=["a", "a", "c"], y=["1", "2", "2"]), block(x=["c", "a", "q"], y=["2", "1", "9"])
    )
    assert before.rows.tolist() == [3, 5, 8]
    assert after.rows.tolist() == [3, 8, 9]
    assert words.endswith("by content")


def test_by_the_numbers_karat_wrote_in_whatever_order():
    before = block(x=["a", "b", "c"], _row=["5", "2", "9"])
    after = block(x=["C", "A", "new"], _row=["9", "5", "11"])
    first, second, _ = aligned(before, after)
    assert (first.rows.tolist(), first.table["x"].to_pylist()) == ([2, 5, 9], ["b", "a", "c"])
    assert (second.rows.tolist(), second.table["x"].to_pylist()) == ([5, 9, 11], ["A", "C", "new"])
    assert ROW not in first.schema.names


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["1", "1"], "names a record twice after"),
        (["1", "x"], "does not hold whole numbers"),
        (["1", "1.5"], "whole numbers"),
    ],
)
def test_numbers_that_are_none_are_refused(numbers, message):
    with pytest.raises(InputError, match=message):
        aligned(block(x=["a", "b"]), block(x=["a", "b"], _row=numbers))
    with pytest.raises(InputError, match="twice before"):
        aligned(block(x=["a", "b"], _row=["1", "1"]), block(x=["a", "b"], _row=["1", "2"]))


def test_by_key_and_new_records_get_numbers_beyond():
    before = block([3, 6, 8], k=["a", "b", "c"], x=["1", "2", "3"])
    after = block(k=["c", "new", "a", "newer"], x=["30", "40", "10", "50"])
    first, second, _ = aligned(before, after, "k")
    assert first.rows.tolist() == [3, 6, 8]
    assert second.rows.tolist() == [3, 8, 9, 10]
    assert second.table["x"].to_pylist() == ["10", "30", "40", "50"]


def test_keys_that_do_not_identify_are_refused():
    with pytest.raises(InputError, match="repeated or missing values"):
        aligned(block(k=["a", "a"]), block(k=["a", "b"]), "k")
    with pytest.raises(InputError, match="repeated or missing values"):
        aligned(block(k=["a", None]), block(k=["a", "b"]), "k")
    with pytest.raises(InputError, match="'q' is not a column before"):
        aligned(block(k=["a"]), block(k=["a"]), "q")


def test_a_column_that_is_gone_is_named():
    with pytest.raises(InputError, match="column 'y' is missing after the change"):
        aligned(block(x=["a"], y=["b"]), block(x=["a"]))


def test_changed_cells_and_dropped_records_are_the_difference():
    before = block([1, 2, 3, 4], x=["a", None, "c", None], y=["1", "2", "3", "4"])
    after = block([1, 2, 4, 9], x=["a", "b", None, "n"], y=["1", "2", "5", "6"])
    patches = difference(before, after)
    assert set(patches) == {"column x", "column y", DROPPED}
    assert patches["column x"].select(["row", "before", "after"]).to_pylist() == [
        {"row": 2, "before": None, "after": "b"}
    ]
    assert patches["column y"].select(["row", "before", "after"]).to_pylist() == [
        {"row": 4, "before": "4", "after": "5"}
    ]
    assert patches[DROPPED]["row"].to_pylist() == [3]
    table, rows = apply(before.table, before.rows, pa.concat_tables(list(patches.values())))
    assert rows.tolist() == [1, 2, 4]
    assert table["x"].to_pylist() == ["a", "b", None]


def test_equal_versions_differ_by_nothing():
    same = block(x=["a", None], y=["1", "2"])
    assert difference(same, same) == {}


def wide(count):
    """Versions of which column k differs in k + 1 of its cells."""
    cells = {f"c{at}": ["0"] * 9 for at in range(count)}
    moved = {f"c{at}": ["1"] * (at + 1) + ["0"] * (8 - at) for at in range(count)}
    return block(**cells), block(**moved)


def test_beyond_four_columns_the_least_changed_go_together():
    assert set(difference(*wide(5))) == {f"column c{at}" for at in range(5)}
    patches = difference(*wide(6))
    assert set(patches) == {"column c5", "column c4", "column c3", "column c2", OTHERS}
    assert patches[OTHERS].num_rows == 1 + 2


def test_changes_are_those_of_the_records_asked_about_and_other_records_stay():
    before, after = block([1, 2, 3], x=["a", "b", "c"]), block([1, 2, 3], x=["A", "b", "C"])
    refined = VersionChanges(difference(before, after))
    here = refined(before.take(np.array([1, 2])))
    assert here.patches["column x"]["row"].to_pylist() == [3]
    other = block([7], x=["z"])
    assert here.mend(other) is other
    assert not here.findings.num_rows


def test_other_changes_have_another_key():
    before = block(x=["a", "b"])
    one, two, three = (VersionChanges(difference(before, block(x=[cell, "b"]))).key for cell in ("c", "d", "c"))
    assert one == three != two
    assert VersionChanges({}).key != one


def test_a_weight_that_only_the_newer_version_has_is_a_change_from_one():
    a = Block(np.arange(3), pa.table({"x": ["1", "2", "3"]}), Schema((Column("x", Role.NUMBER, "float64"),)))
    b = Block(np.arange(3), pa.table({"x": ["1", "2", "3"], "_weight": ["0.5", "1", "2"]}), a.schema)
    before, after, _ = aligned(a, b)
    assert before.table["_weight"].to_pylist() == ["1", "1", "1"]
    (patch,) = difference(before, after).values()
    assert patch["row"].to_pylist() == [0, 2]
    assert patch["after"].to_pylist() == ["0.5", "2"]
    assert unit_weights(after) is after
