"""What a scorecard adds up, as ONNX nodes."""

from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph, Written, in_order


def card_parts(graph: Graph, model: Any, blocks: Written) -> str:
    """(n, d + crossings) double: what each feature and crossing adds to the log-odds."""
    features = graph.cast(in_order(graph, blocks), "DOUBLE")
    whole = graph.concat([features, *(_crossing(graph, crossing, features) for crossing in model.crossed)])
    return graph.add("Mul", whole, graph.constant(model.weights[None, :], np.float64))


def _crossing(graph: Graph, crossing: Any, features: str) -> str:
    """(n, 1) double: the correction of the cell that two features meet in."""
    sides = [
        graph.above(graph.add("Gather", features, graph.constant([at], np.int64), axis=1), edges)
        for at, edges in ((crossing.first, crossing.first_edges), (crossing.second, crossing.second_edges))
    ]
    wide = graph.constant(crossing.table.shape[1], np.int64)
    cell = graph.add("Add", graph.add("Mul", sides[0], wide), sides[1])
    return graph.add("Gather", graph.constant(crossing.table.reshape(-1, 1), np.float64), cell)
