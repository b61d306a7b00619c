"""Writing an ONNX graph node by node, and the features that transforms leave in it for a model."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

OPSETS = {"": 20, "ai.onnx.ml": 3, "com.microsoft": 1}
IR_VERSION = 9  # definition: of ONNX 1.15, whose operator set is 20
ML, MICROSOFT = "ai.onnx.ml", "com.microsoft"


@dataclass
class Graph:
    """A graph being written; every method gives the name of the tensor it makes.

    Parameters
    ----------
    taken : frozenset of str
        Names of inputs and outputs, which inner tensors must not have.
    """

    taken: frozenset[str]
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    _count: int = 0

    def name(self) -> str:
        """A name nobody has."""
        self._count += 1
        name = f"t{self._count}"
        return self.name() if name in self.taken else name

    def constant(self, values: Any, dtype: Any = None) -> str:
        """A constant tensor; texts become a string tensor."""
        from onnx import TensorProto, helper, numpy_helper

        name, array = self.name(), np.asarray(values, dtype)
        if array.dtype.kind in "UO":
            texts = [str(text).encode() for text in array.ravel()]
            tensor = helper.make_tensor(name, TensorProto.STRING, array.shape, texts)  # type: ignore[arg-type]
        else:
            tensor = numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name)
        self.constants.append(tensor)
        return name

    def add(self, op: str, *inputs: str, domain: str = "", to: str = "", **attributes: Any) -> str:
        """The first output of a node, named ``to`` where that is given."""
        from onnx import helper

        name = to or self.name()
        self.nodes.append(helper.make_node(op, list(inputs), [name], domain=domain, **attributes))
        return name

    def cast(self, tensor: str, kind: str, to: str = "") -> str:
        """The tensor as FLOAT, DOUBLE or INT64."""
        from onnx import TensorProto, helper

        name = to or self.name()
        self.nodes.append(helper.make_node("Cast", [tensor], [name], to=TensorProto.DataType.Value(kind)))
        return name

    def concat(self, tensors: list[str], axis: int = 1) -> str:
        """Side by side, or with axis 0 one behind the other."""
        return tensors[0] if len(tensors) == 1 else self.add("Concat", *tensors, axis=axis)

    def above(self, values: str, edges: Any) -> str:
        """How many edges (k,), rising, each value (n, 1) double lies above: (n,) int64, 0 for NaN."""
        ends = self.constant(np.append(np.asarray(edges, np.float64), np.inf)[None, :], np.float64)
        over = self.cast(self.add("Greater", values, ends), "INT64")
        return self.add("ReduceSum", over, self.constant([1], np.int64), keepdims=0)

    def distinct(self, tensor: str) -> tuple[str, str]:
        """The distinct values (k,) of a tensor, rising, and how often each occurs."""
        from onnx import helper

        values, counts = self.name(), self.name()
        self.nodes.append(helper.make_node("Unique", [tensor], [values, "", "", counts], sorted=1))
        return values, counts

    def largest(self, values: str, k: int) -> tuple[str, str]:
        """The k largest of each row, falling, and where they stand; of equal ones the first."""
        from onnx import helper

        most, at = self.name(), self.name()
        self.nodes.append(helper.make_node("TopK", [values, self.constant([k], np.int64)], [most, at], axis=1))
        return most, at

    def top(self, tensor: str, count: int) -> tuple[str, str]:
        """The largest values (n, count) of each row, falling, and where they stand; of equal ones the first."""
        from onnx import helper

        values, places = self.name(), self.name()
        wanted = self.constant([count], np.int64)
        self.nodes.append(helper.make_node("TopK", [tensor, wanted], [values, places], axis=1, largest=1, sorted=1))
        return values, places

    def split(self, tensor: str, mark: str) -> str:
        """The parts (n, k) of texts (n,), "" where a text has fewer."""
        from onnx import helper

        parts, counts = self.name(), self.name()
        self.nodes.append(helper.make_node("StringSplit", [tensor], [parts, counts], delimiter=mark))
        return parts

    def summed(self, values: str, records: str, n: str) -> str:
        """Sums (n, ...) double of values (e, ...) by record (e,) int64, in order; ``n`` is a tensor (1,)."""
        from onnx import TensorProto, helper

        sizes = self.add("Shape", values, start=1)
        shape = self.concat([n, sizes], axis=0)
        zero = helper.make_tensor("value", TensorProto.DOUBLE, [1], [0.0])
        nothing = self.add("ConstantOfShape", shape, value=zero)
        return self.add("ScatterElements", nothing, records, values, axis=0, reduction="add")

    def model(
        self,
        inputs: Iterable[tuple[str, str, list[int | None]]],
        outputs: Iterable[tuple[str, str, list[int | None]]],
        about: str,
    ) -> Any:
        """The whole model.

        Parameters
        ----------
        inputs, outputs : iterable of (name, FLOAT, DOUBLE, UINT8 or STRING, shape)
            None stands for the number of records.
        about : str
            What it predicts.
        """
        from onnx import TensorProto, checker, helper

        def value(name: str, kind: str, shape: list[int | None]) -> Any:
            sizes = ["n" if size is None else size for size in shape]
            return helper.make_tensor_value_info(name, TensorProto.DataType.Value(kind), sizes)

        graph = helper.make_graph(
            self.nodes,
            "karat",
            [value(*entry) for entry in inputs],
            [value(*output) for output in outputs],
            self.constants,
            doc_string=about,
        )
        used = {"", *(node.domain for node in self.nodes)}
        opsets = [helper.make_opsetid(domain, number) for domain, number in OPSETS.items() if domain in used]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="karat")
        checker.check_model(model)
        return model


@dataclass(frozen=True, eq=False)
class Features:
    """Some of a model's features.

    Parameters
    ----------
    tensor : str
        Float32, (n, len(at)).
    at : ndarray of int
        Which features of the Python model the columns are.
    """

    tensor: str
    at: np.ndarray


@dataclass(frozen=True, eq=False)
class Runs:
    """Features of a text that occur, one entry a record and feature; all others are 0.

    Parameters
    ----------
    weights : str
        Tensor (e,) double.
    records, runs : str
        Tensors (e,) int64: which record, and which of the features in ``at``.
    at : ndarray of int, shape (k,)
        The features' places in the Python model.
    """

    weights: str
    records: str
    runs: str
    at: np.ndarray


Parts = list[tuple[Any, np.ndarray]]  # fitted transforms of one class, and the places of their features
Written = list[Features | Runs]


def in_order(graph: Graph, blocks: Written) -> str:
    """All dense features (n, d) float32 side by side, in the order of the Python model."""
    dense = [block for block in blocks if isinstance(block, Features)]
    place = np.argsort(np.concatenate([block.at for block in dense]))
    together = graph.concat([block.tensor for block in dense])
    return graph.add("Gather", together, graph.constant(place, np.int64), axis=1)
