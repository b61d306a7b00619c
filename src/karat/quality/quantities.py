"""Numbers with something around them, taken apart: ``12.0 oz.``, ``$3,200``, ``3.5万``, ``37 patients``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from karat.core.short_texts import remembered
from karat.quality.units import MeasurementUnit, unit_of

NUMBER = (
    r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ '\u2009\u00a0]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)"
    r"(?:[eE][+-]?\d{1,3})?"
)
CURRENCY = r"[$€£¥￥₹₩]|(?:USD|EUR|GBP|RMB|CNY|HKD|JPY|CHF|CAD|AUD|US\$|HK\$|usd|eur|rmb|cny)(?=\s?\d)"
MONTHS = (
    r"(?i:(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?\s*$)"
)
# Behind the number no digit but a power; ordinals and months are no units.
AROUND = re.compile(
    rf"^\s*(?P<before>{CURRENCY})?\s*(?P<number>{NUMBER})"
    rf"(?P<behind>(?:\s*(?!(?:th|st|nd|rd)\b|{MONTHS})(?:[^\W\d_]|[%％°$€£¥￥\"'‰㎡℃℉″′])[^\d\n]{{0,30}}[23²³]?)?)\s*$"
)
LONGEST = 60  # flat from 30 to 120 (benchmarks/constants.md): characters; longer texts are prose, not a quantity
SIGNIFICANT = 12  # unproven: digits that a person means; a binary fraction shows up to 17
MULTIPLIERS = frozenset(["千", "万", "百万", "千万", "亿", "萬", "億"])


@dataclass(frozen=True)
class Quantity:
    """A number with what stands around it.

    Parameters
    ----------
    before, behind : str
        As written.
    number : str
        The number as written.
    unit : Unit or None
        None where the text around is no unit that is known.
    remark : str
        Words behind the unit: "can" in "12.0 oz. can".
    """

    before: str
    behind: str
    number: str
    value: Fraction
    unit: MeasurementUnit | None
    remark: str

    def told_in(self, unit: MeasurementUnit) -> Fraction:
        """The value in a unit that its own converts into."""
        own = self.unit or unit
        return self.value * own.factor / unit.factor


@remembered(65_536)
def read_quantity(text: str) -> Quantity | None:
    """A number with a unit, a currency or a word, taken apart; None for anything else.

    Examples
    --------
    >>> read_quantity("12.0 oz. can").remark
    'can'
    >>> [read_quantity(text) for text in ("12th", "10-20", "6x330ml", "09B", "35")]
    [None, None, None, None, None]
    """
    match = AROUND.match(text) if len(text) <= LONGEST else None
    if match is None or not (match["before"] or match["behind"].strip()):
        return None
    value = _value(match["number"])
    if value is None:
        return None
    before, behind = match["before"] or "", match["behind"].rstrip()
    unit, remark = _unit(before.strip(), behind.strip())
    return Quantity(before, behind, match["number"], value, unit, remark)


def _value(number: str) -> Fraction | None:
    """The number exactly; None for one with leading zeros, which is a code."""
    plain = re.sub(r"[ '\u2009\u00a0]", "", number)
    if re.match(r"[+-]?0\d", plain):
        return None
    whole, comma, rest = plain.rpartition(",")
    decimal_comma = comma and "." not in plain and "," not in whole and len(rest) != 3
    plain = plain.replace(",", "." if decimal_comma else "")
    try:
        return Fraction(plain)
    except ValueError:
        return None


def _unit(before: str, behind: str) -> tuple[MeasurementUnit | None, str]:
    if before:
        currency = unit_of(before.upper()) or unit_of(before)
        if not behind or currency is None:
            return currency, ""
        scale = unit_of(behind) if behind in MULTIPLIERS else None
        return (MeasurementUnit(before + behind, currency.dimension, scale.factor), "") if scale else (None, "")
    words = behind.split(" ")
    for size in range(len(words), max(0, len(words) - 4), -1):
        head, remark = " ".join(words[:size]), " ".join(words[size:])
        unit = unit_of(head)
        if unit and (not remark or len(unit.symbol) > 1):
            return unit, remark
    return None, ""


def written(value: Fraction) -> str:
    """A number as a person writes it: exactly where that takes few digits, else with 12 that count, no noise behind."""
    text = f"{float(value):.{SIGNIFICANT}g}"
    if value.denominator == 1 and abs(value) < 10**18:
        return str(value.numerator)
    return text if "e" not in text else f"{float(value):.{SIGNIFICANT}f}".rstrip("0").rstrip(".")


def is_short(value: Fraction) -> bool:
    """Can it be written with at most six digits behind the point?"""
    return (value * 10**6).denominator == 1


def common_unit(read: Iterable[tuple[Quantity, int]]) -> MeasurementUnit | None:
    """The unit that all quantities are best told in: the commonest that needs no long fraction; None if one is unknown
    or they do not convert.

    Parameters
    ----------
    read : iterable of (Quantity, int)
        What the cells hold, and how often.
    """
    quantities = list(read)
    cells: dict[MeasurementUnit, int] = {}
    for quantity, count in quantities:
        if quantity.unit is None:
            return None
        cells[quantity.unit] = cells.get(quantity.unit, 0) + count
    if len({unit.dimension for unit in cells}) != 1:
        return None
    likely = sorted(cells, key=lambda unit: (-cells[unit], unit.symbol))
    exact = (unit for unit in likely if all(is_short(q.told_in(unit)) or q.unit == unit for q, _ in quantities))
    return next(exact, min(likely, key=lambda unit: unit.factor))
