"""Units of other packages: one that is broken or missing is left out with one warning, and everything else goes on."""

import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from karat.core.lazy_pandas import let_pandas_in
from karat.core.state import ENTRY_POINTS, OWN, Absent

T = TypeVar("T")

_said: set[str] = set()


class PluginWarning(UserWarning):
    """A unit of another package was left out: which, of what package, in which file, and why."""


def warn_once(line: str) -> None:
    """Warn with one line, once in a process."""
    if line not in _said:
        _said.add(line)
        warnings.warn(line, PluginWarning, stacklevel=2)


def is_foreign(unit: object) -> bool:
    """Does a unit, or its class, come from another package than Karat?"""
    kind = unit if isinstance(unit, type) else type(unit)
    return kind.__module__.partition(".")[0] != OWN


def foreign_classes() -> Iterator[type]:
    """The classes that other packages declare as units; what cannot be imported is left out with a warning."""
    for point in entry_points(group=ENTRY_POINTS):
        let_pandas_in()
        try:
            unit = point.load()
        except (Exception, SystemExit) as error:  # noqa: BLE001  a stranger's module may raise anything
            left_out(point, failure(error))
            continue
        if isinstance(unit, type):
            yield unit
        else:
            left_out(point, f"{point.value} is a {type(unit).__name__}, not a class")


def left_out(point: EntryPoint, why: str) -> None:
    """Warn that a unit of another package was left out."""
    package = f"{point.dist.name} {point.dist.version}" if point.dist else "another package"
    warn_once(f"unit {point.name!r} of {package} was left out: {why}. Update or uninstall that package.")


def failure(error: BaseException) -> str:
    """What a stranger's code raised, and where: the last file of the trace that is not Python's own machinery."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_machinery(frame.filename)]
    place = f"{frames[-1].filename} line {frames[-1].lineno}: " if frames else ""
    text = " ".join(str(error).split())
    return f"{place}{type(error).__name__}{f': {text}' if text else ''}"


def _is_machinery(file: str) -> bool:
    return file.startswith("<") or file == __file__ or "importlib" in file


def attempted(unit: Any, verb: str, call: Callable[[], T], otherwise: T) -> T:
    """What a verb of a unit gives; where a stranger's unit raises, ``otherwise`` and one warning.

    Karat's own units are not caught: their faults are ours to see.
    """
    if not is_foreign(unit):
        return call()
    try:
        return call()
    except Exception as error:  # noqa: BLE001  a stranger's unit may raise anything
        kind = unit if isinstance(unit, type) else type(unit)
        warn_once(
            f"{unit.kind} {kind.__name__} of {kind.__module__} failed at {verb} and was left out: {failure(error)}. "
            "Report this to its author."
        )
        return otherwise


def present(units: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """Units with their states as a run has stored them, without those whose package is no longer installed."""
    here = {}
    for code, (unit, state) in units.items():
        gone = next((part for part in (unit, state) if isinstance(part, Absent)), None)
        if gone is None:
            here[code] = (unit, state)
        else:
            warn_once(
                f"unit {code!r}, with which this run was made, was left out: {gone.why}. "
                "Install that package again to use it."
            )
    return here
