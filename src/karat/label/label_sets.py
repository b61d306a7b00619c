"""Several labels a record: each label is a question of its own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.label.answer_types import parsed
from karat.label.parts import LabelPart


@dataclass(frozen=True)
class LabelSets:
    """Sets of labels, as lists in JSON or joined by a character.

    Parameters
    ----------
    separator : str or None
        What joins labels in a text; None for JSON.
    """

    separator: str | None = None
    least: float = 1.0

    def read(self, text: str) -> list[LabelPart] | None:
        """The labels, each once."""
        if self.separator is None:
            value = parsed(text)
            if value is None:  # a lone label among lists
                value = [text] if text[:1] not in ("[", "{") else None
            if value is None or not all(isinstance(entry, (str, int)) for entry in value):
                return None
            names = [str(entry).strip() for entry in value]
        else:
            names = [part.strip() for part in text.split(self.separator)]
        return [LabelPart(name) for name in dict.fromkeys(names) if name]

    def write(self, parts: Sequence[LabelPart]) -> str:
        """The labels in order."""
        names = sorted({part.label for part in parts})
        return json.dumps(names, ensure_ascii=False) if self.separator is None else self.separator.join(names)

    def overlap(self, parts: Sequence[LabelPart]) -> np.ndarray:
        """1 for the same label."""
        names = np.array([part.label for part in parts], object)
        same: np.ndarray = (names[:, None] == names[None, :]).astype(np.float64)
        return same

    def merged(self, places: np.ndarray, weight: np.ndarray) -> tuple[float, ...]:
        """A label stands for the whole record."""
        return ()

    def distance(self, left: Sequence[LabelPart], right: Sequence[LabelPart]) -> float:
        """One minus Jaccard's share of common labels."""
        a, b = {part.label for part in left}, {part.label for part in right}
        return 1 - len(a & b) / len(a | b) if a or b else 0.0
