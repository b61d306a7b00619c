"""Pictures as how much of each kind of patch they hold, as ONNX nodes: the arithmetic of ``FittedPatches.apply``."""

from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph


def patches_of(graph: Graph, part: Any) -> str:
    """Float32 (n, width): the features of a column of pictures, whose input is uint8 (n, side, side, 3).

    Parameters
    ----------
    part : object
        A fitted transform with ``column``, ``even``, ``kinds``, ``centre``, ``spread`` and ``layout()``.
    """
    layout = part.layout()
    flat = graph.add("Reshape", graph.cast(part.column, "FLOAT"), graph.constant([0, -1], np.int64))
    last = graph.constant([2], np.int64)
    patches = graph.add("Gather", flat, graph.constant(layout.places, np.int64), axis=1)
    patches = graph.add("Sub", patches, graph.add("ReduceMean", patches, last))
    variance = graph.add("ReduceMean", graph.add("Mul", patches, patches), last)
    spread = graph.add("Sqrt", graph.add("Add", variance, graph.constant(layout.faint, np.float32)))
    likeness = graph.add("MatMul", graph.add("Div", patches, spread), graph.constant(part.kinds, np.float32))
    likeness = graph.add("Sub", likeness, graph.constant(part.even @ part.kinds, np.float32))
    limit, pools = graph.constant(layout.threshold, np.float32), graph.constant(layout.pools, np.float32)
    pooled = []
    for signed in (likeness, graph.add("Neg", likeness)):
        strong = graph.add("Relu", graph.add("Sub", signed, limit))
        pooled.append(graph.add("Reshape", graph.add("MatMul", pools, strong), graph.constant([0, -1], np.int64)))
    centred = graph.add("Sub", graph.concat(pooled), graph.constant(part.centre, np.float32))
    scaled = graph.add(
        "Mul",
        graph.add("Div", centred, graph.constant(part.spread, np.float32)),
        graph.constant(layout.weight, np.float32),
    )
    shows = graph.add(
        "Greater", graph.add("ReduceMax", flat, graph.constant([1], np.int64)), graph.constant(0, np.float32)
    )
    return graph.add("Where", shows, scaled, graph.constant(0, np.float32))
