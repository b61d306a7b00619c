import pytest

from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role, Schema

SCHEMA = Schema((Column("a", Role.NUMBER, "float64", nulls=("-1",)), Column("y", Role.TARGET)), task="classification")


def test_json_and_back():
    assert Schema.from_json(SCHEMA.to_json()) == SCHEMA


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(InputError, match="two columns are named 'a'"):
        Schema((Column("a", Role.NUMBER), Column("a", Role.TEXT)))


def test_unknown_column_is_an_error():
    with pytest.raises(OptionError, match="not found"):
        SCHEMA["b"]


def test_target_and_features():
    assert SCHEMA.target == Column("y", Role.TARGET)
    assert [column.name for column in SCHEMA.features] == ["a"]


def test_replacing_keeps_order():
    changed = SCHEMA.replacing(Column("a", Role.IGNORE))
    assert changed.names == ("a", "y")
    assert changed["a"].role is Role.IGNORE
