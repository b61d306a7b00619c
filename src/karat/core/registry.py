"""Finds every unit by walking the rooms, and third parties' by entry point. No list is typed by hand."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from karat.core.errors import OptionError
from karat.core.plugins import attempted, foreign_classes, warn_once
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
SUBCLASS = re.compile(rb"^class \w+(?:\[.*\])?\(", re.MULTILINE)  # definition: a unit is a class with a base
# of metrics that are no units: what their names say
ERRORS = ("loss", "error", "mse", "mae", "rmse", "perplexity", "bits", "brier", "deviance")


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
    classes: dict[str, type[Unit]] = {}
    for module in _modules(f"karat.{ROOMS[kind]}"):
        for unit in vars(importlib.import_module(module)).values():
            if isinstance(unit, type) and unit.__module__ == module:
                _add(classes, unit, kind)
    for unit in foreign_classes():
        try:
            _add(classes, unit, kind)
        except OptionError as error:  # a stranger's unit may not end every command
            warn_once(str(error))
    return dict(sorted(classes.items()))


def instances(kind: str) -> list[Any]:
    """One of every unit of a kind, with its default parameters, sorted by code."""
    created = [attempted(unit, "creation", unit, None) for unit in units(kind).values()]
    return [unit for unit in created if unit is not None]


def is_error(metric: str) -> bool:
    """Is lower better? Of a metric that is no unit, such as a program's own, its name says so."""
    unit: Any = units("metric").get(metric)
    return unit.sign < 0 if unit else any(word in metric.lower() for word in ERRORS)


def as_metric(lift: Mapping[str, Any], metric: str, *names: str) -> dict[str, Any]:
    """A part of a certificate with some of its levels as the metric gives them: an error is no negative number."""
    if not is_error(metric):
        return dict(lift)
    return dict(lift) | {name: abs(lift[name]) for name in names if lift.get(name) is not None}


def _modules(room: str) -> list[str]:
    """The modules below a room that may hold a unit; importing all of them takes longer than most checks."""
    package = importlib.import_module(room)
    return sorted(m.name for m in pkgutil.walk_packages(package.__path__, room + ".") if m.ispkg or _may_hold_units(m))


def _may_hold_units(module: pkgutil.ModuleInfo) -> bool:
    """Is there a class with a base in its text? True where there is no text beside the code."""
    source = Path(getattr(module.module_finder, "path", "")) / f"{module.name.rpartition('.')[2]}.py"
    return not source.is_file() or SUBCLASS.search(source.read_bytes()) is not None


def _add(classes: dict[str, type[Unit]], unit: type, kind: str) -> None:
    concrete = issubclass(unit, KINDS[kind]) and not inspect.isabstract(unit) and not unit.__name__.startswith("_")
    if not concrete or unit is KINDS[kind]:
        return
    known = classes.setdefault(unit.__name__, unit)
    if known is not unit:
        raise OptionError(
            f"two units are named {unit.__name__}: one in {known.__module__}, one in {unit.__module__}",
            "Rename one of them",
        )
