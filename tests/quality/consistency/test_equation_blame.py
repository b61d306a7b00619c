"""Which column of a broken equation is wrong, and how it became so."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency._equation_blame import (
    LEAST_ODDS,
    MECHANISM,
    MOST_ODDS,
    NEVER_NEGATIVE,
    OFF_STEP,
    ONE,
    ONE_DIGIT,
    Usual,
    simple,
    solved,
)
from karat.quality.equations import Equation, Term


def usual(numbers, step=1.0):
    return Usual.of(np.asarray(numbers, float), step)


def test_where_the_numbers_of_a_column_lie():
    seen = usual([*range(1, 102), np.nan])
    assert (seen.edges[0], seen.edges[-1], len(seen.edges)) == (2, 100, 24)
    assert not seen.negative
    assert usual([*range(98), -1, -2]).negative is False  # two in a hundred may be errors
    assert usual([*range(97), -1, -2, -3]).negative is True


def test_numbers_lie_densely_in_the_middle_and_thinly_beyond():
    seen = usual(range(1, 102))
    inside = seen.density(50.5)
    assert inside == pytest.approx(1 / 98, rel=0.05)
    near, far = seen.density(110), seen.density(1000)
    assert near == pytest.approx(0.1 / 98 / (1 + 10 * 10 / 98) ** 3)
    assert inside > near > far > 0
    assert usual([5.0] * 9).density(7) == 1


def test_how_much_likelier_one_value_is_than_another():
    seen = usual(range(1, 102))
    assert seen.odds(50, 51) == pytest.approx(1, rel=0.1)
    assert seen.odds(1e9, 50) == MOST_ODDS
    assert seen.odds(50, 1e9) == LEAST_ODDS
    assert seen.odds(1e9, 50.5) == pytest.approx(OFF_STEP * 0.99), "it does not keep to the step"
    assert seen.odds(50, -1) == pytest.approx(NEVER_NEGATIVE * seen.odds(50, 103), rel=0.01)
    assert usual(range(1, 102), 0.0).odds(1e9, 50.5) == MOST_ODDS
    assert usual(range(-50, 51)).odds(0, -1) == pytest.approx(1, rel=0.1)


def record(**numbers):
    table = pa.table({name: [str(value)] for name, value in numbers.items()})
    return Block(np.arange(1), table, Schema(tuple(Column(name, Role.NUMBER, "float64") for name in numbers)))


def asked(equation, **numbers):
    return {name: round(part.value, 9) for name, part in solved(equation, record(**numbers), 0).items()}


def equation(kind, *factors, constant=0.0, step=0.0, rounded=False):
    terms = tuple(Term(name, factor, step) for name, factor in zip("ab", factors, strict=False))
    return Equation(Term("c", 1.0, step), terms, constant, kind, rounded)


def test_what_a_sum_asks_of_each_of_its_columns():
    assert asked(equation("sum", 1.0, 1.0, constant=5.0), a=3, b=4, c=20) == {"c": 12, "a": 11, "b": 12}
    assert asked(equation("sum", 2.0, -1.0), a=3, b=4, c=20) == {"c": 2, "a": 12, "b": -14}


def test_what_a_product_asks():
    assert asked(equation("product", 1.0, 1.0, constant=1.0), a=3, b=4, c=24) == {"c": 12, "a": 6, "b": 8}
    assert asked(equation("product", 1.0, -1.0, constant=1.0), a=12, b=4, c=6) == {"c": 3, "a": 24, "b": 2}
    assert asked(equation("product", 2.0, constant=1.0), a=3, c=36) == {"c": 9, "a": 6}


def test_wrong_signs_and_zeros_in_a_product():
    assert asked(equation("product", 1.0, 1.0, constant=1.0), a=3, b=4, c=-12) == {"c": 12, "a": -3, "b": -4}
    assert asked(equation("product", 2.0, constant=1.0), a=3, c=-9) == {"c": 9}, "no square is below zero"
    assert asked(equation("product", 1.0, 1.0, constant=1.0), a=0, b=4, c=12) == {"c": 0}
    assert asked(equation("product", 1.0, 1.0, constant=1.0), a=3, b=4, c=0) == {"c": 12}


def test_dates_are_not_asked():
    days = Equation(Term("c", 1.0, 0.0), (Term("a", 1.0, 0.0, "days"), Term("b", 1.0, 0.0)), 0.0, "sum", rounded=False)
    table = pa.table({"a": ["1970-01-11"], "b": ["4"], "c": ["20"]})
    columns = (
        Column("a", Role.TIME, "timestamp"),
        Column("b", Role.NUMBER, "float64"),
        Column("c", Role.NUMBER, "float64"),
    )
    parts = solved(days, Block(np.arange(1), table, Schema(columns)), 0)
    assert {name: part.value for name, part in parts.items()} == {"c": 14, "b": 10}


def test_how_exactly_an_equation_asks():
    parts = solved(equation("sum", 2.0, 1.0, step=0.1, rounded=True), record(a=3, b=4, c=20), 0)
    assert parts["c"].slack == pytest.approx(0.05 + 0.1 + 0.05, rel=1e-3)
    assert parts["a"].slack == pytest.approx(parts["c"].slack / 2)
    assert parts["b"].slack == pytest.approx(parts["c"].slack)
    product = solved(equation("product", 1.0, 1.0, constant=1.0, step=1.0, rounded=True), record(a=30, b=40, c=2400), 0)
    assert product["a"].slack == pytest.approx(product["c"].slack / (2400 / product["a"].value))


@pytest.mark.parametrize(
    ("text", "then", "name", "true"),
    [
        ("-12.5", 12.5, "wrong sign", "12.5"),
        ("12.5", -12.5, "wrong sign", "-12.5"),
        ("1250", 12.5, "multiplied by 100", "12.50"),
        ("0.0125", 12.5, "multiplied by 0.001", "12.5"),
        ("21.5", 12.5, "two digits exchanged", "12.5"),
        ("12.50", 15.2, None, "15.2"),
    ],
)
def test_the_simple_error_behind_a_number(text, then, name, true):
    if name:
        assert simple(text, then, 0.0) == (MECHANISM, name, true)
    else:
        assert simple(text, then, 0.0) == (1.0, "", true)


def test_one_digit_is_weaker_and_needs_an_exact_demand():
    assert simple("12.7", 12.5, 0.0) == (ONE_DIGIT, ONE, "12.5")
    assert simple("12.7", 12.5, 0.001) == (1.0, "", "12.5")
    assert simple("12.77", 12.55, 0.0) == (1.0, "", "12.55")
    assert simple("12.7", 12.55, 0.0) == (1.0, "", "12.55")


def test_rounding_leaves_room():
    assert simple("-12.5", 12.52, 0.05)[1] == "wrong sign"
    assert simple("-12.5", 12.56, 0.05)[1] == ""
    assert simple("0", 5.0, 0.0) == (ONE_DIGIT, ONE, "5"), "nothing times a power of ten is nothing"
