"""A fitted network on pictures: what it says, and how it is written down."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.onnx_graph import Graph, Written, in_order
from karat.train import onnx_answers
from karat.train.onnx_network import network_of
from karat.train.picture_network import Layers, unfolded
from karat.train.picture_training import SIDE, alone, tensor_of
from karat.train.probabilities import probabilities, spread
from karat.train.small_gpt import torch_or_error

ANSWERED_AT_ONCE = 256  # cost: memory


@dataclass(frozen=True, eq=False)
class CNNModel:
    """The network with its batch norms folded into the convolutions.

    Parameters
    ----------
    layers : tuple of (weights, bias)
        Float32, (out, in, 3, 3) and (out,), of each convolution.
    head, bias : ndarray of float64, shape (d, k) and (k,)
        From the means of the last convolution's channels to the classes that are present.
    present : ndarray of int64
        Codes of those classes, rising.
    """

    layers: Layers = field(repr=False)
    head: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    present: np.ndarray
    classes: int
    cost: dict[str, float] = field(default_factory=dict)

    def logits(self, features: Any) -> np.ndarray:
        """(n, k) float64: what is said for each class that is present, before softmax."""
        torch = torch_or_error("SmallCNN")
        functional = torch.nn.functional
        out = [np.zeros((0, len(self.bias)))]
        with alone(), torch.no_grad():
            for at in range(0, len(features), ANSWERED_AT_ONCE):
                some = np.asarray(features[at : at + ANSWERED_AT_ONCE], np.float32)
                x = tensor_of(some.reshape(len(some), -1, SIDE, SIDE, 3))
                for layer, (weights, bias) in enumerate(self.layers):
                    x = functional.conv2d(x, torch.from_numpy(weights), torch.from_numpy(bias), padding=1).relu()
                    x = functional.max_pool2d(x, 2) if layer < len(self.layers) - 1 else x
                out.append(x.mean(dim=(2, 3)).double().numpy() @ self.head + self.bias)
        return np.concatenate(out)

    def margins(self) -> tuple[np.ndarray, np.ndarray]:
        """Head and bias as a linear model's: of two classes one column, towards the second."""
        if len(self.present) != 2:
            return self.head, self.bias
        return self.head[:, 1:] - self.head[:, :1], self.bias[1:] - self.bias[:1]

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) class probabilities."""
        return spread(probabilities(self.logits(features), len(self.present)), self.present, self.classes)

    def to_onnx(self, graph: Graph, blocks: Written, any_input: str) -> str:
        """The nodes of ``predict``."""
        answer = network_of(graph, self, in_order(graph, blocks))
        return onnx_answers.chances(graph, answer, self.present, self.classes)

    def network(self) -> Any:
        """As a ``torch.nn.Sequential``, whose ``state_dict`` can be saved and given to ``SmallCNN`` as its start."""
        return unfolded(self.layers, self.head, self.bias)
