"""The room that mends; as a function, ``karat.clean(data)`` finds and mends in one call.

``karat.clean.judge_text``, ``near_duplicates``, ``decontaminate`` and ``diverse`` are looked up when they are used.
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

sys.modules[__name__].__class__ = CallableRoom


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'karat.clean' has no attribute {name!r}")
