"""Whole records as numbers: equal ones have one, others differ, and blocks make no difference."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.record_hash import cell_terms, compared, record_hashes, whole


def block_of(rows, **columns):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Block(np.asarray(rows), table, Schema(tuple(Column(name, Role.CATEGORY) for name in columns)))


def test_equal_records_have_one_hash_and_what_stands_in_which_column_counts():
    block = block_of(range(4), a=["x", "x", "y", None], b=["y", "y", "x", None])
    hashes = record_hashes(block, ("a", "b"))
    assert hashes[0] == hashes[1]
    assert len(set(hashes.tolist())) == 3, "x and y are not y and x"
    assert record_hashes(block, ("a", "b")) is hashes
    assert record_hashes(block, ("a",)).tolist() != hashes.tolist()


def test_the_hash_of_a_record_is_the_sum_over_its_cells():
    block = block_of(range(2), a=["x", "z"], b=["y", "y"])
    terms = cell_terms(block, ("a", "b"))
    assert terms.shape == (2, 2)
    assert (terms.sum(axis=0, dtype=np.uint64) == record_hashes(block, ("a", "b"))).all()
    assert terms[1, 0] == terms[1, 1]
    assert terms[0, 0] != terms[0, 1]


@pytest.mark.parametrize("names", [("a", "b"), ("c",), ("b", "aside")])
def test_the_hash_over_some_columns_follows_from_their_cells_alone(names):
    rows = {"a": list("abca"), "b": ["x", None, "x", "z"], "c": list("1231"), "aside": list("pqrs")}
    columns = tuple(Column(name, Role.IGNORE if name == "aside" else Role.CATEGORY) for name in rows)
    block = Block(np.arange(4), pa.table(rows), Schema(columns))
    assert (cell_terms(block, names).sum(axis=0, dtype=np.uint64) == record_hashes(block, names)).all()


def test_blocks_make_no_difference():
    rows = {"a": list("abcab"), "b": list("xyzxy")}
    block = block_of(range(5), **rows)
    parts = [block.take(np.arange(2)), block.take(np.arange(2, 5))]
    joined = np.concatenate([record_hashes(part, ("a", "b")) for part in parts])
    assert joined.tolist() == record_hashes(block, ("a", "b")).tolist()


SCHEMA = Schema(
    (Column("key", Role.ID), Column("a", Role.NUMBER), Column("aside", Role.IGNORE), Column("y", Role.TARGET))
)


def test_what_equal_records_must_agree_in():
    assert compared(SCHEMA) == ("a", "y")
    assert compared(SCHEMA, target=False) == ("a",)
    assert whole(SCHEMA) == ("key", "a", "y")


def test_where_nothing_is_left_all_columns_are_compared():
    keys = Schema((SCHEMA["key"], SCHEMA["y"]))
    assert compared(keys) == ("y",)
    assert compared(keys, target=False) == ("key",)
    aside = Schema((SCHEMA["aside"],))
    assert compared(aside) == whole(aside) == ("aside",)
