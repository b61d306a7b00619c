"""What other columns say about a cell."""

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.by_example import neighbours
from karat.clean.by_example.neighbours import learn_known, learn_links, votes
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema


def block_of(**columns):
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return Block(np.arange(table.num_rows), table, Schema(tuple(Column(name, Role.CATEGORY) for name in columns)))


def links_in(**columns):
    return {(link.key, link.column): link for link in learn_links(block_of(**columns))}


SHOP = ["a"] * 4 + ["b"] * 4 + ["c"] * 2
CITY = ["X"] * 4 + ["Y"] * 3 + ["Z"] + ["X", "W"]


def test_values_that_occur_twice_are_usual_the_commonest_first():
    known = learn_known(block_of(a=["x", "y", "y", None, "z", "z", "z"], b=[None] * 7))
    assert known.usual["a"].to_pylist() == [{"value": "z", "n": 3}, {"value": "y", "n": 2}]
    assert known.usual["b"].num_rows == 0


def test_only_so_many_usual_values_are_kept(monkeypatch):
    monkeypatch.setattr(neighbours, "MOST_USUAL", 1)
    assert learn_known(block_of(a=["y", "y", "z", "z", "z"])).usual["a"]["value"].to_pylist() == ["z"]


def test_the_two_commonest_values_beside_each_key():
    link = links_in(shop=SHOP, city=CITY)["shop", "city"]
    assert link.groups.to_pylist() == [
        {"key": "a", "first": "X", "second": None, "n_first": 4, "n_second": 0, "n": 4},
        {"key": "b", "first": "Y", "second": "Z", "n_first": 3, "n_second": 1, "n": 4},
        {"key": "c", "first": "X", "second": "W", "n_first": 1, "n_second": 1, "n": 2},
    ]
    # seven of ten agree with the others of their group; five of ten are X, all are covered
    assert link.weight == pytest.approx((0.7 - 0.5) / (1 - 0.5))


def test_a_key_that_occurs_once_groups_nothing():
    link = links_in(shop=[*SHOP, "d"], city=[*CITY, "X"])["shop", "city"]
    assert link.groups["key"].to_pylist() == ["a", "b", "c"]
    assert link.weight == pytest.approx((0.7 - 6 / 11) / (1 - 6 / 11) * (10 / 11) ** 0.5)


def test_groups_must_agree_more_often_than_the_commonest_value():
    assert ("shop", "city") not in links_in(shop=["a", "a", "b", "b"] * 5, city=["X", "Y"] * 10)
    assert ("shop", "city") not in links_in(shop=["a", "b"] * 10, city=["X"] * 19 + ["Y"])
    assert ("shop", "city") in links_in(shop=["a"] * 10 + ["b"] * 10, city=["X"] * 10 + ["Y"] * 10)


def test_a_column_of_different_values_is_no_key():
    keys = [f"k{at}" for at in range(20)]
    city = ["X"] * 10 + ["Y"] * 10
    assert not any(key == "key" for key, _ in links_in(key=keys, city=city))
    assert links_in(key=["k"] * 20, city=city) == {}


def test_the_three_most_telling_columns_speak():
    chance = np.random.default_rng(0)
    city = chance.integers(0, 5, 200)
    columns = {
        f"k{rate}": np.where(chance.random(200) < rate / 10, city, chance.integers(0, 5, 200)) for rate in (9, 8, 7, 6)
    }
    found_links = links_in(
        **{name: [str(v) for v in cells] for name, cells in columns.items()}, city=[str(v) for v in city]
    )
    assert [key for key, column in found_links if column == "city"] == ["k9", "k8", "k7"]


def test_of_many_columns_those_with_the_fewest_values_are_looked_at(monkeypatch):
    monkeypatch.setattr(neighbours, "MOST_COLUMNS", 2)
    columns = {"many": [f"m{at // 2}" for at in range(20)], "a": ["x"] * 10 + ["y"] * 10, "b": ["p"] * 10 + ["q"] * 10}
    assert {key for key, _ in links_in(**columns)} == {"a", "b"}


def test_a_vote_leaves_the_cell_itself_out():
    block = block_of(shop=["a", "a", "a", "b", "b"], city=["X", "X", "Y", "Z", "Z"])
    link = next(link for link in learn_known(block).links if (link.key, link.column) == ("shop", "city"))
    vote = votes(link, block, counted=True)
    assert [vote.texts[code] for code in vote.best] == ["X", "X", "X", "Z", "Z"]
    assert vote.n_best.tolist() == [1, 1, 2, 1, 1]
    assert vote.n_own.tolist() == [1, 1, 0, 1, 1]
    assert vote.n.tolist() == [2, 2, 2, 1, 1]
    assert votes(link, block, counted=False).n_best.tolist() == [2, 2, 2, 2, 2]
    assert votes(link, block, counted=False).n.tolist() == [3, 3, 3, 2, 2]


def test_votes_on_new_records():
    block = block_of(shop=SHOP, city=CITY)
    link = links_in(shop=SHOP, city=CITY)["shop", "city"]
    vote = votes(link, block_of(shop=["b", "b", "zz", None, "a"], city=["Z", "new", "X", "X", None]), counted=False)
    said = [vote.texts[code] if code >= 0 else None for code in vote.best]
    assert said == ["Y", "Y", None, None, "X"]
    assert vote.n_own.tolist() == [1, 0, 0, 0, 0]
    assert vote.n.tolist() == [4, 4, 0, 0, 4]
    assert votes(link, block, counted=True).best[7] >= 0


def test_the_second_value_wins_where_the_first_was_the_own():
    whole = block_of(shop=["a"] * 5 + ["b"] * 5, city=["X", "X", "Y", "Y", "X"] + ["Z"] * 5)
    link = next(link for link in learn_links(whole) if (link.key, link.column) == ("shop", "city"))
    vote = votes(link, whole.take(np.arange(5)), counted=True)
    assert [vote.texts[code] for code in vote.best] == ["X", "X", "X", "X", "X"]  # of equals the first
    assert vote.n_best.tolist() == [2, 2, 3, 3, 2]
    even = block_of(shop=["a"] * 4 + ["b"] * 4 + ["c"] * 4, city=["X", "Y", "X", "Y", *"ZZZZ", *"WWWW"])
    link = next(link for link in learn_links(even) if (link.key, link.column) == ("shop", "city"))
    vote = votes(link, even, counted=True)
    assert [vote.texts[code] for code in vote.best[:4]] == ["Y", "X", "Y", "X"]
    assert vote.n_best[:4].tolist() == [2, 2, 2, 2]
    assert vote.n_own[:4].tolist() == [1, 1, 1, 1]
