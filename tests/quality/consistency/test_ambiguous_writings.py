"""Columns that can be read in two ways are told, those that decide themselves are not."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.ambiguous_writings import AmbiguousWritings, decimal_marks, mixed_marks

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


def test_a_column_that_mixes_decimal_marks_is_told_with_both_shares() -> None:
    column = Column("a", Role.NUMBER, "float64", decimal=",")
    [message] = told(["0.5"] * 95 + ["0,25"] * 5, column)
    assert "95 of 100 cells (95 %) like '0.5' · 5 of 100 cells (5.0 %) like '0,25'; each cell is read" in message
    [message] = told(["1,200.50"] * 95 + ["7.300,25"] * 5, Column("a", Role.CATEGORY))
    assert message.endswith("left as text")
    [message] = told(["1,200.50"] * 95 + ["3,25"] * 5, Column("a", Role.NUMBER, "float64", thousands=","))
    assert message.endswith("',' is read as the thousands mark of all")
    assert told([f"{at}.5" for at in range(98)] + ["1,25", "2,25"], column) == []  # may be slips
    assert told([f"{at},5" for at in range(100)], column) == []
    assert told([f"1,{at:03d}.5" for at in range(100)], Column("a", Role.NUMBER, "float64", thousands=",")) == []


def test_mixed_marks_are_those_of_columns_of_numbers_commonest_first() -> None:
    both = [f"{at}.5" for at in range(95)] + [f"{at},25" for at in range(9)]
    cells = pa.table({"a": both, "b": [*both[:-20], *["none"] * 20]})
    schema = Schema((Column("a", Role.NUMBER, "float64", decimal=","), Column("b", Role.CATEGORY)))
    counts = AmbiguousWritings().learn(Block(np.arange(104), cells, schema))
    assert mixed_marks(counts, schema) == {"a": (".", ",")}
    assert [mark for mark, _, _ in decimal_marks(counts.columns["a"])] == [".", ","]
