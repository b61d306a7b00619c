"""Units as people write them, in English and Chinese: spellings, families, and how one converts into another."""

from dataclasses import dataclass
from functools import lru_cache

from karat.quality.column_kind import MEASURED

# Per family: spellings, and how many of the first unit of its measure one of it is.
UNITS: dict[str, tuple[str, float, tuple[str, ...]]] = {
    "g": ("mass", 1.0, ("g", "gr", "gram", "grams", "gms", "克")),
    "mg": ("mass", 1e-3, ("mg", "mgs", "milligram", "milligrams", "毫克")),
    "kg": ("mass", 1e3, ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "公斤", "千克")),
    "jin": ("mass", 500.0, ("斤", "市斤")),
    "t": ("mass", 1e6, ("t", "ton", "tons", "tonne", "tonnes", "吨")),
    "lb": ("mass", 453.59237, ("lb", "lbs", "pound", "pounds", "磅")),
    "oz": ("ounce", 1.0, ("oz", "ounce", "ounces", "盎司", "fl oz", "fl.oz")),
    "mm": ("length", 1.0, ("mm", "millimeter", "millimetre", "毫米")),
    "cm": ("length", 10.0, ("cm", "cms", "centimeter", "centimetre", "厘米", "公分")),
    "m": ("length", 1e3, ("m", "meter", "meters", "metre", "metres", "米")),
    "km": ("length", 1e6, ("km", "kms", "kilometer", "kilometers", "kilometre", "公里", "千米")),
    "in": ("length", 25.4, ("in", "inch", "inches", '"', "英寸", "寸")),
    "ft": ("length", 304.8, ("ft", "foot", "feet", "'", "英尺")),
    "mi": ("length", 1609344.0, ("mi", "mile", "miles", "英里")),
    "ml": ("volume", 1.0, ("ml", "mls", "milliliter", "millilitre", "毫升", "cc")),
    "l": ("volume", 1e3, ("l", "liter", "liters", "litre", "litres", "ltr", "升")),
    "gal": ("volume", 3785.411784, ("gal", "gallon", "gallons", "加仑")),
    "s": ("time", 1.0, ("s", "sec", "secs", "second", "seconds", "秒")),
    "min": ("time", 60.0, ("min", "mins", "minute", "minutes", "分钟", "分")),
    "h": ("time", 3600.0, ("h", "hr", "hrs", "hour", "hours", "小时", "时")),
    "day": ("time", 86400.0, ("d", "day", "days", "天", "日")),
    "week": ("time", 604800.0, ("wk", "wks", "week", "weeks", "周")),
    "month": ("month", 1.0, ("mo", "mos", "month", "months", "个月", "月")),
    "year": ("month", 12.0, ("y", "yr", "yrs", "year", "years", "年", "岁", "yo", "years old")),
    "usd": ("usd", 1.0, ("$", "usd", "us$", "dollar", "dollars", "美元")),
    "eur": ("eur", 1.0, ("€", "eur", "euro", "euros", "欧元")),
    "gbp": ("gbp", 1.0, ("£", "gbp", "英镑")),
    "cny": ("cny", 1.0, ("¥", "￥", "rmb", "cny", "yuan", "元", "块", "圆")),
    "wan cny": ("cny", 1e4, ("万元", "万")),
    "yi cny": ("cny", 1e8, ("亿元", "亿")),
    "qian cny": ("cny", 1e3, ("千元",)),
    "%": ("%", 1.0, ("%", "％", "percent", "pct", "百分比")),
    "permille": ("%", 0.1, ("‰",)),
}  # fmt: skip
FAMILY = {spelling: name for name, (_, _, spellings) in UNITS.items() for spelling in spellings}
SIGNIFICANT = 12  # digits that a person means; a binary fraction shows up to 17


@dataclass(frozen=True)
class Measured:
    """A number with what stands around it: ``before`` and ``behind`` as written, its value and its text."""

    before: str
    behind: str
    value: float
    number: str


@lru_cache(maxsize=65_536)
def read_measured(text: str) -> Measured | None:
    """A number with a unit taken apart; None for anything else."""
    match = MEASURED.match(text) if len(text) <= 60 else None
    if match is None or not (match["before"] or match["behind"]):
        return None
    number = match["number"]
    whole = number.replace("'", "").replace("\u2009", "").replace("\u00a0", "").replace(" ", "")
    comma = whole.rpartition(",")
    decimal_comma = "," in whole and "." not in whole and len(comma[2]) != 3
    try:
        value = float(whole.replace(",", "." if decimal_comma else ""))
    except ValueError:
        return None
    return Measured(match["before"] or "", (match["behind"] or "").rstrip(), value, number)


def family(read: Measured) -> str:
    """What the unit is called here: the known family, else its first word in small letters."""
    unit = (read.behind or read.before).strip().lower()
    if unit in FAMILY:
        return FAMILY[unit]
    bare = unit.rstrip(".").strip()
    if bare in FAMILY:
        return FAMILY[bare]
    first = bare.replace("/", " ").split(" ")[0].rstrip(".,")
    return FAMILY.get(first, first)


def factor_between(name: str, other: str) -> float | None:
    """How many of ``other`` one of ``name`` is; None when they do not measure the same."""
    if name not in UNITS or other not in UNITS or UNITS[name][0] != UNITS[other][0]:
        return None
    return UNITS[name][1] / UNITS[other][1]


def tidy(read: Measured, factor: float, *, zeros: bool) -> str:
    """The number alone, converted, without binary noise; zeros behind the point only where the column has them."""
    written = read.number
    digits = sum(ch.isdigit() for ch in written)
    separated = any(ch in written for ch in ",' \u2009\u00a0")
    if factor == 1.0 and zeros and digits <= SIGNIFICANT and not separated:
        return written
    if factor == 1.0 and digits <= SIGNIFICANT and not separated and "." not in written:
        return written
    text = f"{read.value * factor:.{SIGNIFICANT if factor == 1.0 else 8}g}"
    return text if "e" not in text else f"{read.value * factor:.0f}"
