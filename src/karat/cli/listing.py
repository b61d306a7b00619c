"""``karat list``: every unit there is, by kind, with the first line of its page; or the page of one."""

import inspect
from dataclasses import MISSING, fields
from typing import Any

from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.unit import KINDS


def lines(name: str = "") -> list[str]:
    """The listing, a line a unit under a line a kind; of one kind alone, or the page of one unit.

    Parameters
    ----------
    name : str
        A kind of unit, a unit's code, or nothing for all kinds.

    Raises
    ------
    OptionError
        Neither a kind nor a code.
    """
    if name and name not in KINDS:
        return _page(name)
    out: list[str] = []
    for kind in [name] if name else list(KINDS):
        registered = units(kind)
        out += ["", f"{kind} ({len(registered)})"] if out else [f"{kind} ({len(registered)})"]
        for code, unit in registered.items():
            first = (inspect.getdoc(unit) or "").split("\n")[0]
            dimension = getattr(unit, "dimension", "")
            out.append(f"  {code:<24} {dimension:<16}{first}" if dimension else f"  {code:<24} {first}")
    return out


def _page(code: str) -> list[str]:
    """What a unit is and applies to, its docstring, and its parameters with their defaults."""
    everything = {kind: units(kind) for kind in KINDS}
    found: list[tuple[str, Any]] = [(kind, units_of[code]) for kind, units_of in everything.items() if code in units_of]
    if not found:
        known = [*KINDS, *(code for units_of in everything.values() for code in units_of)]
        raise OptionError.unknown("unit", code, known)
    out: list[str] = []
    for kind, unit in found:
        facts = [kind, str(getattr(unit, "dimension", "") or "")]
        facts.append(f"for {', '.join(sorted(unit.kinds))}" if getattr(unit, "kinds", None) else "")
        out += [*([""] if out else []), f"{code} · {' · '.join(filter(None, facts))}", ""]
        out += (inspect.getdoc(unit) or "").split("\n")
        defaults = {field.name: "must be given" if _must(field) else f"{_default(field)!r}" for field in fields(unit)}
        out += ["", "Defaults", *(f"  {name} = {value}" for name, value in defaults.items())] if defaults else []
    return out


def _must(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _default(field: Any) -> Any:
    return field.default if field.default is not MISSING else field.default_factory()
