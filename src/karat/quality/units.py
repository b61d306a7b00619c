"""A unit algebra: what a unit measures and how many of the base unit it is, so that only what converts is ever merged.

Sources: SI Brochure (9th edition, 2019), UCUM 2.1, GB 3100 to 3102-1993 for the Chinese names, the International Yard
and Pound Agreement (1959), IEC 80000-13 for sizes of data. What is not one thing everywhere has a dimension of its own:
an ounce (mass or volume), a gallon and a ton (by country), each currency. Single capitals are no units here: ``3A`` is
a class, ``12 E`` a longitude.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

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
UNITS: dict[str, tuple[str, str, str, str]] = {
    "g": ("mass", "1", "kmuµμn", "gr gram grams gms 克"),
    "mg": ("mass", "1/1000", "", "mgs milligram milligrams 毫克"),
    "µg": ("mass", "1/1000000", "", "mcg ug microgram micrograms 微克"),
    "kg": ("mass", "1000", "", "Kg KG kgs kilo kilos kilogram kilograms 公斤 千克"),
    "t": ("mass", "1000000", "", "tonne tonnes 吨"),
    "ton": ("ton", "1", "", "tons"),
    "斤": ("mass", "500", "", "市斤"),
    "两": ("mass", "50", "", ""),
    "lb": ("mass", "453.59237", "", "lbs pound pounds 磅"),
    "oz": ("ounce", "1", "", "OZ Oz ounce ounces 盎司"),
    "fl oz": ("fluid ounce", "1", "", "fl.oz floz"),
    "m": ("length", "1", "kcdmuµμn", "meter meters metre metres 米"),
    "km": ("length", "1000", "", "KM kms kilometer kilometers kilometre kilometres 公里 千米"),
    "cm": ("length", "1/100", "", "CM cms centimeter centimeters centimetre centimetres 厘米 公分"),
    "mm": ("length", "1/1000", "", "millimeter millimeters millimetre millimetres 毫米"),
    "dm": ("length", "1/10", "", "分米"),
    "µm": ("length", "1/1000000", "", "micron microns 微米"),
    "nm": ("length", "1/1000000000", "", "纳米"),
    "in": ("length", "0.0254", "", 'inch inches " ″ 英寸'),
    "ft": ("length", "0.3048", "", "foot feet ' ′ 英尺"),
    "yd": ("length", "0.9144", "", "yard yards 码"),
    "mi": ("length", "1609.344", "", "mile miles 英里"),
    "nmi": ("length", "1852", "", "海里"),
    "里": ("length", "500", "", "华里"),
    "尺": ("length", "1/3", "", ""),
    "寸": ("length", "1/30", "", ""),
    "ha": ("area", "10000", "", "hectare hectares 公顷"),
    "acre": ("area", "4046.8564224", "", "acres 英亩"),
    "亩": ("area", "2000/3", "", ""),
    "m2": ("area", "1", "", "sqm 平方米 平米 ㎡"),
    "km2": ("area", "1000000", "", "平方公里 平方千米"),
    "sq ft": ("area", "0.09290304", "", "sqft 平方英尺"),
    "l": ("volume", "1/1000", "mcdhuµμ", "L liter liters litre litres ltr 升"),
    "ml": ("volume", "1/1000000", "", "mL mls milliliter milliliters millilitre millilitres 毫升 cc"),
    "m3": ("volume", "1", "", "立方米 cbm"),
    "gal": ("gallon", "1", "", "gallon gallons 加仑"),
    "s": ("time", "1", "muµμn", "sec secs second seconds 秒 秒钟"),
    "min": ("time", "60", "", "mins minute minutes 分钟"),
    "h": ("time", "3600", "", "hr hrs hour hours 小时"),
    "d": ("time", "86400", "", "day days 天"),
    "wk": ("time", "604800", "", "wks week weeks 周 星期"),
    "month": ("month", "1", "", "mo mos months 个月"),
    "year": ("month", "12", "", "yr yrs years 年 岁"),
    "°C": ("temperature", "1", "", "℃ 摄氏度 celsius"),
    "°F": ("temperature Fahrenheit", "1", "", "℉ 华氏度 fahrenheit"),
    "mph": ("speed", "0.44704", "", ""),
    "km/h": ("speed", "5/18", "", "kmh kph kmph 公里/小时"),
    "m/s": ("speed", "1", "", "米/秒"),
    "kn": ("speed", "463/900", "", "knot knots"),
    "Pa": ("pressure", "1", "kMhm", "帕"),
    "bar": ("pressure", "100000", "m", ""),
    "atm": ("pressure", "101325", "", ""),
    "mmHg": ("pressure", "133.322387415", "", "毫米汞柱"),
    "psi": ("pressure", "6894.757293168", "", ""),
    "joule": ("energy", "1", "", "joules 焦 焦耳"),
    "kJ": ("energy", "1000", "", "千焦"),
    "MJ": ("energy", "1000000", "", ""),
    "cal": ("energy", "4.184", "", "卡"),
    "kcal": ("energy", "4184", "", "大卡 千卡"),
    "千瓦时": ("energy", "3600000", "", ""),
    "Wh": ("energy", "3600", "kMGT", ""),
    "watt": ("power", "1", "", "watts 瓦"),
    "mW": ("power", "1/1000", "", "毫瓦"),
    "kW": ("power", "1000", "", "千瓦"),
    "MW": ("power", "1000000", "", "兆瓦"),
    "GW": ("power", "1000000000", "", ""),
    "hp": ("horsepower", "1", "", "bhp 马力"),
    "Hz": ("frequency", "1", "kMGT", "赫兹"),
    "volt": ("voltage", "1", "", "volts 伏"),
    "mV": ("voltage", "1/1000", "", ""),
    "kV": ("voltage", "1000", "", ""),
    "amp": ("current", "1", "", "amps ampere amperes 安培"),
    "mA": ("current", "1/1000", "", ""),
    "mol": ("amount of substance", "1", "muµμn", ""),
    "byte": ("data", "1", "", "bytes 字节"),
    "kB": ("data", "1000", "", "KB"),
    "MB": ("data", "1000000", "", ""),
    "GB": ("data", "1000000000", "", ""),
    "TB": ("data", "1000000000000", "", ""),
    "KiB": ("data", "1024", "", ""),
    "MiB": ("data", "1048576", "", ""),
    "GiB": ("data", "1073741824", "", ""),
    "Mbit": ("data", "125000", "", ""),
    "Gbit": ("data", "125000000", "", ""),
    "Mbps": ("data rate", "1", "", ""),
    "Gbps": ("data rate", "1000", "", ""),
    "kbps": ("data rate", "1/1000", "", "Kbps"),
    "°": ("angle", "1", "", "deg degree degrees 度"),
    "rad": ("angle", "57.29577951308232", "", ""),
    "%": ("share", "1/100", "", "％ percent pct per cent"),
    "‰": ("share", "1/1000", "", "per mille permille"),
    "ppm": ("share", "1/1000000", "", ""),
    "千": ("number", "1000", "", ""),
    "万": ("number", "10000", "", "萬"),
    "百万": ("number", "1000000", "", ""),
    "千万": ("number", "10000000", "", ""),
    "亿": ("number", "100000000", "", "億"),
    "元": ("CNY", "1", "", "块 圆 RMB CNY yuan 人民币"),
    "千元": ("CNY", "1000", "", ""),
    "万元": ("CNY", "10000", "", "万块"),
    "百万元": ("CNY", "1000000", "", ""),
    "亿元": ("CNY", "100000000", "", ""),
    "$": ("dollar sign", "1", "", ""),
    "¥": ("yen or yuan sign", "1", "", "￥"),
    "€": ("EUR", "1", "", "EUR euro euros 欧元"),
    "£": ("GBP", "1", "", "GBP 英镑"),
    "₹": ("INR", "1", "", "INR"),
    "USD": ("USD", "1", "", "US$ 美元"),
    "HKD": ("HKD", "1", "", "HK$ 港元 港币"),
    "JPY": ("JPY", "1", "", "日元"),
    "CHF": ("CHF", "1", "", ""),
    "CAD": ("CAD", "1", "", ""),
    "AUD": ("AUD", "1", "", ""),
    "KRW": ("KRW", "1", "", "₩ 韩元"),
}  # fmt: skip
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
