import numpy as np
import pyarrow as pa
import pytest

from karat.core import counts
from karat.core.block import Block
from karat.core.counts import RecordSample, ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.core.state import freeze

SCHEMA = Schema((Column("a", Role.CATEGORY),))


def block(values, start=0):
    return Block(np.arange(start, start + len(values)), pa.table({"a": pa.array(values, pa.string())}), SCHEMA)


def test_counts_of_parts_are_the_counts_of_the_whole():
    values = ["x", None, "y", "x", "z", "y", "x"]
    whole = ValueCounts.of(block(values))
    for cut in range(1, len(values)):
        parts = ValueCounts.of(block(values[:cut])).merge(ValueCounts.of(block(values[cut:], cut)))
        assert freeze(parts) == freeze(whole)
    assert whole.columns["a"].blank == 1
    assert dict(zip(whole.columns["a"].values, whole.columns["a"].counts, strict=True)) == {"x": 3, "y": 2, "z": 1}


@pytest.mark.parametrize("cut", [1, 40, 99])
def test_beyond_the_bound_what_is_kept_does_not_depend_on_the_parts(monkeypatch, cut):
    monkeypatch.setattr(counts, "MAX_DISTINCT", 20)
    monkeypatch.setattr(counts, "MAX_SAMPLE", 15)
    values = [str(i % 60) for i in range(100)]
    whole = block(values)
    first, second = whole.take(np.arange(cut)), whole.take(np.arange(cut, 100))
    held = ValueCounts.of(first).merge(ValueCounts.of(second)).columns["a"]
    alone = ValueCounts.of(whole).columns["a"]
    assert not held.whole
    assert dict(zip(held.values, held.counts.tolist(), strict=True)) == dict(
        zip(alone.values, alone.counts.tolist(), strict=True)
    )
    sample = RecordSample.of(first).merge(RecordSample.of(second))
    assert sample.rows.tolist() == RecordSample.of(whole).rows.tolist()
    assert len(sample.rows) == 15
    assert sample.records == 100


def test_the_sample_of_values_does_not_depend_on_how_parts_were_merged(monkeypatch):
    monkeypatch.setattr(counts, "MAX_DISTINCT", 100)
    values = [f"值 {at}" + "x" * (at % 40) + "y" * (3000 if at == 7 else 0) for at in range(400)]
    parts = [
        counts.ColumnCounts(pa.array(values[at : at + 80], pa.large_string()), np.ones(80, np.int64), 80, 0)
        for at in range(0, 400, 80)
    ]
    left = parts[0]
    for part in parts[1:]:
        left = left.merge(part)
    right = parts[0].merge(parts[1]).merge(parts[2].merge(parts[3]).merge(parts[4]))
    assert set(left.values) == set(right.values)
    assert len(left.values) == 100
    assert not left.whole
    assert left.merge(parts[0]) is left.merge(parts[0])
