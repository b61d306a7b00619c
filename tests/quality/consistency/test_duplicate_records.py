import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.core.state import freeze, thaw
from karat.quality.consistency.duplicate_records import DuplicateRecords, FirstSeen


def block(columns, **roles):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    schema = Schema(tuple(Column(name, roles.get(name, Role.CATEGORY)) for name in columns))
    return Block(np.arange(table.num_rows), table, schema)


def people(size=400, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "name": [f"人{v}" for v in rng.integers(0, 300, size)],
        "town": [f"t{v}" for v in rng.integers(0, 50, size)],
        "income": [str(v) for v in rng.integers(0, 9999, size)],
    }


def judged(whole, size):
    check = DuplicateRecords()
    parts = [whole.take(np.arange(at, min(at + size, len(whole)))) for at in range(0, len(whole), size)]
    state = check.learn(parts[0])
    for part in parts[1:]:
        state = state.merge(check.learn(part))
    return pa.concat_tables([check.judge(state, part) for part in parts]), state


@pytest.mark.parametrize("size", [1, 7, 150, 400])
def test_copies_name_the_first_record_whatever_the_blocks(size):
    columns = people()
    for values in columns.values():
        values[300], values[390] = values[20], values[20]
    found, state = judged(block(columns), size)
    assert found.select(["row", "column", "value"]).to_pylist() == [
        {"row": 300, "column": None, "value": "20"},
        {"row": 390, "column": None, "value": "20"},
    ]
    assert min(found["confidence"].to_pylist()) > 0.6
    assert set(found["kind"].to_pylist()) == {"fact"}
    assert found["keeper"].to_pylist() == [20, 20]
    assert "2 of 400 records repeat" in found["message"][0].as_py()
    assert DuplicateRecords().measures(state, block(columns).schema, found)[0].bad == 2


def test_reports_of_two_sources_are_no_duplicates():
    columns = people()
    for values in columns.values():
        values[300] = values[20]
    columns["site"] = ["a"] * 300 + ["b"] * 100
    assert judged(block(columns, site=Role.SOURCE), 400)[0].num_rows == 0


def test_few_small_columns_repeat_by_chance():
    rng = np.random.default_rng(1)
    columns = {name: [str(v) for v in rng.integers(0, 4, 500)] for name in "abc"}
    found, _ = judged(block(columns), 500)
    assert found.num_rows > 400
    assert max(found["confidence"].to_pylist(), default=0) < 0.5


def test_records_under_two_identifiers_are_two_records():
    columns = people() | {"id": [str(at) for at in range(400)]}
    for name in ("name", "town", "income"):
        columns[name][300] = columns[name][20]
    found, state = judged(block(columns, id=Role.ID), 400)
    assert found.select(["row", "keeper"]).to_pylist() == [{"row": 300, "keeper": 20}]
    assert found["confidence"][0].as_py() < 0.5
    assert state.copies == 0


@pytest.mark.parametrize("size", [7, 400])
def test_a_copy_with_the_same_identifier_is_certain(size):
    columns = people() | {"id": [f"A{1_000_000 + 37 * at}" for at in range(400)]}
    for name in columns:
        columns[name][300] = columns[name][20]
    columns["id"][350] = columns["id"][30]  # an identifier with a slip elsewhere is no copy
    whole = block(columns, id=Role.ID)
    found, state = judged(whole, size)
    assert found["row"].to_pylist() == [300]
    assert found["kind"].to_pylist() == ["form"]
    assert found["confidence"][0].as_py() >= 0.95
    assert "'id' among them" in found["message"][0].as_py()
    assert DuplicateRecords().measures(state, whole.schema, found)[0].bad == 1


def test_a_foreign_key_identifies_nothing():
    rng = np.random.default_rng(3)
    columns = people() | {"customer": [f"C{v}" for v in rng.integers(0, 400, 400)]}
    for name in columns:
        columns[name][300] = columns[name][20]
    found, _ = judged(block(columns, customer=Role.ID), 400)
    assert found["kind"].to_pylist() == ["fact"]


def stamped(step, size=400, jitter=0, seed=4):
    rng = np.random.default_rng(seed)
    times = np.datetime64("2026-01-01") + np.cumsum(step + rng.integers(0, jitter + 1, size)).astype("timedelta64[s]")
    table = {"at": [str(time) for time in times], "kind": [str(v) for v in rng.integers(0, 5, size)]}
    for values in table.values():
        values[300] = values[299]
    arrow = pa.table({name: pa.array(values, pa.string()) for name, values in table.items()})
    schema = Schema((Column("at", Role.TIME, "timestamp"), Column("kind", Role.CATEGORY)))
    return Block(np.arange(size), arrow, schema)


@pytest.mark.parametrize(("step", "jitter", "kind"), [(3600, 0, "fact"), (60, 7919, "form")])
def test_times_identify_only_off_a_grid(step, jitter, kind):
    assert judged(stamped(step, jitter=jitter), 400)[0]["kind"].to_pylist() == [kind]


def test_a_file_joined_to_itself_is_told_in_one_sentence():
    columns = {name: values * 2 for name, values in people().items()} | {"id": [f"u{at}" for at in range(400)] * 2}
    whole = block(columns, id=Role.ID)
    found, state = judged(whole, 150)
    assert found["kind"].to_pylist() == ["fact"] * 400
    told = DuplicateRecords().conclude(state, whole.schema)
    assert told["row"].to_pylist() == [None]
    assert "every one of the first 400 records occurs 2 times" in told["message"][0].as_py()


def test_a_sum_beside_its_parts_is_no_evidence():
    rng = np.random.default_rng(5)
    fare, tip = rng.integers(5, 30, 1000), rng.integers(0, 4, 1000)
    columns = {"fare": fare, "tip": tip, "zone": rng.integers(0, 4, 1000), "total": fare + tip}
    found, _ = judged(block({name: [str(v) for v in values] for name, values in columns.items()}), 1000)
    assert found.num_rows > 600
    assert max(found["confidence"].to_pylist()) < 0.1


def test_state_survives_writing_down():
    state = FirstSeen.of(block(people()))
    back = thaw(freeze(state))
    assert back.keys.tolist() == state.keys.tolist()
    assert back.values.columns.keys() == state.values.columns.keys()


def test_a_small_table_that_says_little_loses_no_record():
    rng = np.random.default_rng(0)
    whole = block({"a": ["same"] * 41, "b": [str(v) for v in rng.integers(0, 2, 41)]})
    found = DuplicateRecords().judge(DuplicateRecords().learn(whole), whole)
    assert max(found["confidence"].to_pylist(), default=0) < 0.5


def test_identifiers_beside_one_value_are_no_copies():
    schema = Schema((Column("id", Role.ID), Column("rating", Role.NUMBER, "float64")))
    table = pa.table({"id": [f"u{at}" for at in range(50)], "rating": ["5"] * 50})
    whole = Block(np.arange(50), table, schema)
    found = DuplicateRecords().judge(DuplicateRecords().learn(whole), whole)
    assert max(found["confidence"].to_pylist(), default=0) < 0.5
