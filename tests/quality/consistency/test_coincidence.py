"""How many records are equal by coincidence, on tables whose truth is known."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency._coincidence import MOST_PARTS, coincidence, pairs


def of(columns, names=None):
    table = pa.table({name: pa.array([str(v) for v in values], pa.string()) for name, values in columns.items()})
    schema = Schema(tuple(Column(name, Role.CATEGORY) for name in columns))
    sample = RecordSample.of(Block(np.arange(table.num_rows), table, schema))
    return coincidence(sample, schema, names or schema.names)


def drawn(levels, size, seed=0):
    rng = np.random.default_rng(seed)
    return {f"c{at}": rng.integers(0, count, size) for at, count in enumerate(levels)}


def test_pairs_of_equal_keys():
    assert pairs(np.array([5, 3, 5, 5, 3, 9])) == 4
    assert pairs(np.array([], int)) == pairs(np.array([7])) == 0


@pytest.mark.parametrize("levels", [(4, 5, 6), (3, 3, 3, 3), (10, 20)])
def test_columns_drawn_at_random_are_equal_as_often_as_estimated(levels):
    seen = of(drawn(levels, 1500))
    assert seen.equal == pytest.approx(seen.seen, rel=0.15)
    assert seen.seen == pytest.approx(1500 * 1499 / 2 / np.prod(levels), rel=0.15)


def test_copies_are_seen_but_not_expected():
    columns = drawn((40, 50, 60), 1000)
    before = of(columns)
    doubled = of({name: np.append(values, values[:300]) for name, values in columns.items()})
    assert doubled.seen >= 300
    assert doubled.equal < 0.2 * doubled.seen
    assert before.equal < 20


def test_columns_that_decide_each_other_are_allowed_for():
    columns = drawn((6, 7), 1500)
    columns["name"] = [f"name of {v}" for v in columns["c0"]]
    seen = of(columns)
    assert seen.equal == pytest.approx(seen.seen, rel=0.2)


def test_a_value_that_no_other_record_has_cannot_agree_by_chance():
    columns = drawn((4, 5), 400) | {"key": np.arange(400)}
    assert of(columns).equal == 0
    assert of(columns).seen == 0


def test_one_column_is_what_it_is():
    seen = of({"a": [1, 1, 2, 2, 2, 3]})
    assert (seen.equal, seen.seen, seen.nearly) == (4, 4, {"a": pytest.approx(11 / 15)})


def test_pairs_that_agree_in_every_column_but_one():
    seen = of({"a": [1, 1, 2], "b": [5, 6, 6], "c": [7, 7, 7]})
    assert seen.nearly == {"a": pytest.approx(1 / 3), "b": pytest.approx(1 / 3), "c": 0}
    assert of({"a": [1], "b": [2]}).nearly == {"a": 0, "b": 0}


def test_only_the_columns_to_compare_are_looked_at():
    columns = drawn((4, 5), 300) | {"key": np.arange(300)}
    assert of(columns, ("c0", "c1")).seen == pytest.approx(300 * 299 / 2 / 20, rel=0.2)


def test_a_sample_stands_for_all_records():
    columns = drawn((4, 5, 6), 1000)
    table = pa.table({name: pa.array([str(v) for v in values]) for name, values in columns.items()})
    schema = Schema(tuple(Column(name, Role.CATEGORY) for name in columns))
    whole = RecordSample(np.arange(1000), np.arange(1000, dtype=np.uint64), table, 1000)
    half = table.slice(0, 500).combine_chunks()
    part = RecordSample(np.arange(500), np.arange(500, dtype=np.uint64), half, 1000)
    first, second = (coincidence(sample, schema, schema.names) for sample in (whole, part))
    assert second.seen == pytest.approx(first.seen, rel=0.3)


def test_a_sample_of_one_column_stands_for_all_records():
    table = pa.table({"a": ["1", "1", "2", "3"]})
    schema = Schema((Column("a", Role.CATEGORY),))
    seen = coincidence(RecordSample(np.arange(4), np.arange(4, dtype=np.uint64), table, 40), schema, ("a",))
    assert seen.equal == seen.seen == pytest.approx(40 * 39 / 2 / 6)


def test_wide_tables_are_taken_together_in_parts():
    seen = of(drawn((2,) * (MOST_PARTS + 1), 2500))
    assert seen.equal == pytest.approx(seen.seen, rel=0.3)
    assert seen.seen == pytest.approx(2500 * 2499 / 2 / 2**13, rel=0.3)
