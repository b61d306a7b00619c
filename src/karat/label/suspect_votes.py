"""Votes that are probably wrong: what the others, each weighed, say against them."""

import numpy as np
import pyarrow as pa

SUSPECT = 0.95  # definition: the usual level of a test
MOST_NAMED = 1_000_000  # cost: lines of the table; the least likely votes stand in it

COLUMNS = pa.schema(
    [
        ("item", pa.string()),
        ("voter", pa.string()),
        ("label", pa.string()),
        ("expected", pa.string()),
        ("doubt", pa.float64()),
    ]
)


def suspect_votes(
    names: tuple[pa.Array, pa.Array, pa.Array],
    codes: tuple[np.ndarray, np.ndarray, np.ndarray],
    expected: pa.Array,
    doubt: np.ndarray,
) -> pa.Table:
    """Votes with a doubt of at least ``SUSPECT``, the most doubtful first.

    Parameters
    ----------
    names : three pyarrow.Array
        Items, voters, answers.
    codes : three ndarray of int, shape (m,)
        Places in them.
    expected : pyarrow.Array, one an item
        The answer that stands in place of the vote.
    doubt : ndarray of float64, shape (m,)
        Probability that the vote is wrong.
    """
    at = np.flatnonzero(doubt >= SUSPECT)
    at = at[np.argsort(-doubt[at], kind="stable")][:MOST_NAMED]
    columns = [name.take(pa.array(code[at])).cast(pa.string()) for name, code in zip(names, codes, strict=True)]
    right = expected.take(pa.array(codes[0][at])).cast(pa.string())
    return pa.Table.from_arrays([*columns, right, pa.array(doubt[at], pa.float64())], schema=COLUMNS)
