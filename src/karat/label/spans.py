"""Spans of a text: the same stretch named by several people, with the edges most of them draw."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.label.answer_types import parsed
from karat.label.parts import LabelPart, label_of, number, plain


@dataclass(frozen=True)
class Spans:
    """Spans of characters, as lists in JSON: ``[{"start": 0, "end": 5, "label": "PER"}]``; the end is not part of it.

    Parameters
    ----------
    least : float
        Overlap from which two spans mean the same thing: half of what both cover, the rule of PASCAL VOC.
    """

    least: float = 0.5

    def read(self, text: str) -> list[LabelPart] | None:
        """The spans; None where one has no place or ends before it starts."""
        value = parsed(text)
        if value is None:
            return None
        parts = []
        for entry in value:
            start, end = (
                (number(entry.get(name)) for name in ("start", "end")) if isinstance(entry, dict) else (None, None)
            )
            if start is None or end is None or start < 0 or end <= start:
                return None
            parts.append(LabelPart(label_of(entry), (start, end)))
        return list(dict.fromkeys(parts))

    def write(self, parts: Sequence[LabelPart]) -> str:
        """The spans from left to right."""
        ranked = sorted(parts, key=lambda part: (part.place, part.label))
        lines = [
            {"start": plain(p.place[0]), "end": plain(p.place[1])} | ({"label": p.label} if p.label else {})
            for p in ranked
        ]
        return json.dumps(lines, ensure_ascii=False)

    def overlap(self, parts: Sequence[LabelPart]) -> np.ndarray:
        """Characters in common over characters covered."""
        start, end = np.array([part.place for part in parts], np.float64).reshape(-1, 2).T
        common = np.maximum(np.minimum(end[:, None], end) - np.maximum(start[:, None], start), 0)
        size = end - start
        share: np.ndarray = common / (size[:, None] + size - common)
        return share

    def merged(self, places: np.ndarray, weight: np.ndarray) -> tuple[float, ...]:
        """The weighted median of each edge: where most of the votes' weight would draw it."""
        edges = []
        for column in places.T:
            order = np.argsort(column, kind="stable")
            upto = np.cumsum(weight[order])
            edges.append(float(column[order][np.searchsorted(upto, upto[-1] / 2)]))
        return tuple(edges) if edges[1] > edges[0] else tuple(places[int(np.argmax(weight))].tolist())

    def distance(self, left: Sequence[LabelPart], right: Sequence[LabelPart]) -> float:
        """One minus the share of labelled characters that both answers label alike."""
        a, b = _characters(left), _characters(right)
        return 1 - len(a & b) / len(a | b) if a or b else 0.0


def _characters(parts: Sequence[LabelPart]) -> set[tuple[int, str]]:
    return {(at, part.label) for part in parts for at in range(int(part.place[0]), int(part.place[1]))}
