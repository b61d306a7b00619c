"""A sample of whole records with the schema they are read by."""

import numpy as np
import pyarrow as pa

from karat.core import counts
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.sampled import Sampled

SCHEMA = Schema((Column("a", Role.NUMBER, "float64"),))


def block_of(first, end):
    return Block(np.arange(first, end), pa.table({"a": [str(at) for at in range(first, end)]}), SCHEMA)


def test_blocks_merge_to_the_sample_of_the_whole():
    merged = Sampled.of(block_of(0, 4)).merge(Sampled.of(block_of(4, 9)))
    assert sorted(merged.block.numbers("a").tolist()) == list(range(9))
    assert merged.block.numbers("a").tolist() == merged.block.rows.tolist()
    assert merged.block.keys.tolist() == sorted(block_of(0, 9).keys.tolist())
    assert merged.whole
    assert merged.schema is SCHEMA


def test_one_object_a_block_and_a_state():
    block = block_of(0, 3)
    state = Sampled.of(block)
    assert Sampled.of(block) is state
    assert state.block is state.block


def test_a_sample_is_whole_up_to_its_bound(monkeypatch):
    monkeypatch.setattr(counts, "MAX_SAMPLE", 5)
    assert Sampled.of(block_of(0, 5)).whole
    larger = Sampled.of(block_of(0, 6))
    assert not larger.whole
    assert len(larger.block) == 5
    parts = Sampled.of(block_of(0, 3)).merge(Sampled.of(block_of(3, 6)))
    assert parts.block.rows.tolist() == larger.block.rows.tolist()
