"""The state from which labels are judged."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.expectations import Expectations, judge_of, read_labels, skill_of
from karat.quality.accuracy.label_judge import MAX_LABELS


def expectations(size, start=0):
    labels = np.arange(size) % 2
    return Expectations(np.arange(start, start + size), np.eye(2)[labels] * 0.8 + 0.1, labels.astype(float), size)


def test_two_parts_merge_and_keep_no_more_than_the_most():
    half = expectations(MAX_LABELS // 2 + 100)
    both = half.merge(expectations(MAX_LABELS // 2 + 100, start=MAX_LABELS))
    assert both.labels == MAX_LABELS + 200
    assert len(both.keys) == MAX_LABELS
    assert (both.keys[1:] > both.keys[:-1]).all()
    nothing = Expectations(np.zeros(0, np.uint64), np.zeros((0, 1)), np.zeros(0), 0)
    assert half.merge(nothing) is half
    assert nothing.merge(half) is half


def test_the_judge_knows_how_many_labels_there_are_in_all():
    state = expectations(200)
    assert judge_of(state).noise.labels == 200
    assert judge_of(state) is judge_of(state)
    assert not skill_of(state, "classification").reason


def test_blank_and_unknown_labels_are_not_read():
    schema = Schema((Column("y", Role.TARGET),), task="classification")
    table = pa.table({"y": ["a", None, "c", "b"]})
    block = Block(np.arange(4), table, schema, {"out_of_fold": np.full((4, 2), 0.5), "classes": ["a", "b"]})
    expected, labels = read_labels(block)
    assert expected.shape == (4, 2)
    assert np.isnan(labels).tolist() == [False, True, True, False]
    assert labels[[0, 3]].tolist() == [0, 1]
    bare = Block(np.arange(4), table, schema)
    assert np.isnan(read_labels(bare)[1]).all()
