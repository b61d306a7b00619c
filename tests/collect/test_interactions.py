"""Interactions are told from other tables by the names of their columns, or by how users and items recur."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat.collect import interactions
from karat.collect.interactions import Interactions
from karat.collect.roles import infer_schema
from karat.core.block import Block
from karat.core.counts import RecordSample, ValueCounts
from karat.core.parsing import EPOCH_FORMAT
from karat.core.schema import Column, Role, Schema

USERS, ITEMS = 30, 25


def events(seed: int = 0) -> dict[str, list[str]]:
    """Every user has met ten of the items, once each."""
    dice = np.random.default_rng(seed)
    users = np.repeat(np.arange(USERS), 10)
    items = np.concatenate([dice.permutation(ITEMS)[:10] for _ in range(USERS)])
    return {
        "user_id": [f"u{k}" for k in users],
        "item_id": [f"i{k}" for k in items],
        "rating": [str(k) for k in dice.integers(1, 6, len(users))],
        "timestamp": [str(1_600_000_000 + 7919 * k) for k in range(len(users))],
    }


def looked_at(columns: dict[str, list[str]], chosen: tuple[str, ...] = ()) -> Interactions:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    block = Block(np.arange(len(table)), table, Schema(tuple(Column(name, Role.TEXT) for name in columns)))
    counts = ValueCounts.of(block)
    return Interactions(infer_schema(counts, RecordSample.of(block)), counts, table, chosen)


def renamed(
    *names: str, columns: Sequence[str] = ("user_id", "item_id", "rating", "timestamp")
) -> dict[str, list[str]]:
    data = events()
    return {name: data[column] for name, column in zip(names, columns, strict=True)}


@pytest.mark.parametrize(
    "names",
    [
        ("user_id", "item_id", "rating", "timestamp"),
        ("CustomerID", "ASIN", "stars", "when"),
        ("用户", "商品编号", "评分", "时间"),
        ("reader", "book", "score", "x"),
    ],
)
def test_users_and_items_by_their_names(names: tuple[str, ...]) -> None:
    table = looked_at(renamed(*names))
    assert table.pair() == table.named_pair() == names[:2]
    assert table.times == [names[3]]


def test_an_id_wins_over_another_column_of_the_same_name() -> None:
    data = events()
    table = looked_at({"user": ["a", "b"] * 150, **data})
    assert table.named_pair() == ("user_id", "item_id")


def test_seconds_since_1970_are_times_unless_a_name_says_otherwise() -> None:
    data = events()
    assert looked_at({**data, "x": data["timestamp"]}).epochs == {"timestamp", "x"}
    assert looked_at({**data, "item_no": data["timestamp"]}).epochs == {"timestamp"}
    old = [str(k) for k in range(100_000_000, 100_000_300)]  # 1973
    assert looked_at({**data, "x": old}).epochs == {"timestamp"}
    assert looked_at({**data, "x": [k + "000" for k in data["timestamp"]]}).epochs == {"timestamp", "x"}


def test_a_table_of_many_columns_or_measurements_is_none() -> None:
    data = events()
    assert looked_at(data).little_else(("user_id", "item_id"))
    dice = np.random.default_rng(1)
    weights = {name: [f"{k:.3f}" for k in dice.random(300)] for name in ("width", "height")}
    assert looked_at({**data, "width": weights["width"]}).little_else(("user_id", "item_id"))
    assert not looked_at({**data, **weights}).little_else(("user_id", "item_id"))
    words = {f"c{k}": ["red", "blue", "teal"] * 100 for k in range(5)}
    eight = {**data, **dict(list(words.items())[:4])}
    assert looked_at(eight).little_else(("user_id", "item_id"))
    assert not looked_at({**data, **words}).little_else(("user_id", "item_id"))


def test_something_must_say_that_it_is_a_meeting() -> None:
    data = events()
    two = {name: data[name] for name in ("user_id", "item_id")}
    assert looked_at(two).pair() == ("user_id", "item_id")
    assert looked_at({**two, "colour": ["red", "blue", "teal"] * 100}).pair() is None
    assert looked_at({**two, "action": ["view", "buy", "view"] * 100}).pair() == ("user_id", "item_id")


def test_a_plain_pair_is_known_by_how_it_recurs() -> None:
    assert looked_at(renamed("a", "b", "c", "d")).pair() == ("a", "b")
    turned = ("item_id", "user_id", "rating", "timestamp")
    assert looked_at(renamed("film", "b", "c", "d", columns=turned)).plain_pair() == ("b", "film")
    data = renamed("a", "b", "c", "d")
    assert looked_at({name: data[name] for name in "abd"}).plain_pair() is None  # no scale
    assert looked_at({name: data[name] for name in "abc"}).plain_pair() is None  # no time
    assert looked_at({**data, "a": ["u"] * 300}).plain_pair() is None  # one user
    assert looked_at({**data, "b": [f"i{int(k[1:]) % ITEMS}" for k in data["a"]]}).plain_pair() is None  # a decides b


def test_twenty_keys_are_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    data = renamed("a", "b", "c", "d")
    monkeypatch.setattr(interactions, "SAMPLE", ITEMS - 1)
    assert looked_at(data).plain_pair() == ("a", "b")
    monkeypatch.setattr(interactions, "SAMPLE", ITEMS)
    assert looked_at(data).plain_pair() is None


def test_where_the_user_says_so_the_likeliest_pair_is_taken() -> None:
    assert looked_at(renamed("a", "b", "c", "d")).best_pair() == ("a", "b")
    assert looked_at(renamed("a", "film", "rating", "d")).best_pair() == ("a", "film")
    assert looked_at(renamed("user", "b", "rating", "d")).best_pair() == ("user", "b")
    assert looked_at({"x": ["a"] * 30}).best_pair() is None


def test_the_schema_of_interactions() -> None:
    data = events()
    data["item_id"][0] = "N/A"
    table = looked_at(data)
    schema = table.as_interactions("user_id", "item_id")
    assert [schema[name].role for name in ("user_id", "item_id")] == [Role.USER, Role.ITEM]
    assert schema["item_id"].nulls == ("N/A",)
    assert schema["timestamp"] == Column("timestamp", Role.TIME, "timestamp", (), EPOCH_FORMAT)
    assert schema.task == ""


def test_what_the_user_has_set_stays() -> None:
    table = looked_at(events(), chosen=("user_id", "timestamp"))
    schema = table.as_interactions("user_id", "item_id")
    assert schema["user_id"] == table.schema["user_id"]
    assert schema["timestamp"] == table.schema["timestamp"]
    assert schema["item_id"].role is Role.ITEM


def test_a_rating_taken_for_an_id_is_a_number() -> None:
    table = looked_at(events())
    table.schema = replace(
        table.schema, columns=tuple(replace(c, role=Role.ID) if c.name == "rating" else c for c in table.schema)
    )
    assert table.as_interactions("user_id", "item_id")["rating"].role is Role.NUMBER
