"""Rows of totals are offered for removal, whole, and never removed unasked."""

import json

import numpy as np
import pyarrow as pa

from karat.clean.drop_total_rows import DropTotalRows
from karat.core.block import Block
from karat.core.finding import Dimension, findings
from karat.core.patch import apply, undo
from karat.core.schema import Column, Role, Schema

TABLE = pa.table({"shop": ["a", "b", "Total"], "sold": ["2", "3", "5"]})
BLOCK = Block(np.array([3, 4, 9]), TABLE, Schema((Column("shop", Role.CATEGORY), Column("sold", Role.NUMBER, "int64"))))


def said(confidence):
    return findings(
        "TotalRows", Dimension.CONSISTENCY, 1, row=[9], confidence=confidence, message="sums up the rows above"
    )


def test_it_asks_and_keeps_the_row_in_the_ledger():
    assert not DropTotalRows().safe
    patch = DropTotalRows().propose(BLOCK, said(0.9))
    assert (patch["row"].to_pylist(), patch["action"].to_pylist()) == ([9], ["drop"])
    assert json.loads(patch["before"][0].as_py()) == {"shop": "Total", "sold": "5"}
    table, rows = apply(TABLE, BLOCK.rows, patch)
    assert table["shop"].to_pylist() == ["a", "b"]
    assert undo(table, rows, patch)[0].equals(TABLE)


def test_a_suspicion_asks_nobody():
    assert DropTotalRows().propose(BLOCK, said(0.4)).num_rows == 0
