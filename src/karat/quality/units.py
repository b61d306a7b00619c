"""A unit algebra: what a unit measures and how many of the base unit it is, so that only what converts is ever merged.

Sources: SI Brochure (9th edition, 2019), UCUM 2.1, GB 3100 to 3102-1993 for the Chinese names, the International Yard
and Pound Agreement (1959), IEC 80000-13 for sizes of data. What is not one thing everywhere has a dimension of its own:
an ounce (mass or volume), a gallon and a ton (by country), each currency. Single capitals are no units here: ``3A`` is
a class, ``12 E`` a longitude.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

from karat.core.short_texts import remembered

Dimension = tuple[tuple[str, int], ...]
PREFIXES = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "µ": Fraction(1, 10**6),
    "μ": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "c": Fraction(1, 100),
    "d": Fraction(1, 10),
    "h": Fraction(100),
    "k": Fraction(1000),
    "M": Fraction(10**6),
    "G": Fraction(10**9),
    "T": Fraction(10**12),
}
# symbol: dimension, how many base units, prefixes it takes, other spellings (case aside when longer than two letters)
UNITS: dict[str, list[str]] = json.loads(files("karat.quality").joinpath("units.json").read_text("utf-8"))
POWERS = {"length": {2: "area", 3: "volume"}}


@dataclass(frozen=True)
class MeasurementUnit:
    """What a unit measures, and how many base units one of it is.

    Parameters
    ----------
    dimension : tuple of (str, int)
        Base dimensions and their powers, sorted; ``(("length", 1), ("time", -1))`` for a speed in furlongs per week.
    """

    symbol: str
    dimension: Dimension
    factor: Fraction


@cache
def _spellings() -> tuple[dict[str, MeasurementUnit], dict[str, MeasurementUnit]]:
    """Units by exact spelling, and by words in small letters."""
    exact: dict[str, MeasurementUnit] = {}
    words: dict[str, MeasurementUnit] = {}
    for symbol, (dimension, factor, prefixes, others) in UNITS.items():
        unit = MeasurementUnit(symbol, ((dimension, 1),), Fraction(factor))
        exact[symbol] = unit
        for spelling in _others(others):
            exact[spelling] = unit
            if len(spelling) > 2:
                words[spelling.casefold()] = unit
        if len(symbol) > 2:
            words[symbol.casefold()] = unit
        for prefix in prefixes:
            for spelling in {symbol, "L"} if symbol == "l" else {symbol}:
                scaled = MeasurementUnit(prefix + spelling, unit.dimension, PREFIXES[prefix] * unit.factor)
                exact.setdefault(prefix + spelling, scaled)
    return exact, words


def _others(text: str) -> Iterable[str]:
    return ["per cent", *text.replace("per cent", "").split()] if "per cent" in text else text.split()


@remembered(4096)
def unit_of(text: str) -> MeasurementUnit | None:
    """The unit a text names, alone or composed (``mg/dL``, ``km²``); None for anything else.

    Examples
    --------
    >>> unit_of("mW") == unit_of("MW")
    False
    >>> unit_of("PM") is None
    True
    """
    plain = " ".join(text.replace("²", "2").replace("³", "3").replace("^", "").split())
    plain = plain if plain in ("″", "′") else unicodedata.normalize("NFKC", plain)
    plain = plain.rstrip(".").strip() or plain
    return _simple(plain) or _power(plain) or _quotient(plain)


def _simple(text: str) -> MeasurementUnit | None:
    exact, words = _spellings()
    return exact.get(text) or (words.get(text.casefold()) if len(text) > 2 else None)


def _power(text: str) -> MeasurementUnit | None:
    """``km2``, ``cm3``, ``sq m``, ``cubic feet``."""
    match = re.fullmatch(r"(?:(sq|square|cu|cubic)\.? )?(\D+?)([23])?", text)
    if match is None or not (match[1] or match[3]) or (match[1] and match[3]):
        return None
    power = int(match[3]) if match[3] else 2 if match[1].startswith("sq") else 3
    unit = _simple(match[2])
    if unit is None or len(unit.dimension) != 1 or unit.dimension[0][0] not in POWERS:
        return None
    return MeasurementUnit(text, ((POWERS[unit.dimension[0][0]][power], 1),), unit.factor**power)


def _quotient(text: str) -> MeasurementUnit | None:
    """``mg/dL``, ``USD per kg``."""
    above, slash, below = text.replace(" per ", "/").partition("/")
    if not slash or "/" in below:
        return None
    top, bottom = (_simple(part.strip()) or _power(part.strip()) for part in (above, below))
    if top is None or bottom is None:
        return None
    if top.dimension == (("length", 1),) and bottom.dimension == (("time", 1),):
        return MeasurementUnit(text, (("speed", 1),), top.factor / bottom.factor)
    powers = dict(top.dimension)
    for base, power in bottom.dimension:
        powers[base] = powers.get(base, 0) - power
    dimension = tuple(sorted((base, power) for base, power in powers.items() if power))
    return MeasurementUnit(text, dimension, top.factor / bottom.factor) if dimension else None
