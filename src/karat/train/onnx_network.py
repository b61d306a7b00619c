"""A small network on pictures as ONNX nodes: the arithmetic of ``CNNModel.logits``."""

from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph

SIDE = 32  # definition: the same as in picture_training.py
# definition: the same as in picture_network.py
GREY, CONTRAST = 127.5, 64.0  # what pixels of 0 to 255 are moved and divided by


def network_of(graph: Graph, model: Any, pixels: str) -> str:
    """Raw answers (n, k) double; of two classes one, towards the second.

    Parameters
    ----------
    model : object
        Fitted, with ``layers``, (weights, bias) each, and ``margins()``.
    pixels : str
        Float32 (n, 3072 m), 0 to 255: the pixels of m columns of pictures, side by side.
    """
    channels = model.layers[0][0].shape[1]
    apart = graph.constant([-1, channels // 3, SIDE, SIDE, 3], np.int64)
    turned = graph.add("Transpose", graph.add("Reshape", pixels, apart), perm=[0, 1, 4, 2, 3])
    activations = graph.add("Reshape", turned, graph.constant([-1, channels, SIDE, SIDE], np.int64))
    centred = graph.add("Sub", activations, graph.constant(GREY, np.float32))
    activations = graph.add("Div", centred, graph.constant(CONTRAST, np.float32))
    for at, (weights, bias) in enumerate(model.layers):
        inputs = (activations, graph.constant(weights, np.float32), graph.constant(bias, np.float32))
        activations = graph.add("Relu", graph.add("Conv", *inputs, pads=[weights.shape[2] // 2] * 4))
        if at < len(model.layers) - 1:
            activations = graph.add("MaxPool", activations, kernel_shape=[2, 2], strides=[2, 2])
    mean = graph.add("ReduceMean", activations, graph.constant([2, 3], np.int64), keepdims=0)
    head, bias = model.margins()
    said = graph.add("MatMul", graph.cast(mean, "DOUBLE"), graph.constant(head, np.float64))
    return graph.add("Add", said, graph.constant(bias[None, :], np.float64))
