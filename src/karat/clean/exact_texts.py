"""Texts that stand in a corpus byte for byte more than once."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.clean.duplicate_pairs import first_of_each
from karat.clean.signatures import as_arrow, stretches


def exact_duplicates(texts: Any) -> pa.Table:
    """Which texts repeat an earlier one byte for byte.

    Parameters
    ----------
    texts : list of str, or Arrow string array, shape (n,)
        A null repeats nothing.

    Returns
    -------
    pyarrow.Table
        ``row``, ``keeper`` int64 (positions; the keeper is the first of its kind), sorted by row.

    Raises
    ------
    InputError
        These are not texts.

    Examples
    --------
    >>> exact_duplicates(["one", "two", "one", None, "One", None]).to_pylist()
    [{'row': 2, 'keeper': 0}]
    """
    from karat.kernels.shingles import hash_bytes_of_all

    given = as_arrow(texts)
    hashes = np.zeros((len(given), 2), np.uint64)
    begin = 0
    for part in stretches(given, folding=False):
        hash_bytes_of_all(part.bytes, part.starts, part.ends, hashes[begin : begin + len(part.starts)])
        begin += len(part.starts)
    there = np.flatnonzero(np.asarray(pc.is_valid(given)))
    first = there[first_of_each(hashes[there])]
    again = first != there
    rows, kept = there[again], first[again]
    same = np.asarray(pc.equal(given.take(pa.array(rows)), given.take(pa.array(kept))), bool)
    return pa.table({"row": rows[same], "keeper": kept[same]})
