from dataclasses import replace

import numpy as np
import pytest

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.state import freeze, thaw
from karat.prepare.features import Preparation


def test_each_column_gets_the_transform_of_its_role(planted_block):
    linear = Preparation(planted_block.schema, "linear").fit(planted_block)
    trees = Preparation(planted_block.schema, "trees").fit(planted_block)
    assert [type(part).__name__ for part in linear.parts] == [
        "FittedOneHot",
        "FittedOneHot",
        "FittedScale",
        "FittedScale",
        "FittedNgrams",
        "FittedTimeParts",
        "FittedIndicators",
    ]
    assert [type(part).__name__ for part in trees.parts] == [
        "FittedOrdinal",
        "FittedOrdinal",
        "FittedFloat",
        "FittedFloat",
        "FittedTimeParts",
    ]
    assert [column.name for column in linear.inputs] == ["city", "code", "income", "age", "note", "at"]
    assert "note" not in [column.name for column in trees.inputs]
    for fitted in (linear, trees):
        found = fitted.apply(planted_block)
        assert found.shape == (len(planted_block), len(fitted.names))
        assert found.dtype == np.float32


@pytest.mark.parametrize("way", ["linear", "trees"])
def test_positions_and_a_block_of_those_records_give_the_same_bits(planted_block, way):
    train, test = np.arange(0, 1500, 2), np.arange(1, 1500, 2)
    one = Preparation(planted_block.schema, way).fit(planted_block, train)
    other = Preparation(planted_block.schema, way).fit(planted_block.take(train))
    assert freeze(one) == freeze(other)
    first, second = one.apply(planted_block, test), thaw(freeze(other)).apply(planted_block.take(test))
    if way == "linear":
        first, second = first.toarray(), second.toarray()
    assert np.array_equal(first, second, equal_nan=True)


def test_what_the_test_records_hold_changes_nothing(planted_block):
    train = np.arange(700)
    whole = Preparation(planted_block.schema).fit(planted_block, train)
    alone = Preparation(planted_block.schema).fit(planted_block.take(np.arange(700)))
    assert freeze(whole) == freeze(alone)


def test_without_features_there_is_one_constant(make_block):
    block = make_block(y=("target", ["a", "b"]))
    fitted = Preparation(block.schema, "trees").fit(block)
    assert fitted.apply(block).tolist() == [[0], [0]]
    assert fitted.names == ["constant"]


def test_an_unknown_way_names_the_nearest(planted_block):
    with pytest.raises(OptionError, match="'linear'"):
        Preparation(planted_block.schema, "linaer")


def test_directions_follow_the_columns_to_their_features(make_block):
    block = make_block(
        home=("category", ["a", "b"] * 40),
        debt=("number", [str(k) for k in range(80)]),
        age=("number", [str(k % 7) for k in range(80)]),
        y=("target", ["no", "yes"] * 40),
    )
    schema = block.schema.replacing(replace(block.schema["debt"], monotone="increasing"))
    ordered = Block(block.rows, block.table, schema.replacing(replace(schema["age"], monotone="decreasing")))
    for way in ("linear", "trees", "evidence"):
        fitted = Preparation(ordered.schema, way).fit(ordered)
        told = {fitted.names[at]: sign for at, sign in fitted.directions}
        assert told == {"debt": 1, "age": -1}, way
        assert Preparation(block.schema, way).fit(block).directions == ()
    parts = Preparation(ordered.schema, "evidence").fit(ordered).parts
    assert [part.shape for part in parts] == ["any", "rising", "falling"]
