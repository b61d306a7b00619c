"""The unit algebra against the definitions, and what is no unit."""

from fractions import Fraction

import pytest

from karat.quality.units import unit_of

DEFINED = [  # SI Brochure, Yard and Pound Agreement, IEC 80000-13, GB 3100
    ("kg", "g", "1000"),
    ("公斤", "斤", "2"),
    ("lb", "kg", "0.45359237"),
    ("km", "m", "1000"),
    ("ft", "in", "12"),
    ("mile", "m", "1609.344"),
    ("里", "米", "500"),
    ("L", "ml", "1000"),
    ("dL", "mL", "100"),
    ("m³", "litres", "1000"),
    ("cc", "cm3", "1"),
    ("公顷", "亩", "15"),
    ("km²", "ha", "100"),
    ("h", "min", "60"),
    ("years", "个月", "12"),
    ("km/h", "m/s", "5/18"),
    ("kWh", "MJ", "3.6"),
    ("MW", "kW", "1000"),
    ("GB", "MB", "1000"),
    ("KiB", "byte", "1024"),
    ("%", "‰", "10"),
    ("万元", "元", "10000"),
    ("亿", "万", "10000"),
    ("mg/dL", "g/L", "1/100"),
    ("USD per kg", "USD/g", "1/1000"),
]


@pytest.mark.parametrize(("unit", "other", "factor"), DEFINED)
def test_factors_are_those_of_the_definitions(unit: str, other: str, factor: str) -> None:
    left, right = unit_of(unit), unit_of(other)
    assert left is not None
    assert right is not None
    assert left.dimension == right.dimension
    assert left.factor / right.factor == Fraction(factor)


@pytest.mark.parametrize(
    ("unit", "other"),
    [
        ("mg", "ml"),
        ("USD", "EUR"),
        ("$", "¥"),
        ("°C", "°F"),
        ("oz", "g"),
        ("oz", "fl oz"),
        ("m", "m2"),
        ("h", "months"),
        ("kWh", "kW"),
        ("mg/dL", "mmol/L"),
        ("元", "万"),
    ],
)
def test_what_does_not_convert_is_never_merged(unit: str, other: str) -> None:
    left, right = unit_of(unit), unit_of(other)
    assert left is not None
    assert right is not None
    assert left.dimension != right.dimension


@pytest.mark.parametrize(
    "text",
    [
        "PM",
        "AM",
        "A",
        "B",
        "E",
        "W",
        "N",
        "XL",
        "US",
        "th",
        "st",
        "Rd",
        "Ave",
        "Monkeys",
        "pack",
        "box",
        "层",
        "p",
        "q11",
        "Mb",
        "mb",
        "M",
        "K",
        "S",
    ],
)
def test_what_is_no_unit(text: str) -> None:
    assert unit_of(text) is None


def test_case_tells_units_apart() -> None:
    milli, mega = unit_of("mW"), unit_of("MW")
    assert milli is not None
    assert mega is not None
    assert mega.factor / milli.factor == 10**9
    assert unit_of("KGS") == unit_of("kg")
