"""Columns that only the newer version has, and targets that it spells otherwise."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.lift.added_columns import added_columns, checked_target, filled_in, widened
from karat.lift.design import Design
from karat.lift.versions import compare
from tests.lift._planted import records

EXTRA = Column("extra", Role.NUMBER, "float64")
PLAN = Design(folds=3, repeats=2, placebos=9)


def with_extra(block, values):
    table = block.table.append_column("extra", pa.array(values))
    return Block(block.rows, table, Schema((*block.schema, EXTRA), task=block.schema.task))


def respelled(block, words):
    values = [words[text] for text in block.text("y").to_pylist()]
    return Block(block.rows, block.table.set_column(3, "y", [values]), block.schema)


def test_a_column_with_a_role_that_only_b_has_is_added():
    block, _ = records(20)
    more = with_extra(block, ["1"] * 20)
    assert added_columns(block, more) == (EXTRA,)
    assert added_columns(more, more) == ()
    assert added_columns(block, Block(more.rows, more.table, block.schema)) == ()


def test_records_are_widened_by_blanks_and_filled_by_number():
    block, _ = records(4)
    wide = widened(block, [EXTRA])
    assert wide.table["extra"].null_count == 4
    assert wide.schema["extra"] is EXTRA
    other = with_extra(block, ["a", "b", "c", "d"]).take(np.array([0, 2, 3]))
    assert filled_in(wide, other, [EXTRA]).table["extra"].to_pylist() == ["a", None, "c", "d"]


@pytest.mark.parametrize("shifted", [False, True])
def test_an_added_feature_is_worth_what_it_tells(shifted):
    block, _ = records(240)
    less = Block(
        block.rows,
        block.table.drop_columns(["first"]),
        Schema(tuple(c for c in block.schema if c.name != "first"), task="classification"),
    )
    before = less.take(np.arange(200))
    found = compare(before, block.take(np.arange(20, 240)) if shifted else block.take(np.arange(200)), plan=PLAN)
    assert found.verdict == "worth it"
    assert found.placebo.lift < found.lift / 3
    assert found.contributions[0].family == "column first"
    assert any("measured as features" in note and "first" in note for note in found.notes)


def test_noise_is_no_feature():
    block, _ = records(200)
    noise = np.random.default_rng(3).normal(size=200)
    found = compare(block, with_extra(block, [f"{v:.3f}" for v in noise]), truth=block, plan=PLAN)
    assert found.verdict in ("no effect seen", "harm")
    assert abs(found.lift) < 0.05


def test_a_target_spelled_otherwise_is_an_error_and_partly_a_note():
    block, _ = records(60)
    with pytest.raises(InputError, match=r"target 'y' holds .*'yes'.* in B, where A has '0', '1'"):
        checked_target(block, respelled(block, {"0": "no", "1": "yes"}))
    some = respelled(block, {"0": "0", "1": "yes"})
    count = block.text("y").to_pylist().count("1")
    assert checked_target(block, some).startswith(f"{count} records of B have a target that A does not know ('yes')")
    assert checked_target(block, block) == ""
    numbers, _ = records(60, task="regression")
    words = Block(numbers.rows, numbers.table.set_column(3, "y", [["high"] * 60]), numbers.schema)
    with pytest.raises(InputError, match="where A has numbers"):
        checked_target(numbers, words)
