"""A scorecard as ONNX nodes: the score, its points, and the reasons, computed wherever the model is asked."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph, Written

REASONS = 4  # the number that lenders in the United States must give: 15 U.S.C. 1681g(f)(1)(C), of 2003


@dataclass(frozen=True, eq=False)
class Card:
    """What a scorecard says beside a probability.

    Parameters
    ----------
    model : object
        As ``train.scorecard.ScorecardModel``: ``crossed``, ``weights``, ``factor``, ``start``, ``parts_to_onnx``.
    names : tuple of str
        Of its parts: columns, then crossed columns.
    best : ndarray of float64, shape (len(names),)
        The most points that each part can have.
    """

    model: Any
    names: tuple[str, ...]
    best: np.ndarray

    @property
    def shown(self) -> int:
        """How many reasons are given."""
        return min(REASONS, len(self.names))

    @classmethod
    def of(cls, prepared: Any) -> "Card | None":
        """The card of a prepared model; None for another learner, or one that met one class alone."""
        model, parts = prepared.model, prepared.preparation.parts
        if not hasattr(model, "parts_to_onnx") or not parts or len(model.present) < 2:
            return None
        crossed = tuple(f"{parts[pair.first].column} × {parts[pair.second].column}" for pair in model.crossed)
        own = [float(np.asarray(part.weights, np.float32)[part.all > 0].min()) for part in parts]
        lowest = np.array([*own, *(float(pair.table.min()) for pair in model.crossed)]) * model.weights
        return cls(model, (*(part.column for part in parts), *crossed), -model.factor * lowest)

    def reasons(self, points: np.ndarray) -> list[list[str]]:
        """For points (n, d), the parts that lie furthest below their best, the worst first; "" where none is left."""
        lost = self.best - points
        order = np.argsort(-lost, axis=1, kind="stable")[:, : self.shown]
        return [
            [self.names[at] if lost[row, at] > 0 else "" for at in places] for row, places in enumerate(order.tolist())
        ]


def card_outputs(
    graph: Graph, card: Card, blocks: Written, names: list[str]
) -> list[tuple[str, str, list[int | None]]]:
    """Score, reasons and points under their names, as outputs of the graph."""
    score, reasons, points = names
    size = len(card.names)
    parts = card.model.parts_to_onnx(graph, blocks)
    graph.add("Mul", parts, graph.constant([[-card.model.factor]], np.float64), to=points)
    total = graph.add("ReduceSum", points, graph.constant([1], np.int64), keepdims=0)
    graph.add("Add", total, graph.constant([card.model.start], np.float64), to=score)
    lost = graph.add("Sub", graph.constant(card.best[None, :], np.float64), points)
    most, at = graph.largest(lost, card.shown)
    named = graph.add("Gather", graph.constant(list(card.names)), at)
    counts = graph.add("Greater", most, graph.constant([[0.0]], np.float64))
    graph.add("Where", counts, named, graph.constant([[""]]), to=reasons)
    return [(score, "DOUBLE", [None]), (reasons, "STRING", [None, card.shown]), (points, "DOUBLE", [None, size])]
