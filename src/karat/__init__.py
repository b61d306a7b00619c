"""Karat turns raw data into data a large model can learn from, and proves what that was worth."""

from importlib import import_module
from typing import Any

_PLACES: dict[str, str] = {}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'karat' has no attribute {name!r}")
