import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.lift.slices import MAX_SLICES, slices

ROLES = {"n": Role.NUMBER, "c": Role.CATEGORY, "s": Role.SOURCE, "g": Role.GROUP}


def block(**cells):
    columns = tuple(Column(name, ROLES[name[0]], "float64" if name[0] == "n" else "string") for name in cells)
    table = pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})
    return Block(np.arange(table.num_rows), table, Schema(columns))


def names(data):
    return [part.name for part in slices(data)]


def test_values_that_hold_a_twentieth_but_not_nearly_all_are_slices():
    cells = ["a"] * 90 + ["b"] * 5 + ["c"] * 4 + [None]
    parts = slices(block(c=cells))
    assert [(part.column, part.name, int(part.mask.sum())) for part in parts] == [("c", "c = a", 90), ("c", "c = b", 5)]
    assert names(block(c=["a"] * 95 + ["b"] * 5)) == ["c = a", "c = b"]
    assert names(block(c=["a"] * 96 + ["b"] * 4)) == []


def test_at_most_eight_values_the_most_frequent():
    cells = [f"v{at}" for at in range(10) for _ in range(10 + at)]
    parts = names(block(c=cells))
    assert parts == [f"c = v{at}" for at in range(9, 1, -1)]


def test_numbers_are_cut_into_their_outer_thirds():
    values = [str(at) for at in range(90)]
    parts = slices(block(n=[*values, None, "x"]))
    assert [part.name for part in parts] == ["n < 29.67", "n ≥ 59.33"]
    assert [int(part.mask.sum()) for part in parts] == [30, 30]
    assert not parts[0].mask[-2:].any()


def test_an_end_of_a_third_belongs_to_what_lies_inside_it_or_above():
    low, high = slices(block(n=[str(at) for at in range(91)]))
    assert (low.name, high.name) == ("n < 30", "n ≥ 60")
    assert (int(low.mask.sum()), int(high.mask.sum())) == (30, 31)


def test_few_or_lumpy_numbers_have_no_thirds():
    assert names(block(n=[str(at) for at in range(75)])) != []
    assert names(block(n=[str(at) for at in range(74)])) == []
    assert names(block(n=["1"] * 50 + ["2"] * 30)) == []
    assert names(block(n=["1"] * 10 + ["2"] * 70 + ["3"] * 10)) == []


def test_sources_and_groups_come_first_and_numbers_keep_a_third_of_the_room():
    half = ["a", "b"] * 50
    data = block(n=[str(at) for at in range(100)], c=half, g=half, s=half)
    assert [part.column for part in slices(data)] == ["g", "g", "s", "s", "c", "c", "n", "n"]
    many = {f"c{at}": half for at in range(20)}
    numbers = {f"n{at}": [str(value) for value in range(100)] for at in range(6)}
    parts = [part.column[0] for part in slices(block(**many, **numbers))]
    assert len(parts) == MAX_SLICES
    assert parts.count("n") == 8
    alone = [part.column[0] for part in slices(block(**many))]
    assert alone == ["c"] * MAX_SLICES
    mostly = [part.column[0] for part in slices(block(c=half, **{f"n{at}": numbers["n0"] for at in range(20)}))]
    assert (mostly.count("c"), mostly.count("n")) == (2, 22)
