"""The interval around a forecast as ONNX nodes."""

from dataclasses import dataclass

import numpy as np

from karat.core.onnx_graph import Graph, Written, in_order


@dataclass(frozen=True, eq=False)
class ForecastSpan:
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


def interval(
    graph: Graph, span: ForecastSpan, blocks: Written, names: list[str]
) -> list[tuple[str, str, list[int | None]]]:
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
