"""A subset of texts that covers what the whole covers."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError
from karat.quality.text_bytes import text_array
from karat.quality.topics import directions, farthest


def diverse(texts: Sequence[str | None] | pa.Array | pa.ChunkedArray, size: int, *, seed: int = 0) -> np.ndarray:
    """Positions of ``size`` texts that are as unlike each other as can be.

    A thousand instructions that cover everything teach more than ten thousand of a kind. Each text taken is the one
    least like all that were taken before; likeness is that of their words, rare words weighing more.

    Parameters
    ----------
    texts : sequence of str or Arrow string array, length n
    size : int
        1 to n.
    seed : int
        Which text is the first.

    Returns
    -------
    ndarray of int64, shape (size,)
        0-based positions in the order in which they were taken: the first k of them are a diverse subset of size k.

    Raises
    ------
    OptionError
        ``size`` is out of its range.

    Source: Sener and Savarese (2018), Active Learning for Convolutional Neural Networks: A Core-Set Approach.

    Examples
    --------
    >>> diverse(["a red fox", "the red fox", "count to ten", "count to nine"], 2).tolist()
    [3, 0]
    """
    column = text_array(texts)
    if not 1 <= size <= len(column):
        raise OptionError(f"size is {size}, and there are {len(column)} texts", f"Use 1 to {len(column)}")
    first = int(np.random.default_rng(seed).integers(len(column)))
    return farthest(directions(column), size, first)
