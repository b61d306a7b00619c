"""Columns that can be read in two ways are told, those that decide themselves are not."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.ambiguous_writings import AmbiguousWritings

DICE = np.random.default_rng(3)
EARLY = [f"{a:02d}/{b:02d}/2018" for a, b in DICE.integers(1, 13, (60, 2))]
OPEN = [f"{a}.{b:03d}" for a, b in zip(DICE.integers(1, 99, 60), DICE.integers(1000, size=60), strict=True)]


def told(cells: list[str | None], column: Column) -> list[str]:
    block = Block(np.arange(len(cells)), pa.table({"a": pa.array(cells, pa.string())}), Schema((column,)))
    check = AmbiguousWritings()
    state = check.learn(block)
    assert not check.judge(state, block).num_rows
    return [str(text) for text in check.conclude(state, block.schema)["message"].to_pylist()]


@pytest.mark.parametrize(("thousands", "read"), [("", "read as 1.250"), (".", "read as 1250")])
def test_numbers_that_can_be_read_in_two_ways(thousands: str, read: str) -> None:
    column = Column("a", Role.NUMBER, "float64", decimal="," if thousands else ".", thousands=thousands)
    [message] = told(["1.250"] * 3 + OPEN + [None] * 7, column)
    assert "63 of 63 cells" in message
    assert read in message
    assert told([*OPEN, *["0.5"] * 9], column) == []


def test_days_that_can_be_read_in_two_ways() -> None:
    column = Column("a", Role.CATEGORY)
    [message] = told(EARLY, column)
    assert "--date-order" in message
    assert told([*EARLY, "25/03/2018"], column) == []
    assert told(["own", "rent"] * 30, column) == []
