"""Find what is wrong with a data set and fix high-confidence errors: ``karat.clean(data, target)``.

``inspect.signature(karat.clean)`` and ``help(karat.cli.python.clean)`` show every option. The module also has the calls
for lists of texts, looked up when they are used:

judge_text(texts, profile)          which texts to keep, and the rule that the others break
near_duplicates(texts, threshold)   pairs of texts that are nearly the same, each verified
decontaminate(texts, test_texts)    texts that hold a part of a test set
diverse(texts, size)                positions of texts as unlike each other as can be
"""

import sys
from importlib import import_module
from typing import Any

from karat import CallableRoom

_PLACES = {
    "judge_text": "karat.clean.judging_text",
    "near_duplicates": "karat.clean.duplicates_in_text",
    "decontaminate": "karat.clean.decontamination",
    "diverse": "karat.clean.diverse_subset",
}

__all__ = ["decontaminate", "diverse", "judge_text", "near_duplicates"]

sys.modules[__name__].__class__ = CallableRoom


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'karat.clean' has no attribute {name!r}")
