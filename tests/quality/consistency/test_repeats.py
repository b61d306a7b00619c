"""What equal records are: first seen where, by chance or not, and files joined to themselves."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency._repeats import FirstSeen, Repeats


def block_of(columns, **roles):
    table = pa.table({name: pa.array([str(v) for v in values], pa.string()) for name, values in columns.items()})
    schema = Schema(tuple(Column(name, roles.get(name, Role.CATEGORY)) for name in columns))
    return Block(np.arange(table.num_rows), table, schema)


def people(size=400, seed=0, keyed=True):
    rng = np.random.default_rng(seed)
    columns = {
        "name": rng.integers(0, 500, size),
        "town": rng.integers(0, 60, size),
        "sum": rng.integers(0, 9999, size),
    }
    return ({"key": rng.permutation(10**6)[:size]} if keyed else {}) | columns


def with_copies(columns, count):
    return {name: np.append(values, values[:count]) for name, values in columns.items()}


def repeats(columns, **roles):
    block = block_of(columns, **roles)
    return Repeats.of(FirstSeen.of(block), block.schema)


def test_each_distinct_record_with_its_first_number_and_how_often_it_occurs():
    state = FirstSeen.of(block_of({"a": ["x", "y", "x", "z", "x"], "b": ["1", "1", "1", "2", "1"]}))
    assert sorted(zip(state.rows.tolist(), state.counts.tolist(), strict=True)) == [(0, 3), (1, 1), (3, 1)]
    assert (np.diff(state.keys.astype(object)) > 0).all()
    assert (state.records, state.copies, state.pairs) == (5, 2, 3)


@pytest.mark.parametrize("cut", [1, 2, 4])
def test_blocks_merge_to_the_state_of_the_whole(cut):
    whole = block_of({"a": ["x", "y", "x", "z", "x"], "b": ["1", "1", "1", "2", "1"]})
    merged = FirstSeen.of(whole.take(np.arange(cut))).merge(FirstSeen.of(whole.take(np.arange(cut, 5))))
    state = FirstSeen.of(whole)
    for name in ("keys", "content", "rows", "counts"):
        np.testing.assert_array_equal(getattr(merged, name), getattr(state, name))
    assert merged.records == 5


def test_an_empty_block_has_seen_nothing():
    state = FirstSeen.of(block_of({"a": []}))
    assert (state.records, state.copies, state.pairs) == (0, 0, 0)
    assert Repeats.of(state, block_of({"a": []}).schema).times == 1


def test_contents_that_stand_under_several_keys():
    block = block_of({"key": [1, 2, 3, 4, 4], "a": ["x", "y", "x", "x", "x"]}, key=Role.ID)
    content, rows, pairs = FirstSeen.of(block).by_content()
    assert (len(content), rows.tolist(), pairs) == (1, [0], 3)


def test_copies_of_identified_records():
    known = repeats(with_copies(people(), 8), key=Role.ID)
    assert known.identified_by == "key"
    assert known.by_chance < 0.2
    assert known.times == 1


def test_records_that_nothing_identifies():
    known = repeats(with_copies(people(keyed=False), 8))
    assert known.identified_by == ""
    assert known.by_chance < 0.2


def test_equal_records_of_few_values_are_coincidence():
    rng = np.random.default_rng(3)
    known = repeats({name: rng.integers(0, 4, 500) for name in "abc"})
    assert known.by_chance == 1
    assert known.identified_by == ""


def test_where_half_of_the_records_repeat_they_may_do_so():
    columns = people(60, keyed=False)
    often = {name: np.concatenate([values, values[:40]]) for name, values in columns.items()}
    assert repeats(often).by_chance >= (40 / 50) ** 2 - 1e-9
    assert repeats(with_copies(columns, 6)).by_chance < 0.1


def test_without_copies_nothing_is_by_chance():
    known = repeats(people(), key=Role.ID)
    assert (known.by_chance, known.identified_by, known.times) == (0, "", 1)


def test_content_under_other_keys_is_weighed_by_itself():
    columns = people(300)
    doubled = with_copies(columns, 20)
    doubled["key"][300:] = np.arange(20)
    known = repeats(doubled, key=Role.ID)
    assert known.content_by_chance < 0.2
    assert repeats(people(300), key=Role.ID).content_by_chance == 1, "no content repeats"


@pytest.mark.parametrize("times", [2, 3])
def test_a_file_joined_to_itself(times):
    columns = {name: np.tile(values, times) for name, values in people(50).items()}
    known = repeats(columns, key=Role.ID)
    assert (known.times, known.identified_by) == (times, "")


def test_a_file_is_not_joined_to_itself_where_one_record_is_alone_or_stands_elsewhere():
    columns = {name: np.tile(values, 2) for name, values in people(50).items()}
    assert repeats({name: values[:-1] for name, values in columns.items()}, key=Role.ID).times == 1
    order = np.arange(100)
    order[[49, 50]] = 50, 49  # the last of the first half comes after the first of the second
    assert repeats({name: values[order] for name, values in columns.items()}, key=Role.ID).times == 1
    assert repeats({"a": ["x"] * 4}).times == 1, "one record again and again"
