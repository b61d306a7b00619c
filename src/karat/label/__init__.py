"""Labels: votes and the truth behind them, wrong labels, what to label next.

aggregate(votes)             labels from votes, how sure each is, how good each voter is
errors(given, pred_probs)    which given labels are probably wrong
noise(given, pred_probs)     how many are, with an interval
next_items(pred_probs)       what to ask a person about next
rule                         makes a function of a record a voter

Names are looked up when they are used.
"""

from importlib import import_module
from typing import Any

_PLACES = {
    "aggregate": "karat.cli.python",
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


def __dir__() -> list[str]:
    return __all__
