"""Events are recognised among other tables, by names and by shape."""

import numpy as np
import pytest

from karat import kinds
from karat.core.errors import InputError, OptionError
from karat.quality.interaction_columns import InteractionColumns, is_named
from tests.kinds._samples import facts_of, sample_of


def inferred(columns, kind=None, target=None, overrides=None):
    seen = sample_of(columns, target or "", overrides)
    return (kinds.of(kind) if kind else kinds.recognised(seen).kind).roles(seen)


def events(size=3_000, users=90, items=70, seed=0):
    chance = np.random.default_rng(seed)
    pairs = chance.permutation(users * items)[:size]
    times = np.sort(chance.integers(1_600_000_000, 1_640_000_000, size))
    return pairs // items, pairs % items, chance.integers(1, 6, size), times


def said(schema):
    return schema.kind, InteractionColumns.of(schema)


@pytest.mark.parametrize(
    "names",
    [
        ("user_id", "item_id", "rating", "timestamp"),
        ("userId", "movieId", "rating", "timestamp"),
        ("reviewerID", "asin", "overall", "unixReviewTime"),
        ("用户编号", "商品编号", "评分", "时间"),
        ("客户", "电影", "打分", "日期"),
        ("a", "b", "c", "d"),
    ],
)
def test_names_or_shape_tell_who_what_how_much_and_when(names):
    user, item, rating, time = events()
    schema = inferred(dict(zip(names, (user + 1000, item + 5, rating, time), strict=True)))
    assert said(schema) == ("event", InteractionColumns(names[0], names[1], names[2], None, names[3]))
    assert schema[names[3]].format == "%s"


def test_kinds_of_act_thousandths_of_seconds_and_chinese_items():
    user, item, _, time = events()
    act = np.random.default_rng(1).choice(["view", "cart", "buy"], len(user))
    names = np.array([f"第{at}号商品" for at in range(70)])[item]
    schema = inferred({"visitorid": user, "itemid": names, "event": act, "timestamp": time * 1000})
    assert said(schema) == ("event", InteractionColumns("visitorid", "itemid", None, "event", "timestamp"))


def test_items_may_stand_first():
    user, item, rating, time = events()
    assert said(inferred({"item": item, "user": user, "rating": rating, "time": time}))[1].user == "user"


def test_pairs_alone_by_name():
    user, item, *_ = events()
    assert said(inferred({"user_id": user, "item_id": item})) == (
        "event",
        InteractionColumns("user_id", "item_id"),
    )


@pytest.mark.parametrize("seed", range(5))
def test_other_tables_stay_tables(seed):
    chance = np.random.default_rng(seed)
    size = 2_000
    day = [str(np.datetime64("2024-01-01") + int(d)) for d in chance.integers(0, 300, size)]
    sales = {
        "customer_id": chance.integers(0, 200, size),
        "product_id": chance.integers(0, 90, size),
        "quantity": chance.integers(1, 9, size),
        "unit_price": np.round(chance.gamma(2, 10, size), 2),
        "order_date": day,
    }
    readings = {
        "sensor": chance.integers(0, 40, size),
        "place": chance.integers(0, 40, size) * 0 + 1,
        "level": chance.integers(1, 6, size),
        "at": day,
    }
    people = {
        "user_id": np.arange(size),
        "age": chance.integers(18, 80, size),
        "city": chance.integers(0, 30, size),
        "joined": day,
    }
    votes = {
        "worker": chance.integers(0, 40, size),
        "task": chance.integers(0, 400, size),
        "label": chance.integers(0, 2, size),
    }
    for table in (sales, readings, people, votes):
        assert inferred(table).kind == "table"


def test_a_target_makes_it_a_table_and_a_kind_overrules():
    user, item, rating, time = events()
    columns = {"user_id": user, "item_id": item, "rating": rating, "timestamp": time}
    assert inferred(columns, target="rating").kind == "table"
    assert inferred(columns, kind="table").kind == "table"
    with pytest.raises(OptionError, match="Leave --target out"):
        inferred(columns, kind="event", target="rating")


def test_kind_finds_the_likeliest_pair_and_roles_overrule():
    user, item, rating, _ = events()
    columns = {"left": user, "right": item, "rating": rating}
    assert inferred(columns).kind == "table"
    assert said(inferred(columns, kind="event"))[1] == InteractionColumns("left", "right", "rating")
    swapped = {"right": {"role": "user"}, "left": {"role": "item"}}
    assert said(inferred(columns, overrides=swapped))[1] == InteractionColumns("right", "left", "rating")


def test_no_two_columns_is_an_error_in_words():
    with pytest.raises(InputError, match="no columns of users and items"):
        inferred({"rating": [1, 2, 3, 4, 5, 1, 2]}, kind="event")


@pytest.mark.parametrize(
    "columns", [{"user_id": [1], "item_id": [2]}, {"user_id": [None, None], "item_id": ["a", "b"]}]
)
def test_next_to_nothing_breaks_nothing(columns):
    assert inferred(columns).kind in ("table", "event")


def test_named():
    words = frozenset({"user"})
    held = __import__("re").compile("用户")
    assert [is_named(n, words, held) for n in ("userId", "users", "USER", "用户名", "reuse", "super_user_x")] == [
        True,
        True,
        True,
        True,
        False,
        True,
    ]


def test_it_says_how_many_users_and_items_there_are_and_when():
    columns = {
        "user_id": [at % 30 for at in range(300)],
        "item_id": [at % 7 for at in range(300)],
        "time": [f"2024-01-{1 + at % 28:02}" for at in range(300)],
    }
    facts = facts_of(columns, "event")
    assert facts["users"] == "30 in column 'user_id'"
    assert facts["items"] == "7 in column 'item_id'"
    assert facts["time"] == "2024-01-01 to 2024-01-28 in column 'time'"
