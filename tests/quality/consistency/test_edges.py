"""What a dependency says of records: agree, deviate, or nothing."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.kernels.group_counts import BLANK
from karat.quality.consistency._dependencies import Coded, Dependency, DependencyFit, fit
from karat.quality.consistency._edges import Edge, Word, deviating, edges


def coded_of(**columns):
    table = pa.table(
        {name: pa.array([None if v is None else str(v) for v in cells], pa.string()) for name, cells in columns.items()}
    )
    block = Block(np.arange(table.num_rows), table, Schema(tuple(Column(name, Role.CATEGORY) for name in columns)))
    return Coded.of(block), block.schema


def edge_of(coded, left="town", right="region", errors=0.01, single=0.99, deviants=5.0):
    votes = coded.votes(left, right)
    dependency = Dependency(left, right, errors, 0.9, deviants, 99.0)
    return Edge.of(dependency, votes, DependencyFit(errors, 0.9, np.full(len(votes.keys), single), 99.0))


TOWN = ["a"] * 6 + ["b"] * 4 + ["c"] * 2 + ["d"]
REGION = ["x"] * 5 + ["y"] + ["y"] * 3 + [None] + ["x", "y"] + ["x"]


def test_slack_is_the_chance_to_deviate_without_error():
    coded, _ = coded_of(town=TOWN, region=REGION)
    edge = edge_of(coded)
    single = 0.99 * 5.5 / 7.5
    assert edge.slack == pytest.approx([0.01 * (1 - single) / single] * 4)
    assert edge_of(coded, errors=0.001).slack == pytest.approx([0.004 * (1 - single) / single] * 4), (
        "however few were seen"
    )
    assert edge_of(coded, deviants=0.0).slack[0] > edge.slack[0]
    assert (edge.left, edge.right) == ("town", "region")


def test_groups_of_fewer_than_ten_records_are_thin():
    thick, _ = coded_of(town=["a"] * 10 + ["b"] * 10, region=["x"] * 20)
    thin, _ = coded_of(town=["a"] * 10 + ["b"] * 9, region=["x"] * 19)
    assert not edge_of(thick).thin
    assert edge_of(thin).thin


def test_records_that_agree_deviate_or_say_nothing():
    coded, _ = coded_of(town=TOWN, region=REGION)
    word = Word(edge_of(coded), coded, gaps=False)
    assert np.flatnonzero(word.deviates).tolist() == [5]
    assert np.flatnonzero(word.agrees).tolist() == [0, 1, 2, 3, 4, 6, 7, 8]
    assert (word.most[5], word.others[5]) == (5, 5)
    assert (word.most[0], word.others[0]) == (4, 5)
    assert (word.most[9], word.others[9]) == (3, 3)
    assert deviating(edge_of(coded), coded, gaps=False).tolist() == word.deviates.tolist()


def test_a_blank_deviates_where_blanks_are_errors():
    coded, _ = coded_of(town=TOWN, region=REGION)
    assert np.flatnonzero(Word(edge_of(coded), coded, gaps=True).deviates).tolist() == [5, 9]
    assert np.flatnonzero(deviating(edge_of(coded), coded, gaps=True)).tolist() == [5, 9]


def test_a_group_must_be_of_one_mind():
    coded, _ = coded_of(town=["a"] * 20, region=["x"] * 3 + [f"r{at}" for at in range(17)])
    assert Word(edge_of(coded), coded, gaps=False).deviates.sum() == 17  # three of nineteen
    coded, _ = coded_of(town=["a"] * 22, region=["x"] * 3 + [f"r{at}" for at in range(19)])
    assert not Word(edge_of(coded), coded, gaps=False).deviates.any()  # three of 21 are less than .15
    coded, _ = coded_of(town=["a"] * 5, region=["x", "x", "y", "y", "z"])
    assert not Word(edge_of(coded), coded, gaps=False).deviates[4], "two values are equally frequent"


def test_the_margin_grows_with_the_lead_and_falls_with_the_errors():
    coded, _ = coded_of(town=TOWN, region=REGION)
    sure, unsure = (Word(edge_of(coded, errors=errors), coded, gaps=False) for errors in (0.01, 0.4))
    assert sure.margin[5] > unsure.margin[5] > 0.5
    shares = edge_of(coded).shares
    ratio = np.log(99) - np.log(shares[0])
    assert sure.margin[5] == pytest.approx(1 / (1 + np.exp(-min(5 * ratio, 30))))
    assert sure.usual[5] == pytest.approx(shares[1])
    assert sure.slack[5] == pytest.approx(edge_of(coded).slack[0])


def test_an_unknown_key_says_nothing():
    coded, schema = coded_of(town=TOWN, region=REGION)
    other = coded.read(Block(np.arange(2), pa.table({"town": ["zz", "a"], "region": ["x", "zz"]}), schema))
    word = Word(edge_of(coded), other, gaps=False)
    assert word.deviates.tolist() == [False, True]
    assert word.agrees.tolist() == [False, False]
    assert word.slack[0] == 1


def test_records_beside_a_value_that_explains_them_are_left_alone():
    coded, _ = coded_of(town=TOWN, region=REGION, kind=["usual"] * 5 + ["odd"] + ["usual"] * 7)
    edge = edge_of(coded)
    explained = Edge(edge.dependency, edge.votes, edge.slack, edge.shares, {"kind": np.array([1])})
    assert not Word(explained, coded, gaps=False).deviates.any()


def test_a_pairing_asks_for_the_partner_not_for_the_commonest():
    coded, _ = coded_of(town=TOWN, region=REGION)
    edge = edge_of(coded)
    paired = Edge(edge.dependency, edge.votes, edge.slack, edge.shares, {}, np.array([1, 0, BLANK, BLANK]))
    ballot = paired.ask(coded.codes["town"], coded.cells("region"))
    assert ballot.top[:6].tolist() == [1] * 6
    assert ballot.most[:6].tolist() == [1, 1, 1, 1, 1, 0]
    suspicious = paired.suspicious(coded.codes["town"], coded.cells("region"))
    assert np.flatnonzero(suspicious).tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9]


def test_the_counts_of_all_records_replace_those_of_the_sample():
    coded, _ = coded_of(town=TOWN, region=REGION)
    table = pa.table({"key_0": ["a", "a", "b"], "value": ["y", "x", "y"], "n": [900, 3, 5]})
    edge = edge_of(coded).recounted(table, coded)
    assert edge.votes.voters.tolist() == [903, 5]
    assert edge.votes.first.tolist() == [1, 1]
    assert edge.slack == pytest.approx(Edge.of(edge.dependency, edge.votes, fit(edge.votes)).slack)
    assert edge_of(coded).recounted(None, coded).votes.voters.tolist() == [6, 4, 2, 1]


def table(rng, size=800):
    town = rng.integers(0, 30, size)
    return {
        "town": town,
        "region": town % 7,
        "kind": np.where(rng.random(size) < 0.1, "odd", "usual"),
        "at": np.arange(size),
    }


def kept(columns):
    coded, schema = coded_of(**columns)
    return {(edge.left, edge.right): edge for edge in edges(coded, schema)}


def test_scattered_errors_keep_a_dependency():
    rng = np.random.default_rng(3)
    columns = table(rng)
    columns["region"] = np.where(rng.random(800) < 0.05, 9, columns["region"])
    assert kept(columns)["town", "region"].explained == {}


def test_what_deviates_in_a_run_without_a_reason_is_no_dependency():
    columns = table(np.random.default_rng(3))
    columns["region"][300:360] = (columns["region"][300:360] + 1) % 7  # from a day on it was otherwise
    assert ("town", "region") not in kept(columns)


def test_deviations_beside_one_value_have_a_reason():
    columns = table(np.random.default_rng(3))
    odd = columns["kind"] == "odd"
    columns["region"] = np.where(odd, np.random.default_rng(1).integers(0, 7, 800), columns["region"])
    edge = kept(columns)["town", "region"]
    assert list(edge.explained) == ["kind"]
    coded, _ = coded_of(**columns)
    assert coded.values["kind"].take(pa.array(edge.explained["kind"])).to_pylist() == ["odd"]
