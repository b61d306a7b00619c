"""Texts as kernels want them: bytes in one piece, and where each text begins."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa

SLICE_BYTES = 32 << 20  # cost: 32 MB of text in one piece


def text_array(texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """A list of strings or an Arrow string array, chunked or not, as one large-string array."""
    if isinstance(texts, pa.ChunkedArray):
        return pa.concat_arrays([chunk.cast(pa.large_string()) for chunk in texts.chunks] or [_none()])
    return texts.cast(pa.large_string()) if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())


def _none() -> pa.Array:
    return pa.array([], pa.large_string())


def text_bytes(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of a large-string array, uint8, and the offsets of its texts in them, int64 (n + 1,); null is empty."""
    _, ends, data = texts.buffers()
    offsets = np.frombuffer(ends, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    if not texts.null_count:
        return raw, offsets
    return text_bytes(texts.fill_null(""))


def slices(texts: pa.Array) -> Iterator[tuple[int, pa.Array]]:
    """Stretches of at most ``SLICE_BYTES``, a longer text alone, each with the position of its first text."""
    if not len(texts):
        return
    offsets = text_bytes(texts)[1]
    cuts = [0]
    while cuts[-1] < len(texts):
        end = int(np.searchsorted(offsets, offsets[cuts[-1]] + SLICE_BYTES, side="right")) - 1
        cuts.append(min(len(texts), max(end, cuts[-1] + 1)))
    for begin, end in pairwise(cuts):
        yield begin, texts.slice(begin, end - begin)
