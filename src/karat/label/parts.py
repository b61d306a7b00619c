"""A part of an answer, and what a type of answer made of parts can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True)
class LabelPart:
    """A label and where it stands.

    Parameters
    ----------
    label : str
        "" where parts have no label.
    place : tuple of float
        Start and end of a span; x, y, width, height of a box; empty for a label of the whole item.
    """

    label: str
    place: tuple[float, ...] = ()


class PartType(Protocol):
    """A type of answer that is made of parts."""

    @property
    def least(self) -> float:
        """Overlap from which two parts mean the same thing."""
        ...

    def read(self, text: str) -> list[LabelPart] | None:
        """The parts of an answer; None where the text is no such answer."""
        ...

    def write(self, parts: Sequence[LabelPart]) -> str:
        """The same as a text."""
        ...

    def overlap(self, parts: Sequence[LabelPart]) -> np.ndarray:
        """(p, p) in [0, 1]: how far parts stand in the same place."""
        ...

    def merged(self, places: np.ndarray, weight: np.ndarray) -> tuple[float, ...]:
        """One place for parts that mean the same thing."""
        ...

    def distance(self, left: Sequence[LabelPart], right: Sequence[LabelPart]) -> float:
        """How far two answers differ, in [0, 1]."""
        ...


def number(value: Any) -> float | None:
    """A finite number, also written as a text; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        out = float(value)
    except (TypeError, ValueError):
        return None
    return out if np.isfinite(out) else None


def plain(value: float) -> int | float:
    """A number without a needless ``.0``."""
    return int(value) if value == int(value) else round(value, 6)


def label_of(entry: dict[str, Any]) -> str:
    """The label of a part, "" where it has none; one label alone in a list is that label."""
    label = entry.get("label", entry.get("labels", ""))
    if isinstance(label, list) and len(label) == 1:
        label = label[0]
    return "" if label is None else str(label)
