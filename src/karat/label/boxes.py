"""Boxes in a picture: the same thing boxed by several people, with the mean of their edges."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.label.answer_types import parsed
from karat.label.parts import LabelPart, label_of, number, plain

SIDES = ("x", "y", "width", "height")


@dataclass(frozen=True)
class Boxes:
    """Boxes, as lists in JSON: ``[{"x": 1, "y": 2, "width": 30, "height": 40, "label": "cat"}]``.

    Parameters
    ----------
    least : float
        Intersection over union from which two boxes mean the same thing: the rule of PASCAL VOC.
    """

    least: float = 0.5

    def read(self, text: str) -> list[LabelPart] | None:
        """The boxes; None where one lacks a side or has no area."""
        value = parsed(text)
        if value is None:
            return None
        parts = []
        for entry in value:
            sides = [number(entry.get(name)) for name in SIDES] if isinstance(entry, dict) else [None]
            known = [side for side in sides if side is not None]
            if len(known) < len(SIDES) or known[2] <= 0 or known[3] <= 0:
                return None
            parts.append(LabelPart(label_of(entry), tuple(known)))
        return list(dict.fromkeys(parts))

    def write(self, parts: Sequence[LabelPart]) -> str:
        """The boxes from top to bottom."""
        ranked = sorted(parts, key=lambda part: (part.place[1], part.place[0], part.place, part.label))
        lines = [
            {name: plain(side) for name, side in zip(SIDES, part.place, strict=True)}
            | ({"label": part.label} if part.label else {})
            for part in ranked
        ]
        return json.dumps(lines, ensure_ascii=False)

    def overlap(self, parts: Sequence[LabelPart]) -> np.ndarray:
        """Intersection over union."""
        return _overlap(parts, parts)

    def merged(self, places: np.ndarray, weight: np.ndarray) -> tuple[float, ...]:
        """The weighted mean of the four edges."""
        edges = np.column_stack([places[:, :2], places[:, :2] + places[:, 2:]])
        left, top, right, bottom = np.average(edges, axis=0, weights=weight).tolist()
        return left, top, right - left, bottom - top

    def distance(self, left: Sequence[LabelPart], right: Sequence[LabelPart]) -> float:
        """One minus the mean overlap of boxes of one label, each with at most one partner."""
        if not left or not right:
            return float(len(left) != len(right))
        same = np.array([[a.label == b.label for b in right] for a in left])
        share = _overlap(left, right) * same
        total = 0.0
        for at in np.argsort(-share, axis=None, kind="stable").tolist():
            row, column = divmod(at, share.shape[1])
            total += float(share[row, column])
            share[row, :], share[:, column] = 0.0, 0.0
        return 1 - total / max(len(left), len(right))


def _overlap(left: Sequence[LabelPart], right: Sequence[LabelPart]) -> np.ndarray:
    a = np.array([part.place for part in left], np.float64).reshape(-1, 4)[:, None, :]
    b = np.array([part.place for part in right], np.float64).reshape(-1, 4)[None, :, :]
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    common = np.prod(np.maximum(high - low, 0), axis=-1)
    share: np.ndarray = common / (np.prod(a[..., 2:], axis=-1) + np.prod(b[..., 2:], axis=-1) - common)
    return share
