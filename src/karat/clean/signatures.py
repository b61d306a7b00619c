"""Signatures of texts: what is kept of a text to find its duplicates without reading it again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self, TypeVar

import numpy as np
import pyarrow as pa

from karat.clean.memory_mapped_arrays import Scratch
from karat.core.errors import InputError

BANDS, ROWS = 25, 5  # definition: finds 99.995 % of the pairs at Jaccard 0.8, and half of those at 0.49
PIECE_BYTES = 1 << 22  # cost: bytes of text that a thread takes at a time
COPIED = 1 << 16  # cost: signatures that are copied at a time
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, eq=False)
class Signatures:
    """Signatures of n texts.

    Parameters
    ----------
    exact : ndarray of int64, shape (n, 2)
        128-bit hash of the bytes.
    folded : ndarray of int64, shape (n, 2)
        128-bit hash of what shingles are made of: words in lower case, or characters without white space.
    shingles : ndarray of int32, shape (n,)
        Shingles with their repeats; 0 for a null, which has no duplicates.
    bands : ndarray of int64, shape (n, bands)
        Two texts that share one may be alike.
    sketch : ndarray of uint8, shape (n, permutations)
        A byte of every minimum: their agreement estimates the Jaccard.
    """

    exact: np.ndarray
    folded: np.ndarray
    shingles: np.ndarray
    bands: np.ndarray
    sketch: np.ndarray

    def __len__(self) -> int:
        return len(self.shingles)

    @classmethod
    def empty(cls, size: int, bands: int, width: int, scratch: Scratch) -> Self:
        """Room for so many signatures; each band lies together, as it is looked at."""
        shapes = ((size, 2), np.int64), ((size, 2), np.int64), ((size,), np.int32)
        band, sketch = scratch.empty((bands, size), np.int64).T, scratch.empty((size, width), np.uint8)
        exact, folded, shingles = (scratch.empty(*shape) for shape in shapes)
        return cls(exact, folded, shingles, band, sketch)

    def take(self, places: np.ndarray, scratch: Scratch | None = None) -> Self:
        """Those at the given positions, in memory or where ``scratch`` says."""
        if scratch is None:
            return type(self)(*(part[places] for part in self.parts()))
        copied = self.empty(len(places), self.bands.shape[1], self.sketch.shape[1], scratch)
        for at in range(0, len(places), COPIED):
            copied._put(at, self.take(places[at : at + COPIED]))
        return copied

    def _put(self, at: int, others: Self) -> None:
        for part, values in zip(self.parts(), others.parts(), strict=True):
            part[at : at + len(values)] = values

    def parts(self) -> tuple[np.ndarray, ...]:
        """Its arrays, in the order in which they are given."""
        return self.exact, self.folded, self.shingles, self.bands, self.sketch

    def to_table(self, rows: np.ndarray | None = None) -> pa.Table:
        """As a table: ``row`` (given, or counted from 0) and a column a number, to be written as Parquet."""
        columns: dict[str, Any] = {"row": np.arange(len(self)) if rows is None else rows}
        for name, part in (("exact", self.exact), ("folded", self.folded), ("band", self.bands)):
            columns |= {f"{name}_{k}": np.ascontiguousarray(part[:, k]) for k in range(part.shape[1])}
        columns["shingles"] = self.shingles
        flat = pa.py_buffer(np.ascontiguousarray(self.sketch))
        kind = pa.binary(self.sketch.shape[1])
        columns["sketch"] = pa.Array.from_buffers(kind, len(self), [None, flat])
        return pa.table(columns)

    @classmethod
    def from_table(cls, table: pa.Table) -> Self:
        """The inverse of ``to_table``."""

        def part(name: str) -> np.ndarray:
            width = sum(column.startswith(f"{name}_") for column in table.column_names)
            columns = [table[f"{name}_{k}"].to_numpy() for k in range(width)]
            return np.ascontiguousarray(np.stack(columns, axis=1)) if columns else np.empty((table.num_rows, 0))

        sketch = table["sketch"].combine_chunks()
        width = sketch.type.byte_width
        begin = sketch.offset * width
        flat = np.frombuffer(sketch.buffers()[1] or b"", np.uint8)[begin : begin + len(sketch) * width]
        counts = table["shingles"].to_numpy().astype(np.int32)
        return cls(part("exact"), part("folded"), counts, part("band"), flat.reshape(len(sketch), width))

    @classmethod
    def filled(cls, tables: Iterable[pa.Table], size: int, scratch: Scratch) -> Self:
        """Those of tables of ``to_table`` (one at least), ``size`` together, read one table at a time."""
        out, at = None, 0
        for table in tables:
            part = cls.from_table(table)
            if out is None:
                out = cls.empty(size, part.bands.shape[1], part.sketch.shape[1], scratch)
            out._put(at, part)
            at += len(part)
        assert out is not None
        return out


@dataclass(frozen=True, eq=False)
class Stretch:
    """Texts that lie in one buffer: UTF-8 bytes, where each text starts and ends, and which are not null."""

    bytes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    valid: np.ndarray


def as_arrow(texts: Any) -> pa.ChunkedArray:
    """Texts as Arrow strings; a list, an Arrow array chunked or not. Raises InputError for anything else."""
    try:
        array = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.large_string())
        chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
        return pa.chunked_array([chunk.cast(pa.large_string()) for chunk in chunks], pa.large_string())
    except (pa.ArrowException, TypeError, ValueError) as error:
        do = "give a list of strings or an Arrow string array"
        raise InputError(f"texts of type {type(texts).__name__} cannot be read: {error}", do) from None


def stretches(texts: pa.ChunkedArray, *, folding: bool = True) -> Iterator[Stretch]:
    """The buffers of the chunks, not copied; ``folding``: texts whose lower case depends on neighbours are lowered."""
    from karat.kernels.shingles import odd_texts

    for chunk in texts.chunks:
        part = _stretch(chunk)
        odd: np.ndarray = np.zeros(len(chunk), bool)
        if folding:
            odd_texts(part.bytes, part.starts, part.ends, odd)
        if odd.any():
            pairs = zip(chunk.to_pylist(), odd.tolist(), strict=True)
            part = _stretch(
                pa.array([text.lower() if text and hit else text for text, hit in pairs], pa.large_string())
            )
        yield part


def _stretch(chunk: pa.Array) -> Stretch:
    _, offsets, data = chunk.buffers()
    at = np.frombuffer(offsets or bytes(8), np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
    return Stretch(np.frombuffer(data or b"", np.uint8), at[:-1], at[1:], np.asarray(chunk.is_valid()))


def in_threads(work: Callable[[A], B], items: Sequence[A], workers: int) -> list[B]:
    """The work on every item, answers in their order."""
    if workers <= 1 or len(items) <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, items))


def pieces(lengths: np.ndarray, room: int = PIECE_BYTES) -> list[slice]:
    """Stretches of consecutive texts of about ``room`` bytes."""
    marks = (np.cumsum(lengths) - lengths) // room
    edges = [0, *(np.flatnonzero(np.diff(marks)) + 1).tolist(), len(lengths)]
    return [slice(a, b) for a, b in pairwise(edges) if b > a]


def sign(texts: Any, bands: int = BANDS, rows: int = ROWS, workers: int = 2) -> Signatures:
    """Signatures of texts.

    Parameters
    ----------
    texts : list of str, or Arrow string array, shape (n,)
    bands, rows : int
        Bands of a signature (1 to 64), and permutations that make one.
    workers : int
        Threads; the answer does not depend on them.
    """
    from karat.kernels.minhash import permutations, sign_texts
    from karat.kernels.shingles import letters

    column = as_arrow(texts)
    size = len(column)
    factors, summands = permutations(bands * rows)
    exact, folded = np.zeros((size, 2), np.uint64), np.zeros((size, 2), np.uint64)
    shingles, sketch = np.zeros(size, np.int32), np.zeros((size, bands * rows), np.uint8)
    band = np.zeros((size, bands), np.int64)
    begin = 0
    for part in stretches(column):

        def work(piece: slice, part: Stretch = part, begin: int = begin) -> None:
            at = slice(begin + piece.start, begin + piece.stop)
            out = (exact[at], folded[at], shingles[at], band[at], sketch[at])
            starts, ends = part.starts[piece], part.ends[piece]
            sign_texts(part.bytes, starts, ends, *letters(), factors, summands, rows, out)

        in_threads(work, pieces(part.ends - part.starts), workers)
        shingles[begin : begin + len(part.valid)][~part.valid] = 0
        begin += len(part.valid)
    return Signatures(exact.view(np.int64), folded.view(np.int64), shingles, band, sketch)
