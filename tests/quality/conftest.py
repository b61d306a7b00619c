"""What the tests of single checks share: columns of text judged, with the answer by cell."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.parsing import NUMBER_PATTERN
from karat.core.schema import Column, Role, Schema
from karat.core.state import freeze, thaw
from karat.core.unit import Check

Found = dict[tuple[int, str], tuple[float, str | None]]


def table_block(columns: dict[str, list[str | None]], **overrides: Column) -> Block:
    """Columns of text as a block; a column is one of numbers where nearly all of its cells are."""
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    schema = []
    for name in columns:
        held = table[name].drop_null()
        hits = pa.compute.sum(pa.compute.match_substring_regex(held, NUMBER_PATTERN)).as_py() or 0
        number = len(held) and hits >= 0.9 * len(held)
        few = len(held.unique()) <= 0.1 * len(held)
        role = Role.NUMBER if number else Role.CATEGORY if few else Role.TEXT
        schema.append(overrides.get(name) or Column(name, role, "float64" if number else "string"))
    return Block(np.arange(table.num_rows), table, Schema(tuple(schema)))


def judged(check: Check, block: Block, state: object = None) -> Found:
    """Confidence and suggestion by cell; the state is written down and read again first."""
    held = thaw(freeze(check.learn(block) if state is None else state))
    rows = check.judge(held, block).to_pylist()
    assert {row["check"] for row in rows} <= {check.code()}
    return {(row["row"], row["column"]): (row["confidence"], row["suggestion"]) for row in rows}


@pytest.fixture
def make_block() -> Callable[..., Block]:
    return table_block


@pytest.fixture
def judge() -> Callable[..., Found]:
    """Judge columns, given as keyword arguments or a block, with one check."""

    def ask(check: Check, block: Block | dict[str, list[str | None]], **overrides: Column) -> Found:
        return judged(check, block if isinstance(block, Block) else table_block(block, **overrides))

    return ask


@pytest.fixture
def sure() -> Callable[[Found], Found]:
    """The findings that count."""
    return lambda found: {cell: told for cell, told in found.items() if told[0] >= 0.5}
