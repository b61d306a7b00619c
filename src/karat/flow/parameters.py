"""Parameters of units from ``[quality.CHECK]`` of the settings."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.unit import Unit

T = TypeVar("T", bound=Unit)


def with_parameters(unit: T, wanted: Mapping[str, Any]) -> T:
    """The unit with some parameters of its own.

    Raises
    ------
    OptionError
        It has no such parameter, or the value is of another kind.
    """
    if not wanted:
        return unit
    where = f"[quality.{unit.code()}]"
    known = {field.name: getattr(unit, field.name) for field in fields(unit)}
    values = {}
    for name, value in wanted.items():
        if name not in known:
            raise OptionError.unknown("parameter", name, known, where)
        fitting = _fitting(value, known[name])
        if fitting is None:
            raise OptionError(
                f"{where} {name} is {value!r}, not a {_words(known[name])}", f"Write a {_words(known[name])}"
            )
        values[name] = fitting
    return replace(unit, **values)


def known_checks(names: Mapping[str, Any]) -> None:
    """Raise OptionError for a name that is no check."""
    checks = units("check")
    for code in names:
        if code not in checks:
            raise OptionError.unknown("check", code, checks, "[quality]")


def _fitting(value: Any, like: Any) -> Any:
    """A value of the kind of another one; None where it is not."""
    if isinstance(like, bool) or isinstance(value, bool):
        return value if isinstance(value, bool) and isinstance(like, bool) else None
    if isinstance(like, (int, float)):
        return value if isinstance(value, (int, float)) else None
    if isinstance(like, tuple):
        return tuple(value) if isinstance(value, (list, tuple)) else None
    return value if isinstance(value, type(like)) else None


def _words(like: Any) -> str:
    kinds = {bool: "yes or no (true or false)", int: "number", float: "number", tuple: "list", str: "text"}
    return next((words for kind, words in kinds.items() if isinstance(like, kind)), type(like).__name__)
