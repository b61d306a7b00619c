import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.lift.robustness import spoiled
from tests.lift._planted import records


def states(block, positions, seed=0):
    return dict(spoiled(block, positions, seed))


def changed(block, other, name):
    return np.array([a != b for a, b in zip(block.text(name).to_pylist(), other.text(name).to_pylist(), strict=True)])


def test_only_the_test_records_are_spoiled_and_never_their_targets():
    block, _ = records(400)
    at = np.arange(100, 300)
    for other in states(block, at).values():
        for column in block.schema:
            moved = changed(block, other, column.name)
            assert not moved[:100].any()
            assert not moved[300:].any()
            if column.role is Role.TARGET:
                assert not moved.any()


def test_three_tenths_of_the_cells_go_missing():
    block, _ = records(400)
    other = states(block, np.arange(400))["missing"]
    for name in ("first", "second", "place"):
        assert 90 < other.text(name).null_count < 150


def test_a_shift_moves_every_number_up_by_half_a_deviation():
    block, _ = records(400)
    other = states(block, np.arange(400))["shift"]
    for name in ("first", "second"):
        assert other.numbers(name) - block.numbers(name) == pytest.approx(0.5 * np.std(block.numbers(name)))
    assert not changed(block, other, "place").any()


def test_noise_moves_numbers_about_and_swaps_categories():
    block, _ = records(400)
    other = states(block, np.arange(400))["noise"]
    moved = other.numbers("first") - block.numbers("first")
    assert moved.std() == pytest.approx(0.5 * np.std(block.numbers("first")), rel=0.15)
    assert abs(moved.mean()) < 0.1
    assert 50 < changed(block, other, "place").sum() < 130
    assert set(other.text("place").to_pylist()) == set(block.text("place").to_pylist())


def test_the_same_seed_spoils_the_same_cells():
    block, _ = records(60)
    first, again, other = (states(block, np.arange(60), seed) for seed in (1, 1, 2))
    assert all(first[name].table.equals(again[name].table) for name in first)
    assert not first["missing"].table.equals(other["missing"].table)


def small(decimal=".", **cells):
    roles = {"n": Role.NUMBER, "c": Role.CATEGORY, "t": Role.TEXT}
    columns = tuple(Column(name, roles[name], decimal=decimal) for name in cells)
    table = pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})
    return Block(np.arange(table.num_rows), table, Schema(columns))


def test_gaps_stay_gaps_and_numbers_are_written_as_the_column_is():
    block = small(",", n=["1,0", None, "3,0", "x"])
    other = states(block, np.arange(4))["shift"]
    assert other.text("n").to_pylist() == ["1,5", None, "3,5", "x"]
    assert states(small(n=[None, None]), np.arange(2))["shift"].text("n").to_pylist() == [None, None]


def test_what_cannot_be_spoiled_that_way_is_left_out():
    assert list(states(small(c=["a", "b"] * 20), np.arange(40))) == ["missing", "noise"]
    assert list(states(small(t=["a", "b"]), np.arange(2))) == ["missing"]
    assert list(states(small(n=["1", "2"]), np.arange(2))) == ["missing", "noise", "shift"]
