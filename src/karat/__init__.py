"""Karat turns raw data into data a large model can learn from, and proves what that was worth.

Names are looked up when they are used, so that ``import karat`` costs nothing. ``karat.clean`` and ``karat.lift`` are
rooms that can also be called.
"""

import os
from importlib import import_module
from types import ModuleType
from typing import Any

# Arrow's allocator would set a gigabyte aside at its first use, which counts against a limit of memory (RLIMIT_DATA)
os.environ.setdefault("MIMALLOC_ARENA_EAGER_COMMIT", "0")

_CALLS = {"karat.clean": "clean", "karat.lift": "lift"}
_PLACES = {
    "assess": "karat.cli.python",
    "run": "karat.cli.python",
    "rule": "karat.label.rules",
    "train_language_model": "karat.flow.language_model",
}
_ROOMS = ("clean", "label", "lift")

__all__ = ["CallableRoom", "assess", "clean", "label", "lift", "rule", "run", "train_language_model"]


class CallableRoom(ModuleType):
    """A room that is also the command of its name."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        """The Python call of the command; see ``karat.cli.python``."""
        return getattr(import_module("karat.cli.python"), _CALLS[self.__name__])(*given, **named)


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    if name in _ROOMS:
        return import_module(f"karat.{name}")
    raise AttributeError(f"module 'karat' has no attribute {name!r}")
