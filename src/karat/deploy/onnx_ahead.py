"""A forecaster as ONNX nodes: the last known value, what trees add to it, and the interval around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.deploy.onnx_features import Features, Made, in_order
from karat.deploy.onnx_graph import Graph


@dataclass(frozen=True, eq=False)
class Span:
    """How far forecasts may be off.

    Parameters
    ----------
    level : float
        Share of truths that the interval is meant to hold.
    widths : ndarray of float64, shape (horizon,)
        Half the width at each step ahead, in units of the scale.
    floor : float
        Least scale, which also stands where it is not known.
    scale, step : int
        Features that hold the scale, and how many steps ahead (0: one).
    """

    level: float
    widths: np.ndarray
    floor: float
    scale: int
    step: int


def ahead(graph: Graph, model: Any, blocks: Made, trees: Callable[[Features, Any], str]) -> str:
    """(n, 1) double: what a model of several steps ahead says.

    Parameters
    ----------
    model : StepsAheadModel
    trees : callable
        Writes fitted trees that read some features.
    """
    together = in_order(graph, blocks)
    width = sum(len(block.at) for block in blocks if isinstance(block, Features))
    first = _column(graph, together, [0])
    otherwise = graph.constant([[model.otherwise]], np.float64)
    last = graph.add("Where", graph.add("IsNaN", first), otherwise, graph.cast(first, "DOUBLE"))
    levels = list(range(1, 1 + model.levels))
    near = [graph.add("Sub", _column(graph, together, levels), graph.cast(last, "FLOAT"))] if levels else []
    rest = list(range(1 + model.levels, width))
    seen = graph.concat([first, *near, *([_column(graph, together, rest)] if rest else [])])
    which = None
    if len(model.inner) > 1:
        steps = graph.cast(_column(graph, together, [model.step]), "DOUBLE")
        which = graph.add("Unsqueeze", graph.above(steps, model.edges), graph.constant([1], np.int64))
    answer = last
    for k, one in enumerate(model.inner):
        more = trees(Features(seen, np.arange(width)), one)
        if which is not None:
            mine = graph.add("Equal", which, graph.constant(k, np.int64))
            more = graph.add("Where", mine, more, graph.constant([[0.0]], np.float64))
        answer = graph.add("Add", answer, more)
    return answer


def interval(graph: Graph, span: Span, blocks: Made, names: list[str]) -> list[tuple[str, str, list[int | None]]]:
    """Both ends under their names, behind that of the forecast, as outputs of the graph."""
    value, low, high = names
    together = in_order(graph, blocks)
    scale = graph.cast(_column(graph, together, [span.scale]), "DOUBLE")
    floor = graph.constant([[span.floor]], np.float64)
    known = graph.add("Where", graph.add("IsNaN", scale), floor, graph.add("Max", scale, floor))
    if span.step:
        steps = graph.cast(_column(graph, together, [span.step]), "DOUBLE")
        at = graph.above(steps, np.arange(1, len(span.widths)) + 0.5)
        wide = graph.add("Gather", graph.constant(span.widths[:, None], np.float64), at)
    else:
        wide = graph.constant([[float(span.widths[0])]], np.float64)
    half = graph.add("Reshape", graph.add("Mul", known, wide), graph.constant([-1], np.int64))
    graph.add("Sub", value, half, to=low)
    graph.add("Add", value, half, to=high)
    return [(low, "DOUBLE", [None]), (high, "DOUBLE", [None])]


def _column(graph: Graph, together: str, at: list[int]) -> str:
    return graph.add("Gather", together, graph.constant(at, np.int64), axis=1)
