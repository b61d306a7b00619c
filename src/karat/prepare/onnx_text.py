"""Weighted runs of characters as ONNX nodes.

Lower-casing inside ONNX needs a locale that bare machines lack, and its TfIdfVectorizer makes every run of every
record a number, nearly all of them 0. Here each character is looked up in a table that holds its folded form, each
run becomes one whole number, and only the runs that occur are weighed.
"""

from typing import Any

import numpy as np

from karat.core.errors import InputError
from karat.core.onnx_graph import MICROSOFT, ML, Graph, Runs

MAX_CHARACTERS = 2_000  # the same as in grams.py, where its source stands
START = "^"  # put before every text, cut off after: a batch of empty texts would otherwise have no characters at all
END = np.iinfo(np.int64).max


def runs_of(graph: Graph, part: Any, nulls: tuple[str, ...], at: np.ndarray) -> Runs:
    """The runs of a text column, weighed; the weights of a record have length 1.

    Parameters
    ----------
    part : object
        A fitted transform with ``column``, ``idf`` (k,), ``runs()`` and ``alphabet()``.
    nulls : tuple of str
        Texts that mean missing.
    at : ndarray of int, shape (k,)
        The features' places in the Python model.
    """
    n = graph.add("Shape", part.column, start=0, end=1)
    slots = _slots(graph, part, nulls)
    k, zero = graph.constant(len(at), np.int64), graph.constant(0, np.int64)
    own = graph.add("Range", zero, graph.add("Squeeze", n), graph.constant(1, np.int64))
    first = graph.add("Mul", graph.add("Unsqueeze", own, graph.constant([1], np.int64)), k)
    known = graph.add("GreaterOrEqual", slots, zero)
    flat = graph.constant([-1], np.int64)
    cells = graph.add(
        "Compress", graph.add("Reshape", graph.add("Add", first, slots), flat), graph.add("Reshape", known, flat)
    )
    cell, counts = graph.distinct(cells)
    records = graph.add("Div", cell, k)
    runs = graph.add("Sub", cell, graph.add("Mul", records, k))
    damped = graph.add("Add", graph.add("Log", graph.cast(counts, "FLOAT")), graph.constant(1, np.float32))
    weights = graph.cast(
        graph.add("Mul", damped, graph.add("Gather", graph.constant(part.idf, np.float32), runs)), "DOUBLE"
    )
    length = graph.add("Sqrt", graph.summed(graph.add("Mul", weights, weights), records, n))
    whole = graph.cast(graph.add("Div", weights, graph.add("Gather", length, records)), "FLOAT")
    return Runs(graph.cast(whole, "DOUBLE"), records, runs, at)


def _slots(graph: Graph, part: Any, nulls: tuple[str, ...]) -> str:
    """(n, positions) int64: which known run begins at each character, for each length; -1 where none does."""
    runs, alphabet = part.runs(), part.alphabet()
    letters = {code: at for at, code in enumerate(sorted(set(alphabet.values())), start=1)}
    base = len(letters) + 1
    most = max(map(len, runs))
    if base**most > END:
        raise InputError(
            f"column {part.column!r} has {base - 1} different characters, "
            "too many for runs of this length to fit 64 bits",
            "Use shorter runs",
        )
    characters = _letters(graph, part.column, {char: letters[code] for char, code in alphabet.items()}, nulls)
    axis, width = graph.constant([1], np.int64), graph.constant(base, np.int64)
    padded = graph.add("Pad", characters, graph.constant([0, 0, 0, most - 1], np.int64), graph.constant(0, np.int64))
    key, out = "", []
    for size in range(1, most + 1):
        ends = graph.constant([size - most or END], np.int64)
        letter = graph.add("Slice", padded, graph.constant([size - 1], np.int64), ends, axis)
        key = graph.add("Add", graph.add("Mul", key, width), letter) if key else letter
        slots = {_number([letters[code] for code in run], base): at for at, run in enumerate(runs) if len(run) == size}
        if slots:
            out.append(
                graph.add(
                    "LabelEncoder",
                    key,
                    domain=ML,
                    keys_int64s=list(slots),
                    default_int64=-1,
                    values_int64s=list(slots.values()),
                )
            )
    return graph.concat(out)


def _letters(graph: Graph, column: str, alphabet: dict[str, int], nulls: tuple[str, ...]) -> str:
    """(n, characters) int64: the number of each character, 0 for those no run has, and behind the end."""
    marked = graph.add("StringConcat", graph.constant([START]), column)
    characters = graph.add("Tokenizer", marked, domain=MICROSOFT, mark=0, mincharnum=1, pad_value="", separators=[""])
    known = sorted(alphabet.items())
    numbers = graph.add(
        "LabelEncoder",
        characters,
        domain=ML,
        keys_strings=[char for char, _ in known],
        values_int64s=[number for _, number in known],
        default_int64=0,
    )
    unit = graph.constant([1], np.int64)
    numbers = graph.add(
        "Slice", graph.add("Squeeze", numbers, unit), unit, graph.constant([1 + MAX_CHARACTERS], np.int64), unit
    )
    gaps = list(dict.fromkeys(nulls))
    if not gaps:
        return numbers
    there = graph.add(
        "LabelEncoder", column, domain=ML, keys_strings=gaps, values_int64s=[0] * len(gaps), default_int64=1
    )
    return graph.add("Mul", numbers, there)


def _number(letters: list[int], base: int) -> int:
    out = 0
    for letter in letters:
        out = out * base + letter
    return out
