"""Errors are planted where values stand, known to the cell, and the same for a seed."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.slips import OF_NUMBERS, OF_TEXT, planted

SCHEMA = Schema((Column("town", Role.CATEGORY), Column("size", Role.NUMBER, "float64"), Column("gap", Role.TEXT)))


def block():
    towns = [("Berlin", "Madrid", "Lisbon", "Vienna")[at % 4] for at in range(60)]
    sizes = [str(100 + 7 * at) for at in range(60)]
    table = pa.table({"town": towns, "size": sizes, "gap": pa.nulls(60, pa.string())})
    return Block(np.arange(60), table, SCHEMA)


def test_the_cells_that_differ_are_those_named():
    before, (after, slips) = block(), planted(block(), SCHEMA.names)
    differ = {
        (at, name)
        for name in SCHEMA.names
        for at in range(60)
        if before.text(name)[at].as_py() != after.text(name)[at].as_py()
    }
    assert differ == {(slip.at, slip.column) for slip in slips}
    assert len(slips) == len(differ) > 20


def test_blanks_stay_blank_and_kinds_suit_the_values():
    _, slips = planted(block(), SCHEMA.names)
    assert {slip.column for slip in slips} == {"town", "size"}
    assert {slip.kind for slip in slips if slip.column == "town"} <= {*OF_TEXT}
    assert {slip.kind for slip in slips if slip.column == "size"} == {*OF_NUMBERS}


def test_an_exchange_between_columns_spoils_two_cells():
    _, slips = planted(block(), SCHEMA.names)
    moved = sorted(slip.at for slip in slips if slip.kind == "moved")
    assert moved
    assert moved[::2] == moved[1::2]


def test_the_same_seed_gives_the_same_errors():
    assert planted(block(), SCHEMA.names, 3)[1] == planted(block(), SCHEMA.names, 3)[1]
    assert planted(block(), SCHEMA.names, 3)[1] != planted(block(), SCHEMA.names, 4)[1]


def test_errors_stay_in_the_columns_asked_for_but_for_exchanges():
    _, slips = planted(block(), ["town"])
    assert {slip.kind for slip in slips if slip.column != "town"} == {"moved"}
