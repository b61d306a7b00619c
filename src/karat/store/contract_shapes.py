"""What may stand under each key of a data contract; anything else is an error that names the place."""

import math
from collections.abc import Callable, Mapping
from reprlib import Repr
from typing import Any

import numpy as np

from karat.core.errors import InputError

TEXTS = ("name", "logicalType", "type", "metric", "rule", "query", "unit", "pattern", "format", "physicalName", "to")
SHORT = Repr()
SHORT.maxlevel = 2  # display: references in YAML may make a few bytes a tree of billions
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


def _text(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    """A number that a double can hold."""
    try:
        return not isinstance(value, (bool, str)) and math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def _length(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or (isinstance(value, list) and all(map(fits, value)))


def _mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _scalar(value: Any) -> bool:
    return not isinstance(value, (dict, list, set, tuple))


Shapes = Mapping[str, tuple[str, Callable[[Any], bool]]]
ENTRIES = ("a list of mappings", _list_of(_mapping))
VALUES = ("a list of values", _list_of(_scalar))
SHAPES: Shapes = {
    **dict.fromkeys(TEXTS, ("a text", _text)),
    **dict.fromkeys(("schema", "properties", "quality", "relationships"), ENTRIES),
    **dict.fromkeys(("logicalTypeOptions", "arguments"), ("a mapping", lambda value: value is None or _mapping(value))),
    **dict.fromkeys(
        ("required", "unique", "primaryKey"), ("true or false", lambda value: value is None or isinstance(value, bool))
    ),
    **dict.fromkeys(("minLength", "maxLength", "primaryKeyPosition"), ("a whole number", _length)),
    **dict.fromkeys(
        ("mustBeBetween", "mustNotBeBetween"),
        ("two numbers", lambda value: isinstance(value, list) and len(value) == 2 and all(map(_number, value))),
    ),
    **dict.fromkeys(
        (
            "mustBe",
            "mustNotBe",
            "mustBeGreaterThan",
            "mustBeGreaterOrEqualTo",
            "mustBeLessThan",
            "mustBeLessOrEqualTo",
        ),
        ("a number", _number),
    ),
    **dict.fromkeys(("missingValues", "validValues"), VALUES),
}
ARGUMENT_SHAPES: Shapes = {**SHAPES, "properties": ("a list of column names", _list_of(_text))}


def check_shape(entry: Any, where: str, shapes: Shapes = SHAPES) -> None:
    """Raise an error where an entry is no mapping, or where a key has a value of another shape.

    Raises
    ------
    InputError
        With the key, the value in short, and the place.
    """
    if not _mapping(entry):
        raise InputError(f"{where} has {SHORT.repr(entry)} where keys are expected", "Correct the contract")
    for key, value in entry.items():
        wanted, fits = shapes.get(key, ("", _anything))
        if not fits(value):
            raise InputError(f"{where}: {key} is {SHORT.repr(value)}, not {wanted}", "Correct the contract")


def _anything(_value: Any) -> bool:
    return True


def check_bounds(options: Mapping[str, Any], kind: str, where: str) -> None:
    """Raise an error where a bound is no number, or no time in a column of times.

    Parameters
    ----------
    kind : str
        Logical type of the column; only numbers and times have bounds.
    """
    times = kind in ("timestamp", "date")
    for key in BOUNDS:
        if key not in options or not (times or kind in ("integer", "number")):
            continue
        value = options[key]
        if not (_time(value) if times else _number(value) and (key != "multipleOf" or value > 0)):
            wanted = "a time" if times else "a number above 0" if key == "multipleOf" else "a number"
            raise InputError(f"{where}: {key} is {SHORT.repr(value)}, not {wanted}", "Correct the contract")


def _time(value: Any) -> bool:
    try:
        return _scalar(value) and not np.isnat(np.datetime64(str(value), "us"))
    except ValueError:
        return False
