"""``karat list``: every unit there is, by kind, with the first line of its page."""

import inspect

from karat.core.registry import units
from karat.core.unit import KINDS


def lines(kind: str = "") -> list[str]:
    """The listing, a line a unit under a line a kind."""
    out: list[str] = []
    for name in [kind] if kind else list(KINDS):
        registered = units(name)
        out += ["", f"{name} ({len(registered)})"] if out else [f"{name} ({len(registered)})"]
        for code, unit in registered.items():
            first = (inspect.getdoc(unit) or "").split("\n")[0]
            dimension = getattr(unit, "dimension", "")
            out.append(f"  {code:<24} {dimension:<16}{first}" if dimension else f"  {code:<24} {first}")
    return out
