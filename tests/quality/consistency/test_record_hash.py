"""Whole records as numbers: equal ones have one, others differ, and blocks make no difference."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.record_hash import (
    LONG_BYTES,
    column_terms,
    compared,
    mix,
    record_hashes,
    text_hashes,
    whole,
)


def block_of(rows, **columns):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Block(np.asarray(rows), table, Schema(tuple(Column(name, Role.CATEGORY) for name in columns)))


TEXTS = [
    "",
    "a",
    "b",
    "a\0",
    "abcdefg",
    "abcdefgh",
    "abcdefghi",
    "中文",
    "x" * LONG_BYTES,
    "x" * (LONG_BYTES + 1),
    "y" * 3000,
    None,
]


def test_every_text_has_a_hash_of_its_own_also_the_blank():
    assert len(set(text_hashes(pa.array(TEXTS)).tolist())) == len(TEXTS)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_hash_depends_on_the_text_alone(kind):
    plain = text_hashes(pa.array(TEXTS, kind))
    assert text_hashes(pa.array(["?", *TEXTS, "?"], kind).slice(1, len(TEXTS))).tolist() == plain.tolist()
    assert text_hashes(pa.array(TEXTS[::-1], kind)).tolist() == plain.tolist()[::-1]
    assert text_hashes(pa.array([text and text.encode() for text in TEXTS], pa.binary())).tolist() == plain.tolist()
    assert len(text_hashes(pa.array([], kind))) == 0


def test_hashes_are_the_same_on_every_machine():
    """Splitmix64 (Steele et al. 2014): the first numbers of its stream with seed 0."""
    golden = 0x9E3779B97F4A7C15
    stream = mix(np.array([golden, 2 * golden % 2**64], np.uint64))
    assert [int(v) for v in stream] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]
    assert text_hashes(pa.array(["a"])).tolist() == [13150307802283921603]  # written down


def test_equal_records_have_one_hash_and_order_of_columns_counts():
    block = block_of(range(4), a=["x", "x", "y", None], b=["y", "y", "x", None])
    hashes = record_hashes(block, ("a", "b"))
    assert hashes[0] == hashes[1]
    assert len(set(hashes.tolist())) == 3, "x and y are not y and x"
    assert record_hashes(block, ("a", "b")) is hashes
    assert record_hashes(block, ("a",)).tolist() != hashes.tolist()


def test_the_hash_of_a_record_is_the_sum_over_its_cells():
    block = block_of(range(2), a=["x", "z"], b=["y", "y"])
    terms = column_terms(block, ("a", "b"))
    assert terms.shape == (2, 2)
    assert (terms.sum(axis=0, dtype=np.uint64) == record_hashes(block, ("a", "b"))).all()
    assert terms[1, 0] == terms[1, 1]
    assert terms[0, 0] != terms[0, 1]


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
