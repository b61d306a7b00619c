"""Weighted runs of characters as ONNX nodes.

Lower-casing inside ONNX needs a locale that bare machines lack; here every character is looked up in a table that
holds its folded code, so that no locale and no normaliser is asked.
"""

from typing import Any

import numpy as np

from karat.deploy.onnx_graph import MICROSOFT, ML, Graph

MAX_CHARACTERS = 1_000
START = "^"  # put before every text, cut off after: a batch of empty texts would otherwise have no characters at all


def text_block(graph: Graph, part: Any, nulls: tuple[str, ...], at: np.ndarray) -> tuple[str, np.ndarray, str]:
    """Weights of the runs (n, k) float32, which features they are, and the length of each row (n, 1).

    Parameters
    ----------
    graph : Graph
    part : object
        A fitted transform with ``column``, ``idf`` (k,), ``runs()`` and ``alphabet()``.
    nulls : tuple of str
        Texts that mean missing.
    at : ndarray of int, shape (k,)
        The features' places in the Python model.
    """
    counts, order = _counts(graph, part, _codes(graph, part, nulls))
    zero, one = graph.constant(0, np.float32), graph.constant(1, np.float32)
    present = graph.add("Greater", counts, zero)
    damped = graph.add("Add", graph.add("Log", graph.add("Max", counts, one)), one)
    weights = graph.add("Mul", damped, graph.constant(part.idf[order][None, :], np.float32))
    weights = graph.add("Where", present, weights, zero)
    squares = graph.add("ReduceSum", graph.add("Mul", weights, weights), graph.constant([1], np.int64), keepdims=1)
    length = graph.add("Sqrt", squares)
    empty = graph.add("Equal", length, zero)
    return weights, at[order], graph.add("Where", empty, one, length)


def _codes(graph: Graph, part: Any, nulls: tuple[str, ...]) -> str:
    """(n, characters) int64: the folded code of each character, 0 for those no run has, and behind the end."""
    marked = graph.add("StringConcat", graph.constant([START]), part.column)
    characters = graph.add("Tokenizer", marked, domain=MICROSOFT, mark=0, mincharnum=1, pad_value="", separators=[""])
    alphabet = sorted(part.alphabet().items())
    codes = graph.add("LabelEncoder", characters, domain=ML, keys_strings=[char for char, _ in alphabet],
                      values_int64s=[code for _, code in alphabet], default_int64=0)
    flat = graph.add("Squeeze", codes, graph.constant([1], np.int64))
    one, end = graph.constant([1], np.int64), graph.constant([1 + MAX_CHARACTERS], np.int64)
    codes = graph.add("Slice", flat, one, end, one)
    if not nulls:
        return codes
    there = graph.add("LabelEncoder", part.column, domain=ML, keys_strings=list(dict.fromkeys(nulls)),
                      values_int64s=[0] * len(dict.fromkeys(nulls)), default_int64=1)
    return graph.add("Mul", codes, there)


def _counts(graph: Graph, part: Any, codes: str) -> tuple[str, np.ndarray]:
    """How often each run occurs (n, k) float32, and which of the part's runs each column is."""
    runs = part.runs()
    order = np.array(sorted(range(len(runs)), key=lambda i: (len(runs[i]), i)))
    sizes = np.array([len(runs[i]) for i in order])
    pool = [code for i in order for code in runs[i]]
    most = int(sizes.max())
    starts = [int(sizes[sizes < size].sum()) for size in range(1, most + 1)]
    # A text shorter than the shortest run gives an empty tensor; one blank code keeps the shape sound.
    padded = graph.add("Pad", codes, graph.constant([0, 0, 0, most], np.int64), graph.constant(0, np.int64))
    counts = graph.add("TfIdfVectorizer", padded, mode="TF", min_gram_length=int(sizes.min()), max_gram_length=most,
                       max_skip_count=0, ngram_counts=starts, ngram_indexes=list(range(len(order))), pool_int64s=pool)
    return counts, order
