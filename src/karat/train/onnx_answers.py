"""Answers of fitted learners as ONNX nodes: what their ``to_onnx`` writes."""

from typing import Any

import numpy as np

from karat.core.errors import InputError
from karat.core.onnx_graph import ML, Features, Graph, Runs, Written
from karat.train.tree_tables import TreeTables


def chances(graph: Graph, answer: str, present: np.ndarray, classes: int) -> str:
    """Probabilities (n, classes) float64 of raw answers; 0 for classes that training did not meet.

    Parameters
    ----------
    answer : str
        (n, 1) log-odds towards the second of two classes, or (n, m) before softmax.
    present : ndarray of int64, shape (m,)
        Codes of the classes that training met, rising.
    classes : int
        0 for numbers, which are given as they are.
    """
    if not classes:
        return answer
    if len(present) == 1:
        said = graph.add("Exp", graph.add("Sub", answer, answer))
    elif len(present) == 2:
        second = graph.add("Sigmoid", answer)
        said = graph.concat([graph.add("Sub", graph.constant([[1]], np.float64), second), second])
    else:
        said = graph.add("Softmax", answer, axis=1)
    if len(present) == classes:
        return said
    spread = np.zeros((len(present), classes))
    spread[np.arange(len(present)), present] = 1
    return graph.add("MatMul", said, graph.constant(spread, np.float64))


def constant(graph: Graph, row: np.ndarray, any_input: str) -> str:
    """The row once for each record."""
    n = graph.add("Shape", any_input, start=0, end=1)
    shape = graph.concat([n, graph.constant([len(row)], np.int64)], axis=0)
    return graph.add("Expand", graph.constant(row[None, :], np.float64), shape)


def weighed(graph: Graph, weights: np.ndarray, bias: np.ndarray, blocks: Written, any_input: str) -> str:
    """(n, m) double: ``features @ weights + bias``."""
    if not blocks:
        return constant(graph, bias, any_input)
    answer = graph.constant(bias[None, :], np.float64)
    for block in blocks:
        block_weights = graph.constant(weights[block.at], np.float64)
        if isinstance(block, Runs):
            n = graph.add("Shape", any_input, start=0, end=1)
            product = _summed(graph, block, block_weights, weights.shape[1], n)
        else:
            product = graph.add("MatMul", graph.cast(block.tensor, "DOUBLE"), block_weights)
        answer = graph.add("Add", answer, product)
    return answer


def _summed(graph: Graph, block: Runs, weights: str, outputs: int, n: str) -> str:
    """(n, outputs) double: the weights of the runs that occur, added up record by record."""
    unit = graph.constant([1], np.int64)
    shares = graph.add("Mul", graph.add("Unsqueeze", block.weights, unit), graph.add("Gather", weights, block.runs))
    records = graph.add("Tile", graph.add("Unsqueeze", block.records, unit), graph.constant([1, outputs], np.int64))
    return graph.summed(shares, records, n)


def trees_of(graph: Graph, trees: Any, blocks: Written, any_input: str) -> str:
    """(n, m) double: the margins of boosted trees, as scikit-learn fits them or ``TreeTables`` holds them."""
    from onnx import numpy_helper

    tables = trees if isinstance(trees, TreeTables) else TreeTables.of(trees)
    baseline = tables.baseline.reshape(1, -1)
    node_tables = [(nodes, k) for stage in tables.stages for k, nodes in enumerate(stage)]
    if any(nodes["is_categorical"].any() for nodes, _ in node_tables):
        raise InputError("trees with categorical splits cannot be exported", "Encode categories first")
    dense = [block for block in blocks if isinstance(block, Features)]
    if len(dense) < len(blocks):
        raise InputError("trees over text features cannot be exported", "Use a linear model for text")
    if not dense:
        return constant(graph, baseline[0], any_input)
    place = np.argsort(np.concatenate([block.at for block in dense]))
    together = graph.concat([block.tensor for block in dense])
    # In double precision: leaves of numbers far from 0 cancel, and float32 would lose what is left.
    outputs = graph.add(
        "TreeEnsembleRegressor",
        graph.cast(together, "DOUBLE"),
        domain=ML,
        n_targets=baseline.shape[1],
        post_transform="NONE",
        aggregate_function="SUM",
        base_values_as_tensor=numpy_helper.from_array(baseline[0]),
        **_ensemble(node_tables, place),
    )
    return graph.cast(outputs, "DOUBLE")


def _ensemble(node_tables: list[tuple[np.ndarray, int]], place: np.ndarray) -> dict[str, Any]:
    """The attributes of an ensemble; ``place[f]`` is the column of feature f."""
    from onnx import numpy_helper

    sizes = [len(nodes) for nodes, _ in node_tables]
    nodes = np.concatenate([nodes for nodes, _ in node_tables])
    tree = np.repeat(np.arange(len(node_tables)), sizes)
    own = np.concatenate([np.arange(size) for size in sizes])
    leaf = nodes["is_leaf"].astype(bool)
    return {
        "nodes_treeids": tree.tolist(),
        "nodes_nodeids": own.tolist(),
        "nodes_featureids": np.where(leaf, 0, place[np.where(leaf, 0, nodes["feature_idx"])]).tolist(),
        "nodes_values_as_tensor": numpy_helper.from_array(np.where(leaf, 0.0, nodes["num_threshold"])),
        "nodes_modes": np.where(leaf, "LEAF", "BRANCH_LEQ").tolist(),
        "nodes_truenodeids": np.where(leaf, 0, nodes["left"]).tolist(),
        "nodes_falsenodeids": np.where(leaf, 0, nodes["right"]).tolist(),
        "nodes_missing_value_tracks_true": np.where(leaf, 0, nodes["missing_go_to_left"]).tolist(),
        "target_treeids": tree[leaf].tolist(),
        "target_nodeids": own[leaf].tolist(),
        "target_ids": np.repeat([k for _, k in node_tables], sizes)[leaf].tolist(),
        "target_weights_as_tensor": numpy_helper.from_array(nodes["value"][leaf].astype(np.float64)),
    }
