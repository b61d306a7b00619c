"""Kinds of data, one file each: how each is recognised, what its columns are for, and how it is proved.

A new kind is one file here and one test. Nothing outside this folder asks which kind it is: it asks the kind.
"""

import inspect
import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from karat.core.errors import OptionError
from karat.core.schema import kind_name
from karat.kinds.kind import Goal, Kind, Layout, Sample

__all__ = ["Goal", "Kind", "Layout", "Recognised", "Sample", "every", "of", "recognised"]


@dataclass(frozen=True)
class Recognised:
    """A kind of data, and what it was recognised by, in words."""

    kind: Kind
    reason: str


@cache
def every() -> dict[str, Kind]:
    """Every kind by its name, in the order in which they are asked."""
    kinds = []
    for entry in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{entry.name}")
        mine = (unit for _, unit in inspect.getmembers(module, inspect.isclass) if unit.__module__ == module.__name__)
        kinds += [unit() for unit in mine if issubclass(unit, Kind) and not inspect.isabstract(unit)]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.rank)}


def of(name: str) -> Kind:
    """The kind of a name, of an earlier name too. Raises OptionError."""
    known = every()
    if kind_name(name) not in known:
        raise OptionError.unknown("kind of data", name, known)
    return known[kind_name(name)]


def recognised(sample: Sample) -> Recognised:
    """The first kind that recognises the data as its own; a table where none does."""
    for kind in every().values():
        if reason := kind.recognised(sample):
            return Recognised(kind, reason)
    raise AssertionError("a table is recognised in anything")
