import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency._near_pairs import CellHashes
from karat.quality.consistency.near_duplicate_records import NearDuplicateRecords


def block(columns, **roles):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    schema = Schema(tuple(Column(name, roles.get(name, Role.CATEGORY)) for name in columns))
    return Block(np.arange(table.num_rows), table, schema)


def people(size=500, seed=0):
    rng = np.random.default_rng(seed)
    words = ["archer", "bishop", "工程师", "医生", "teacher", "cooper", "farmer"]
    return {
        "name": [f"{rng.choice(words)} {v}" for v in rng.integers(0, 400, size)],
        "work": [str(rng.choice(words)) for _ in range(size)],
        "town": [f"town {v}" for v in rng.integers(0, 50, size)],
        "sum": [str(v) for v in rng.integers(0, 9999, size)],
        "kind": [str(rng.choice(words)) for _ in range(size)],
        "house": [str(rng.choice(["rent", "own", "free"])) for _ in range(size)],
    }


def copied(columns, to, source):
    for values in columns.values():
        values[to] = values[source]


def judged(whole):
    check = NearDuplicateRecords()
    return check.judge(check.learn(whole), whole)


def test_copies_with_a_slip_are_found():
    columns = people()
    for to, source in ((300, 10), (301, 20), (499, 30)):
        copied(columns, to, source)
    columns["work"][300] += "q"
    columns["town"][301] = columns["town"][301].replace("town", "twon")
    columns["house"][301] = columns["house"][301] + "s"
    columns["name"][499] = columns["name"][499][1:]
    sure = [f for f in judged(block(columns)).to_pylist() if f["confidence"] >= 0.5]
    assert {f["row"]: f["value"] for f in sure} == {300: "10", 301: "20", 499: "30"}
    assert all(f["column"] is None for f in sure)
    assert "'work'" in sure[0]["message"]


def test_other_values_are_no_slips():
    columns = people()
    copied(columns, 300, 10)
    columns["name"][300], columns["sum"][300] = "somebody else", "1"
    assert all(f["confidence"] < 0.5 for f in judged(block(columns)).to_pylist())


def test_few_small_columns_differ_little_by_chance():
    rng = np.random.default_rng(1)
    whole = block({name: [str(v) for v in rng.integers(0, 4, 600)] for name in "abcdef"})
    assert all(c < 0.5 for c in judged(whole)["confidence"].to_pylist())


def panel(years=8):
    rng = np.random.default_rng(2)
    units = [(f"unit {v}", str(rng.choice(["north", "south"])), str(v), str(rng.integers(999))) for v in range(40)]
    rows = [(*unit, "same", str(2000 + year)) for unit in units for year in range(years)]
    return dict(zip(("unit", "part", "code", "area", "kind", "year"), map(list, zip(*rows, strict=True)), strict=True))


def household(twins=0):
    rng = np.random.default_rng(3)
    names = ["Ann", "Bob", "Carl", "Dora", "Emil", "Fay", "Gus", "Jon", "Max", "Otto", "Marie", "Maria", "Jan", "Jana"]
    rows = []
    for home in range(60):
        born = [f"19{v}-0{m}-1{d}" for v, m, d in rng.integers([40, 1, 0], [90, 9, 9], (3, 3))]
        members = rng.choice(names, int(rng.integers(1, 4)), replace=False)
        rows += [
            (n, f"Lee{home}", f"{home} Elm St", "Hull", f"01{home}7", b) for n, b in zip(members, born, strict=False)
        ]
    rows += [("Mariana", *rows[at][1:]) for at in range(twins)]
    return dict(
        zip(("first", "last", "street", "town", "phone", "born"), map(list, zip(*rows, strict=True)), strict=True)
    )


@pytest.mark.parametrize("columns", [panel(), panel(2), household(), household(4)])
def test_years_of_a_panel_and_members_of_a_household_are_not_one_thing(columns):
    whole = block(columns, **({"born": Role.TIME} if "born" in columns else {}))
    assert all(f["confidence"] < 0.4 for f in judged(whole).to_pylist())


def test_nothing_identifies_what_differs_in_a_running_number_alone():
    whole = block({"row": [str(v) for v in range(60)], "label": ["a", "b"] * 30} | {n: ["c"] * 60 for n in "xyz"})
    assert all(f["confidence"] < 0.4 for f in judged(whole).to_pylist())


@pytest.mark.parametrize("size", [1, 7, 200])
def test_halves_learn_the_same(size):
    whole = block(people())
    parts = [CellHashes.of(whole.take(np.arange(at, min(at + size, 500)))) for at in range(0, 500, size)]
    state = parts[0]
    for part in parts[1:]:
        state = state.merge(part)
    assert np.array_equal(state.cells, CellHashes.of(whole).cells)
    assert state.records == 500
