"""Runs of characters counted once per record, so that a fold only has to choose among them.

A character becomes a 16-bit code by a fixed folding (lower case, half width, one kind of white space), so up to four
of them make one 64-bit key: no dictionary is learned, nothing collides within the basic plane, and any script works
without a tokeniser.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block

MAX_CHARACTERS = 2_000  # chosen on chnsenticorp, beside 1,000, 1,500 and 3,000 (benchmarks/text_reviews.md)
CHUNK_CHARACTERS = 2_000_000  # cost: memory
CODE_BITS = 16  # definition: four codes fill a key of 64
PRIVATE_START, PRIVATE_SIZE = 0xE000, 0x1900  # the private use area takes what lies beyond the basic plane; Unicode


@lru_cache(maxsize=200_000)
def fold(point: int) -> int:
    """The 16-bit code of a code point, 1 to 65,535: lower case, letters and digits half width, white space a blank."""
    char = chr(point)
    wide = unicodedata.normalize("NFKC", char)
    # Wide punctuation stays: which kind people type says something about them.
    char = wide if len(wide) == 1 and wide.isalnum() else char
    low = char.lower()
    char = low if len(low) == 1 else char
    if char.isspace() or ord(char) < 32:
        return 32
    folded = ord(char)
    return folded if folded < 1 << CODE_BITS else PRIVATE_START + folded % PRIVATE_SIZE


@dataclass(frozen=True, eq=False)
class Grams:
    """Counts of character runs.

    Parameters
    ----------
    keys : ndarray of uint64, shape (v,)
        The runs, rising; the codes of a run's characters, 16 bits each, the last one lowest.
    indptr, indices, counts : ndarray
        CSR of n records by v runs, indices rising within a record; int64, int32, int32.
    """

    keys: np.ndarray
    indptr: np.ndarray
    indices: np.ndarray
    counts: np.ndarray

    def __len__(self) -> int:
        return len(self.indptr) - 1


def grams(block: Block, column: str, lengths: tuple[int, int]) -> Grams:
    """The runs of ``lengths`` (least, most; 1 to 4) characters of a text column, missing texts without any."""
    return block.memo(("prepare", "grams", column, lengths), lambda: count_grams(_present(block, column), lengths))


def ideographic(block: Block, column: str) -> bool:
    """Are 30 % or more of the letters Chinese, Japanese or Korean? Looks at the first 10,000 present texts."""

    def make() -> bool:
        texts = _present(block, column)
        head = pc.utf8_slice_codeunits(texts.filter(pc.not_equal(texts, "")).slice(0, 10_000), 0, MAX_CHARACTERS)
        points = np.frombuffer("".join(head.to_pylist()).encode("utf-32-le", "surrogatepass"), np.uint32)
        eastern = (points >= 0x3040) & (points <= 0x9FFF) | (points >= 0xAC00) & (points <= 0xD7AF)
        latin = (points >= 0x41) & (points <= 0x5A) | (points >= 0x61) & (points <= 0x7A) | (points >= 0xC0)
        return bool(eastern.sum() >= 0.3 * max(int((latin & (points < 0x3040) | eastern).sum()), 1))

    return block.memo(("prepare", "ideographic", column), make)


def _present(block: Block, column: str) -> pa.Array:
    return pc.if_else(pa.array(block.missing(column)), "", block.text(column))


def count_grams(texts: pa.Array, lengths: tuple[int, int]) -> Grams:
    """Counts of the texts (n,), each cut after ``MAX_CHARACTERS``, in chunks so that memory stays bounded."""
    texts = pc.utf8_slice_codeunits(texts, 0, MAX_CHARACTERS)
    sizes = pc.utf8_length(texts).to_numpy(zero_copy_only=False).astype(np.int64)
    chunk_of = np.cumsum(sizes) // CHUNK_CHARACTERS
    bounds = np.append(np.flatnonzero(np.diff(chunk_of, prepend=-1)), len(sizes))
    parts = [
        _count_chunk(texts.slice(start, stop - start), sizes[start:stop], lengths) for start, stop in pairwise(bounds)
    ]
    return stacked(parts) if len(parts) != 1 else parts[0]


def stacked(parts: list[Grams]) -> Grams:
    """The records of the parts one below the other, over all their runs."""
    if not parts:
        none = np.zeros(0, np.int32)
        return Grams(np.zeros(0, np.uint64), np.zeros(1, np.int64), none, none)
    # A stable sort merges runs that already rise.
    keys = np.sort(np.concatenate([part.keys for part in parts]), kind="stable")
    keys = keys[np.diff(keys, prepend=np.uint64(0)) > 0]  # no run has the key 0
    ends = np.cumsum([0, *(len(part.indices) for part in parts)])
    indptr = [part.indptr[1:] + end for part, end in zip(parts, ends, strict=False)]
    indices = [np.searchsorted(keys, part.keys).astype(np.int32)[part.indices] for part in parts]
    counts = np.concatenate([part.counts for part in parts])
    return Grams(keys, np.concatenate([[0], *indptr]), np.concatenate(indices), counts)


def _count_chunk(texts: pa.Array, sizes: np.ndarray, lengths: tuple[int, int]) -> Grams:
    keys, owner = _keys(texts, sizes, lengths)
    # Hashing to a dictionary is several times faster than sorting the runs themselves.
    coded = pa.array(keys).dictionary_encode()
    distinct = coded.dictionary.to_numpy()
    order = np.argsort(distinct)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    cell = owner * np.int64(max(len(distinct), 1)) + rank[coded.indices.to_numpy()]
    cell.sort()
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    counts = np.diff(np.append(first, len(cell))).astype(np.int32)
    record, indices = np.divmod(cell[first], max(len(distinct), 1))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(record, minlength=len(sizes)))]).astype(np.int64)
    return Grams(distinct[order], indptr, indices.astype(np.int32), counts)


def _keys(texts: pa.Array, sizes: np.ndarray, lengths: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The runs in the texts, and the record of each."""
    joined = "".join(texts.to_pylist()).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, np.uint32)
    char = _folded(points)
    owner = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    ends = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(owner))  # characters left in the record, this one too
    least, most = lengths
    key, keys, owners = char, [], []
    for length in range(1, most + 1):
        if length > 1:
            key = (key[:-1] << np.uint64(CODE_BITS)) | char[length - 1 :] if len(key) > 1 else key[:0]
        if length >= least and len(key):
            inside = np.flatnonzero(ends[: len(key)] >= length)
            keys.append(key[inside])
            owners.append(owner[inside])
    if not keys:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    return np.concatenate(keys), np.concatenate(owners)


def _folded(points: np.ndarray) -> np.ndarray:
    present = np.flatnonzero(np.bincount(points, minlength=1)) if len(points) else np.zeros(0, np.int64)
    table = np.zeros(int(present.max(initial=0)) + 1, np.uint64)
    table[present] = [fold(int(point)) for point in present]
    return np.asarray(table[points])


def spelled(key: Any) -> str:
    """A run as text."""
    rest, chars = int(key), []
    while rest:
        chars.append(chr(rest & 0xFFFF))
        rest >>= CODE_BITS
    return "".join(reversed(chars))


def codes_of(key: Any) -> tuple[int, ...]:
    """The character codes of a run, first to last."""
    return tuple(ord(char) for char in spelled(key))
