"""Numbers with something around them, taken apart."""

from fractions import Fraction

import pytest

from karat.quality.quantities import common_unit, read_quantity, written


@pytest.mark.parametrize(
    ("text", "value", "symbol"),
    [
        ("12.0 oz.", "12", "oz"),
        ("$3,200.50", "3200.5", "$"),
        ("3.5万元", "3.5", "万元"),
        ("35 公斤", "35", "kg"),
        ("1,5 kg", "1.5", "kg"),
        ("1 250 km", "1250", "km"),
        ("-4.5%", "-4.5", "%"),
        ("6e3 Pa", "6000", "Pa"),
        ("75 mg/dL", "75", "mg/dL"),
        ("30 km²", "30", "km2"),
    ],
)
def test_quantities(text: str, value: str, symbol: str) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert quantity.value == Fraction(value)
    assert quantity.unit is not None
    assert quantity.unit.symbol == symbol


@pytest.mark.parametrize(
    "text",
    [
        "12th",
        "2005 Jan",
        "5 March",
        "1 - 4 yrs",
        "10-20",
        "< 100 DM",
        "10:30",
        "abc",
        "6x330ml",
        "09B",
        "17p13.1",
        "5 ft 11 in",
        "35",
        "7/8 in",
    ],
)
def test_what_is_no_quantity(text: str) -> None:
    assert read_quantity(text) is None


@pytest.mark.parametrize(
    "text", ["8 PM", "3A", "141 Elm Rd", "12 Monkeys", "120 E", "9 US", "12 North", "6 packs", "XL 3"]
)
def test_what_has_no_unit_that_is_known(text: str) -> None:
    quantity = read_quantity(text)
    assert quantity is None or quantity.unit is None


def test_a_multiplier_behind_a_currency() -> None:
    quantity = read_quantity("¥3.5万")
    assert quantity is not None
    assert quantity.unit is not None
    assert quantity.unit.factor == 10_000


@pytest.mark.parametrize(
    ("texts", "symbol"),
    [
        (["2 kg", "3 kg", "500 g"], "kg"),
        (["35岁", "40岁", "8个月"], "month"),
        (["2 mg", "3 ml"], None),
        (["2 USD", "3 EUR"], None),
        (["2 kg", "3 boxes"], None),
    ],
)
def test_the_unit_that_all_are_best_told_in(texts: list[str], symbol: str | None) -> None:
    read = [(quantity, 1) for text in texts if (quantity := read_quantity(text))]
    assert len(read) == len(texts)
    unit = common_unit(read)
    assert (unit and unit.symbol) == symbol


@pytest.mark.parametrize(
    ("value", "text"),
    [("12.0", "12"), ("0.055999999999999994", "0.056"), ("230000000", "230000000"), ("1/3", "0.333333333333")],
)
def test_numbers_are_written_without_noise(value: str, text: str) -> None:
    assert written(Fraction(value)) == text
