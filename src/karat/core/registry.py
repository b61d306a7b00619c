"""Finds every unit by walking the rooms, and third parties' by entry point. No list is typed by hand."""

import importlib
import inspect
import pkgutil
from functools import cache
from importlib.metadata import entry_points

from karat.core.errors import OptionError
from karat.core.unit import KINDS, Unit

ROOMS = {
    "annotation": "quality",
    "check": "quality",
    "source": "collect",
    "fix": "clean",
    "voter": "label",
    "transform": "prepare",
    "learner": "train",
    "metric": "evaluate",
    "exporter": "deploy",
}
ENTRY_POINTS = "karat.units"


@cache
def units(kind: str) -> dict[str, type[Unit]]:
    """Every unit of a kind by its code, sorted; two units with one code are an error.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    """
    if kind not in KINDS:
        raise OptionError.unknown("kind of unit", kind, KINDS)
    found: dict[str, type[Unit]] = {}
    for module in _modules(f"karat.{ROOMS[kind]}"):
        for _, unit in inspect.getmembers(importlib.import_module(module), inspect.isclass):
            if unit.__module__ == module:
                _add(found, unit, kind)
    for point in entry_points(group=ENTRY_POINTS):
        _add(found, point.load(), kind)
    return dict(sorted(found.items()))


def _modules(room: str) -> list[str]:
    package = importlib.import_module(room)
    return sorted(m.name for m in pkgutil.walk_packages(package.__path__, room + "."))


def _add(found: dict[str, type[Unit]], unit: type, kind: str) -> None:
    concrete = issubclass(unit, KINDS[kind]) and not inspect.isabstract(unit) and not unit.__name__.startswith("_")
    if not concrete or unit is KINDS[kind]:
        return
    held = found.setdefault(unit.__name__, unit)
    if held is not unit:
        raise OptionError(
            "one unit per code wanted",
            f"{unit.__name__} in {held.__module__} and {unit.__module__}",
            do="rename one of them",
        )
