"""A forecaster as ONNX nodes: the last known value, and what trees add to it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from karat.core.onnx_graph import Features, Graph, Written, in_order


def ahead(graph: Graph, model: Any, blocks: Written, trees: Callable[[Features, Any], str]) -> str:
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
    for k, inner in enumerate(model.inner):
        more = trees(Features(seen, np.arange(width)), inner)
        if which is not None:
            mine = graph.add("Equal", which, graph.constant(k, np.int64))
            more = graph.add("Where", mine, more, graph.constant([[0.0]], np.float64))
        answer = graph.add("Add", answer, more)
    return answer


def _column(graph: Graph, together: str, at: list[int]) -> str:
    return graph.add("Gather", together, graph.constant(at, np.int64), axis=1)
