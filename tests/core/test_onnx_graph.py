"""Graphs written node by node and run: each method gives what it says."""

import numpy as np
import pytest

from karat.core.onnx_graph import IR_VERSION, OPSETS, Features, Graph, in_order

onnxruntime = pytest.importorskip("onnxruntime")
KINDS = {"f": "FLOAT", "d": "DOUBLE", "l": "INT64", "O": "STRING"}


def run(write, *outputs, **inputs):
    """The outputs of what a function writes, which gets the names of the inputs; each output as (kind, dimensions)."""
    names = [f"out{at}" for at in range(len(outputs))]
    graph = Graph(frozenset({*inputs, *names}))
    tensors = write(graph, *inputs)
    for tensor, name in zip([tensors] if isinstance(tensors, str) else tensors, names, strict=True):
        graph.add("Identity", tensor, to=name)
    model = graph.model(
        [(name, KINDS[values.dtype.char], [None, *values.shape[1:]]) for name, values in inputs.items()],
        [(name, kind, ["k"] * size) for name, (kind, size) in zip(names, outputs, strict=True)],
        "a test",
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    arrays = session.run(None, inputs)
    return arrays[0].tolist() if len(arrays) == 1 else [array.tolist() for array in arrays]


def test_names_are_new_and_never_those_of_inputs():
    graph = Graph(frozenset({"t1", "t3"}))
    assert [graph.name() for _ in range(3)] == ["t2", "t4", "t5"]


def constant_of(values, dtype=None):
    from onnx import numpy_helper

    graph = Graph(frozenset())
    name = graph.constant(values, dtype)
    assert [tensor.name for tensor in graph.constants] == [name]
    return numpy_helper.to_array(graph.constants[0])


def test_constants_of_numbers_and_texts():
    assert constant_of([[1, 2], [3, 4]], np.int64).tolist() == [[1, 2], [3, 4]]
    assert constant_of(2.5, np.float32).shape == ()
    assert constant_of(np.arange(6).reshape(2, 3).T).tolist() == [[0, 3], [1, 4], [2, 5]]
    assert [text.decode() if isinstance(text, bytes) else text for text in constant_of(["a", "中"]).tolist()] == [
        "a",
        "中",
    ]


def test_values_above_rising_edges_are_counted():
    x = np.array([[0.5], [1.0], [1.5], [2.5], [np.nan]])
    assert run(lambda graph, x: graph.above(x, [1.0, 2.0]), ("INT64", 1), x=x) == [0, 0, 1, 2, 0]


def test_distinct_values_and_how_often_each_occurs():
    both = run(lambda graph, x: graph.distinct(x), ("INT64", 1), ("INT64", 1), x=np.array([5, 3, 5, 5]))
    assert both == [[3, 5], [1, 3]]


@pytest.mark.parametrize("method", ["largest", "top"])
def test_the_largest_of_each_row_and_where_they_stand(method):
    rows = np.array([[1.0, 3.0, 2.0], [4.0, 4.0, 0.0]])
    values, places = run(lambda graph, x: getattr(graph, method)(x, 2), ("DOUBLE", 2), ("INT64", 2), x=rows)
    assert values == [[3, 2], [4, 4]]
    assert places == [[1, 2], [0, 1]]


def test_texts_are_split_and_filled_up():
    x = np.array(["a,b,c", "d", ""], object)
    parts = run(lambda graph, x: graph.split(x, ","), ("STRING", 2), x=x)
    assert parts == [["a", "b", "c"], ["d", "", ""], ["", "", ""]]


def test_tensors_side_by_side_and_behind_each_other():
    x, y = np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]])
    beside = run(lambda graph, x, y: graph.concat([x, y]), ("DOUBLE", 2), x=x, y=y)
    behind = run(lambda graph, x, y: graph.concat([x, y], axis=0), ("DOUBLE", 2), x=x, y=y)
    assert beside == [[1, 3], [2, 4]]
    assert behind == [[1], [2], [3], [4]]
    graph = Graph(frozenset())
    assert graph.concat(["x"]) == "x"
    assert graph.nodes == []


def test_sums_by_record_leave_zeros_where_nothing_is():
    def write(graph, x, at):
        return graph.summed(x, at, graph.constant([4], np.int64))

    assert run(write, ("DOUBLE", 1), x=np.array([1.0, 2.0, 5.0]), at=np.array([3, 0, 3])) == [2, 0, 0, 6]


def test_a_cast_has_its_kind_and_may_be_named():
    graph = Graph(frozenset({"x", "y"}))
    assert graph.cast("x", "FLOAT", to="y") == "y"
    assert graph.add("Relu", "y", to="z") == "z"
    assert run(lambda graph, x: graph.cast(x, "INT64"), ("INT64", 1), x=np.array([1.9, -1.9])) == [1, -1]


def test_dense_features_stand_in_the_order_of_the_model():
    def write(graph, x, y):
        return in_order(graph, [Features(x, np.array([2, 0])), Features(y, np.array([1]))])

    x, y = np.array([[20.0, 0.0]], np.float32), np.array([[10.0]], np.float32)
    assert run(write, ("FLOAT", 2), x=x, y=y) == [[0, 10, 20]]


def test_a_model_says_what_it_is_and_names_only_the_operators_it_uses():
    graph = Graph(frozenset({"x", "y"}))
    graph.add("Relu", "x", to="y")
    model = graph.model([("x", "FLOAT", [None, 2])], [("y", "FLOAT", [None, 2])], "nothing below zero")
    assert (model.producer_name, model.ir_version, model.graph.doc_string) == (
        "karat",
        IR_VERSION,
        "nothing below zero",
    )
    assert {opset.domain: opset.version for opset in model.opset_import} == {"": OPSETS[""]}
    sizes = model.graph.input[0].type.tensor_type.shape.dim
    assert [size.dim_param or size.dim_value for size in sizes] == ["n", 2]


def test_a_graph_that_does_not_hang_together_is_refused():
    from onnx.checker import ValidationError

    graph = Graph(frozenset({"x", "y"}))
    graph.add("Relu", "nowhere", to="y")
    with pytest.raises(ValidationError):
        graph.model([("x", "FLOAT", [None])], [("y", "FLOAT", [None])], "")
