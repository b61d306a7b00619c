"""Which columns of interactions say who, with what, how much and what kind of act."""

import pytest

from karat.core.schema import Column, Role, Schema
from karat.quality.interaction_columns import (
    EVENT_HAN,
    EVENT_WORDS,
    ITEM_HAN,
    ITEM_WORDS,
    RATING_HAN,
    RATING_WORDS,
    TIME_HAN,
    TIME_WORDS,
    USER_HAN,
    USER_WORDS,
    InteractionColumns,
    is_named,
)

USER, ITEM = Column("who", Role.USER), Column("what", Role.ITEM)


def columns(*more):
    return InteractionColumns.of(Schema((USER, ITEM, *more), kind="event"))


@pytest.mark.parametrize(
    "name", ["user", "userId", "User_ID", "users", "CustomerIDs", "uid", "the visitor", "用户编号"]
)
def test_a_name_that_holds_the_word_in_one_of_its_forms(name):
    assert is_named(name, USER_WORDS, USER_HAN)


@pytest.mark.parametrize("name", ["usage", "superuser", "idle", "id", "", "商品"])
def test_a_name_that_does_not(name):
    assert not is_named(name, USER_WORDS, USER_HAN)


@pytest.mark.parametrize(
    ("name", "words", "han"),
    [
        ("movieId", ITEM_WORDS, ITEM_HAN),
        ("HTTPItem", ITEM_WORDS, ITEM_HAN),
        ("电影名", ITEM_WORDS, ITEM_HAN),
        ("overall_rating", RATING_WORDS, RATING_HAN),
        ("用户评分", RATING_WORDS, RATING_HAN),
        ("behaviourType", EVENT_WORDS, EVENT_HAN),
        ("行为", EVENT_WORDS, EVENT_HAN),
        ("created_at", TIME_WORDS, TIME_HAN),
        ("时间戳", TIME_WORDS, TIME_HAN),
    ],
)
def test_names_of_items_ratings_events_and_times(name, words, han):
    assert is_named(name, words, han)
    assert not is_named(name, frozenset(), USER_HAN) or name == "用户评分"


def test_users_and_items_are_needed():
    assert InteractionColumns.of(Schema((USER,))) is None
    assert InteractionColumns.of(Schema((ITEM,))) is None
    assert columns() == InteractionColumns("who", "what")


def test_of_several_numbers_the_one_that_is_named_so_is_the_rating():
    number, rating = Column("price", Role.NUMBER), Column("stars", Role.NUMBER)
    assert columns(number, rating, Column("score", Role.NUMBER)).rating == "stars"
    assert columns(number, Column("size", Role.NUMBER)).rating is None
    assert columns(number).rating == "price"


def test_of_several_categories_the_one_that_is_named_so_is_the_event():
    colour, event = Column("colour", Role.CATEGORY), Column("event_type", Role.CATEGORY)
    assert columns(colour, event).event == "event_type"
    assert columns(colour, Column("shape", Role.CATEGORY)).event is None
    assert columns(colour).event == "colour"


def test_the_time_is_the_column_of_times():
    assert columns(Column("when", Role.TIME), Column("then", Role.TIME)).time == "when"
    assert columns(Column("time", Role.NUMBER)).time is None
