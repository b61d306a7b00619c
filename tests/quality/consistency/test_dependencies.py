"""Columns that decide others, found in dirt; chance and mere correlation are none."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.kernels.group_counts import BLANK, NOVEL, GroupCounts
from karat.quality.consistency._dependencies import (
    Coded,
    Dependency,
    DependencyFit,
    PairAgreement,
    dependency_columns,
    discover,
    fit,
    fractional,
    may_be_decided,
    may_decide,
    pairing_fit,
    screened,
)

NONE = pa.array([], pa.string())


@pytest.fixture
def rng():
    return np.random.default_rng(21)


def block_of(columns, **described):
    table = pa.table(
        {name: pa.array([None if v is None else str(v) for v in cells], pa.string()) for name, cells in columns.items()}
    )
    return Block(
        np.arange(table.num_rows),
        table,
        Schema(tuple(described.get(name) or Column(name, Role.CATEGORY) for name in columns)),
    )


def pairs_in(columns, **described):
    block = block_of(columns, **described)
    return {(d.left, d.right): d for d, _, _ in discover(Coded.of(block), block.schema)}


def spoiled(values, share, rng):
    return np.where(rng.random(len(values)) < share, rng.permutation(values), values)


def towns(rng, size=800, count=40):
    town = rng.integers(0, count, size)
    return {"town": town, "region": town % 7, "noise": rng.integers(0, 30, size)}


def test_columns_that_may_depend_on_one_another():
    columns = (
        Column("a", Role.CATEGORY),
        Column("y", Role.TARGET),
        Column("aside", Role.IGNORE),
        Column("picture", Role.IMAGE),
        Column("bytes", Role.CATEGORY, "binary"),
        Column("t", Role.TIME, "timestamp"),
    )
    assert [column.name for column in dependency_columns(Schema(columns))] == ["a", "t"]
    assert [column.name for column in dependency_columns(Schema((*columns, Column("u", Role.USER))))] == ["a", "u"]


@pytest.mark.parametrize(
    ("column", "decided", "decides"),
    [
        (Column("a", Role.CATEGORY), True, True),
        (Column("a", Role.TIME, "timestamp"), False, True),
        (Column("a", Role.NUMBER, meanings=("amount",)), False, True),
        (Column("a", Role.NUMBER, meanings=("amount", "code")), True, True),
        (Column("a", Role.CATEGORY, meanings=("date",)), True, False),
        (Column("a", Role.CATEGORY, meanings=("date", "code")), True, True),
    ],
)
def test_what_things_have_and_what_names_them(column, decided, decides):
    assert (may_be_decided(column, NONE), may_decide(column, NONE)) == (decided, decides)


def test_more_than_twenty_counts_name_nothing():
    count = Column("a", Role.NUMBER, meanings=("count",))
    assert may_decide(count, pa.array([str(v) for v in range(20)]))
    assert not may_decide(count, pa.array([str(v) for v in range(21)]))
    assert may_decide(Column("a", Role.CATEGORY, meanings=("count",)), pa.array([str(v) for v in range(21)]))


@pytest.mark.parametrize(
    ("values", "measured"),
    [
        (["1.5", "2.5", "3"], True),
        (["1.5", "2", "3"], False),  # a third is not more than a third
        (["1.5", "2.5", "x"], False),
        (["1.5", "2.5", "3", "x"], True),
        (["1.0", "2.00", "3,0"], False),
        (["1,5", "2,5", "-3,25"], True),
        ([], False),
    ],
)
def test_numbers_many_of_which_are_not_whole(values, measured):
    assert fractional(pa.array(values, pa.string())) == measured


def test_a_table_as_codes_and_another_block_in_its_dictionary():
    nulls = {"a": Column("a", Role.CATEGORY, nulls=("?",))}
    coded = Coded.of(block_of({"a": ["x", "y", None, "x", "?"], "b": list("ppqqp")}, **nulls))
    assert coded.codes["a"].tolist() == [0, 1, BLANK, 0, BLANK]
    assert coded.cells("a").tolist() == [0, 1, 3, 0, 3]
    assert coded.size("a") == 5
    other = coded.read(block_of({"a": ["y", "zz", None, "?"], "b": list("qqqq")}, **nulls))
    assert other.codes["a"].tolist() == [1, NOVEL, BLANK, BLANK]
    assert other.cells("a").tolist() == [1, 4, 3, 3]
    assert (len(coded), len(Coded({}, {}))) == (5, 0)
    assert coded.only({"b"}).codes.keys() == coded.only({"b"}).values.keys() == {"b"}
    assert coded.take(np.array([1, 2])).codes["a"].tolist() == [1, BLANK]
    votes = coded.votes("a", "b")
    assert (votes.keys.tolist(), votes.voters.tolist()) == ([0, 1], [2, 1])


def test_how_often_records_of_one_key_agree(rng):
    columns = towns(rng)
    coded = Coded.of(block_of(columns))
    seen = PairAgreement(coded, ["region", "noise"])
    agree = seen.agree("town")
    assert agree[0] == 1
    assert agree[1] == pytest.approx(1 / 30, abs=0.04)
    assert seen.chance == pytest.approx([1 / 7, 1 / 30], abs=0.02)


def test_keys_that_hardly_any_records_share_say_nothing():
    few = [f"k{at}" for at in range(95)] + ["k0", "k1", "k2", "k3", "k4"]
    coded = Coded.of(block_of({"key": few, "a": ["x", "y"] * 50}))
    assert PairAgreement(coded, ["a"]).agree("key") is None  # five of a hundred
    more = [f"k{at}" for at in range(90)] + [f"k{at}" for at in range(10)]
    coded = Coded.of(block_of({"key": more, "a": ["x", "y"] * 50}))
    assert PairAgreement(coded, ["a"]).agree("key") is not None


def test_pairs_worth_counting(rng):
    columns = towns(rng)
    block = block_of(columns | {"key": range(800), "same": ["x"] * 800})
    assert screened(Coded.of(block), block.schema) == [("town", "region")]


def test_agreement_is_counted_beyond_chance(rng):
    town = rng.integers(0, 20, 800)
    region = np.where(town == 3, "north", "south")  # nineteen of twenty agree with anything
    block = block_of({"town": town, "region": region, "noise": np.where(rng.random(800) < 0.05, "yes", "no")})
    assert screened(Coded.of(block), block.schema) == [("town", "region")]


@pytest.mark.parametrize("dirt", [0.0, 0.05, 0.3])
def test_a_dependency_is_found_in_dirt_with_its_errors(rng, dirt):
    columns = towns(rng)
    columns["region"] = spoiled(columns["region"], dirt, rng)
    known = pairs_in(columns)
    assert ("town", "region") in known
    assert known.keys() <= {("town", "region")}
    assert known["town", "region"].errors == pytest.approx(dirt * 6 / 7, abs=0.04)
    assert known["town", "region"].pure > 0.8


def test_correlation_chance_and_too_few_records_are_no_dependency(rng):
    columns = towns(rng)
    half = np.where(rng.random(800) < 0.55, columns["region"], rng.integers(0, 7, 800))
    several = np.where(rng.random(800) < 0.5, columns["town"] % 7, (columns["town"] + 1) % 7)  # two true values each
    assert pairs_in(columns | {"region": rng.permutation(columns["region"])}) == {}
    assert ("town", "region") not in pairs_in(columns | {"region": several})
    assert ("region", "town") not in pairs_in(columns | {"region": half})
    assert pairs_in({name: cells[:19] for name, cells in columns.items()}) == {}


def test_a_code_and_its_name_decide_each_other(rng):
    code = rng.integers(0, 12, 600)
    assert pairs_in({"code": code, "name": [f"name {v}" for v in code]}).keys() == {("code", "name"), ("name", "code")}


def test_the_order_of_records_does_not_matter(rng):
    columns = towns(rng)
    columns["region"] = spoiled(columns["region"], 0.1, rng)
    order = rng.permutation(800)
    first, second = pairs_in(columns), pairs_in({name: cells[order] for name, cells in columns.items()})
    assert first.keys() == second.keys()
    assert second["town", "region"].errors == pytest.approx(first["town", "region"].errors)
    assert second["town", "region"].evidence == pytest.approx(first["town", "region"].evidence)


def test_groups_of_one_true_value_are_told_from_groups_of_several(rng):
    key = np.repeat(np.arange(40), 20)
    value = np.where(key < 36, key % 7, rng.integers(0, 7, 800))
    fitted = fit(GroupCounts.of(key, value, 9))
    assert fitted.single[:36].min() > 0.9
    assert fitted.single[36:].max() < 0.1
    assert fitted.pure == pytest.approx(0.9, abs=0.05)
    assert fitted.errors < 0.01
    assert fitted.evidence > 50


def test_one_value_everywhere_but_in_some_groups_is_no_evidence(rng):
    key = np.repeat(np.arange(60), 10)
    value = np.where(rng.random(600) < 0.97, 0, rng.integers(1, 30, 600))
    assert fit(GroupCounts.of(key, value, 32)).evidence < 3


def test_the_deviants_of_a_dependency_are_counted_in_groups_of_three():
    votes = GroupCounts.of(np.array([0, 0, 0, 1, 1, 2]), np.array([4, 4, 5, 4, 5, 4]), 8)
    fitted = DependencyFit(0.1, 0.9, np.array([0.5, 1.0, 1.0]), 7.0)
    dependency = Dependency.of(("a", "b"), votes, fitted)
    assert dependency == Dependency("a", "b", 0.1, 0.9, 0.5, 7.0)
    assert Dependency.of(("a", "b"), votes, fitted, paired=True).paired


def test_what_is_known_of_two_columns_that_name_the_same():
    votes = GroupCounts.of(np.array([0, 0, 0, 1, 1, 2]), np.array([4, 4, 5, 5, 5, 4]), 8)
    fitted = pairing_fit(votes, np.array([4, 5, BLANK]))
    assert fitted.errors == pytest.approx(1 - 4.5 / 7)
    assert fitted.pure == pytest.approx(2 / 3)
    assert fitted.single.tolist() == [0.99, 0.99, 0]
    assert fitted.evidence == 4
