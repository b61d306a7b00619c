"""Karat turns raw data into data a large model can learn from, and proves what that was worth.

Calls
-----
read(data)                  read it as every command does, and say how
assess(data, target)        find what is wrong; change nothing
clean(data, target)         fix high-confidence errors; every change is reversible
run(data, target)           clean, prove the worth of it, export a model
outliers(data)              how unusual every record is, and in which columns
lift(before, after, target) measure what a change of data was worth
label.aggregate(votes)      labels from votes
label.errors(given, probs)  labels that are probably wrong
clean.judge_text(texts)     which texts to keep, by published rules
clean.near_duplicates(texts)
sklearn.Cleaner()           cleaning as a scikit-learn transformer
rule                        makes a function a voter
train_language_model(run)   a small GPT from a cleaned corpus

Every error raised on purpose is a ``karat.KaratError``. Names are looked up when they are used, so that
``import karat`` costs next to nothing; ``karat.clean`` and ``karat.lift`` are modules that can also be called.
"""

import os
from importlib import import_module
from types import ModuleType
from typing import Any

# Arrow's allocator would set a gigabyte aside at its first use, which counts against a limit of memory (RLIMIT_DATA)
os.environ.setdefault("MIMALLOC_ARENA_EAGER_COMMIT", "0")

_FACE = "karat.cli.python"
_ERRORS = ("KaratError", "InputError", "OptionError", "GateError", "MachineError")
_PLACES = {
    **dict.fromkeys(("assess", "run", "Assessment", "Cleaned", "Run"), _FACE),
    **dict.fromkeys(_ERRORS, "karat.core.errors"),
    **dict.fromkeys(("read", "Read"), "karat.cli.read_call"),
    "outliers": "karat.cli.outliers",
    "rule": "karat.label.rules",
    "train_language_model": "karat.flow.language_model",
}
_MODULES = ("clean", "label", "lift", "sklearn")

__all__ = [
    "Assessment",
    "Cleaned",
    "GateError",
    "InputError",
    "KaratError",
    "MachineError",
    "OptionError",
    "Read",
    "Run",
    "assess",
    "clean",
    "label",
    "lift",
    "outliers",
    "read",
    "rule",
    "run",
    "sklearn",
    "train_language_model",
]


class CallableRoom(ModuleType):
    """A module that is also the command of its name."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """The Python call of the command; see ``karat.cli.python``."""
        return self._call(*arguments, **named)

    @property
    def _call(self) -> Any:
        return getattr(import_module(_FACE), self.__name__.rpartition(".")[2])

    @property
    def __signature__(self) -> Any:
        """The signature of the call, for ``inspect`` and notebooks."""
        import inspect

        return inspect.signature(self._call)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *getattr(self, "__all__", ())})


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("karat.core.release").VERSION
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    if name in _MODULES:
        return import_module(f"karat.{name}")
    raise AttributeError(f"module 'karat' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
