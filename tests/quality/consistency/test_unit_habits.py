"""How a column writes its numbers: bare or with a unit, in one spelling or many."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.unit_habits import habits_of

PLAIN = Column("a", Role.NUMBER, "float64")


def habits(cells, column=PLAIN):
    block = Block(np.arange(len(cells)), pa.table({"a": pa.array(cells, pa.string())}), Schema((column,)))
    return habits_of(ValueCounts.of(block).columns["a"], column)


def weights(count, unit=" kg"):
    return [f"{at}{unit}" for at in range(1, count + 1)]


def test_a_column_in_one_unit():
    seen = habits(weights(50))
    assert (seen.bare, seen.dressed, seen.main, seen.main_cells) == (0, 50, ("", " kg"), 50)
    assert (seen.unit.symbol, [unit.symbol for unit in seen.units]) == ("kg", ["kg"])
    assert seen.uniform
    assert seen.convertible


def test_bare_numbers_and_words_without_a_unit():
    assert habits(["1", "2"] * 20) is None
    assert habits(["red", "blue"] * 20) is None
    seen = habits([f"{at} patients" for at in range(30)])
    assert (seen.unit, seen.units, seen.main) == (None, (), ("", " patients"))
    assert not seen.convertible


@pytest.mark.parametrize(("bare", "uniform"), [(9, True), (10, False)])
def test_one_spelling_is_the_rule_where_bare_numbers_are_few(bare, uniform):
    seen = habits(weights(100 - bare) + [str(at) for at in range(500, 500 + bare)])
    assert (seen.bare, seen.dressed, seen.unit) == (bare, 100 - bare, None)
    assert seen.uniform == uniform


@pytest.mark.parametrize(("others", "uniform"), [(10, True), (11, False)])
def test_or_where_another_spelling_is_rare(others, uniform):
    seen = habits(weights(100 - others) + [f"{at}kg" for at in range(others)])
    assert seen.uniform == uniform
    assert seen.main == ("", " kg")


def test_several_units_of_one_dimension_convert():
    seen = habits(weights(30) + [f"{at * 100} g" for at in range(1, 20)])
    assert [unit.symbol for unit in seen.units] == ["kg", "g"]
    assert seen.convertible
    assert seen.unit.symbol == "kg"
    mixed = habits(weights(30) + [f"{at} km" for at in range(1, 20)])
    assert not mixed.convertible
    assert mixed.unit is None


def test_there_is_no_common_unit_where_some_numbers_are_bare_or_all_are_one():
    assert habits([*weights(30), "5"]).unit is None
    assert habits(["5 kg"] * 30).unit is None
    assert habits(["5 kg"] * 29 + ["6 kg"]).unit.symbol == "kg"


def test_words_behind_the_unit_belong_to_the_value_where_they_are_many():
    assert habits(weights(90) + [f"{at} kg net" for at in range(200, 210)]).unit.symbol == "kg"
    assert habits(weights(89) + [f"{at} kg net" for at in range(200, 211)]).unit is None


def test_what_is_no_number_may_be_one_cell_in_ten():
    assert habits(weights(90) + [f"red{at}" for at in range(10)]) is not None
    assert habits(weights(89) + [f"red{at}" for at in range(11)]) is None
    assert habits([*weights(50), "N/A"]).unit.symbol == "kg", "a gap is no cell"


@pytest.mark.parametrize(
    ("meanings", "measured"),
    [((), True), (("quantity",), True), (("date", "quantity"), False), (("year",), False), (("code",), False)],
)
def test_years_days_and_codes_measure_nothing(meanings, measured):
    column = Column("a", Role.NUMBER, "float64", meanings=meanings)
    assert (habits(weights(50), column) is not None) == measured


def test_currencies_stand_before_the_number():
    seen = habits([f"${at}" for at in range(1, 40)])
    assert seen.main == ("$", "")
    assert len(seen.units) == 1
