"""Documents packed into sequences of one length."""

from collections.abc import Iterator

import numpy as np

from karat.core.errors import OptionError

CHUNK_TOKENS = 1 << 22  # cost: memory


def stream(tokens: np.ndarray, bounds: np.ndarray, order: np.ndarray, end: int) -> Iterator[np.ndarray]:
    """The documents in an order, an end token after each, in chunks: memory does not grow with the corpus.

    Parameters
    ----------
    tokens : ndarray of unsigned int, shape (n,); may be mapped from disk
    bounds : ndarray of int64, shape (documents + 1,)
    order : ndarray of int64, shape (m,)
    """
    pieces: list[np.ndarray] = []
    size = 0
    last = np.array([end], tokens.dtype)
    for at in order.tolist():
        pieces += [np.asarray(tokens[bounds[at] : bounds[at + 1]]), last]
        size += int(bounds[at + 1] - bounds[at]) + 1
        if size >= CHUNK_TOKENS:
            yield np.concatenate(pieces)
            pieces, size = [], 0
    if pieces:
        yield np.concatenate(pieces)


def packed(chunks: Iterator[np.ndarray], length: int) -> Iterator[np.ndarray]:
    """Sequences (k, length), one after the other without padding; fewer than ``length`` tokens are left at the end.

    What is left over is not written: the index says how many tokens that are.
    """
    if length < 1:
        raise OptionError(f"[prepare] sequence_length is {length}", "Use a number above 0")
    rest: np.ndarray | None = None
    for chunk in chunks:
        whole = chunk if rest is None else np.concatenate([rest, chunk])
        full = len(whole) // length * length
        rest = whole[full:]
        if full:
            yield whole[:full].reshape(-1, length)
