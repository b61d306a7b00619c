"""The room of labels: votes and their truth, wrong labels, what to label next."""

from importlib import import_module
from typing import Any

_PLACES = {
    "aggregate": "karat.label.aggregating",
    "errors": "karat.cli.label_errors",
    "next_items": "karat.label.next_to_label",
    "noise": "karat.label.wrong_labels",
    "rule": "karat.label.rules",
}

__all__ = ["aggregate", "errors", "next_items", "noise", "rule"]


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'karat.label' has no attribute {name!r}")
