"""64-bit numbers from texts and records: the same on every machine, for any order of records and columns."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # Steele, Lea and Flood (2014): 2^64 by the golden ratio
WORD = 8  # definition: bytes of 64 bits
LONG_BYTES = 1024  # cost: longer texts are hashed one by one: all others would wait for their last word
MASKS = np.array([(1 << (8 * n)) - 1 for n in range(WORD)] + [0xFFFFFFFFFFFFFFFF], np.uint64)  # definition: n bytes
CELLS = 65_536  # cost: cells hashed at once; many short columns together take no longer than one long column


def mix(z: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64 (Steele et al. 2014), uint64 to uint64."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    out: np.ndarray = z ^ (z >> np.uint64(31))
    return out


def row_hashes(rows: np.ndarray) -> np.ndarray:
    """A fixed pseudo-random uint64 per whole number."""
    return mix(rows.astype(np.uint64) + GOLDEN)


def text_hashes(text: pa.Array) -> np.ndarray:
    """(n,) uint64: a hash of each cell's bytes, eight at a time over all cells; blank has one of its own.

    Parameters
    ----------
    text : pyarrow.Array of string or binary, length n
    """
    blank = np.asarray(text.is_null())
    text = text.cast(
        pa.large_string() if pa.types.is_string(text.type) or pa.types.is_large_string(text.type) else pa.large_binary()
    )
    _, offsets, data = text.buffers()
    ends = np.frombuffer(offsets, np.int64)[text.offset : text.offset + len(text) + 1]
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    begin = int(ends[0]) if len(ends) else 0
    raw = np.concatenate([raw[begin : ends[-1]] if len(ends) else raw, np.zeros(WORD, np.uint8)])
    ends = ends - begin
    words = np.ndarray((len(raw) - WORD + 1,), "<u8", raw, strides=(1,))  # the word that begins at each byte
    at, left = ends[:-1].copy(), np.diff(ends)
    left[blank] = 0
    out = mix(left.astype(np.uint64) + GOLDEN)
    for place in np.flatnonzero(left > LONG_BYTES).tolist():
        cell = raw[ends[place] : ends[place + 1]].tobytes()
        out[place] = int.from_bytes(hashlib.blake2b(cell, digest_size=WORD).digest(), "little")
        left[place] = 0
    live = np.flatnonzero(left > 0)
    while len(live):
        word = words[at[live]] & MASKS[np.minimum(left[live], WORD)]
        out[live] = mix((out[live] ^ word) * GOLDEN + np.uint64(1))
        at[live] += WORD
        left[live] -= WORD
        live = live[left[live] > 0]
    out[blank] = GOLDEN
    return out


def number_hashes(numbers: np.ndarray) -> np.ndarray:
    """(n,) uint64: a hash of each record of numbers (n, k), bit for bit."""
    bits = np.ascontiguousarray(numbers, np.float64).view(np.uint64)
    out: np.ndarray = mix(bits + row_hashes(np.arange(bits.shape[1]))).sum(axis=1, dtype=np.uint64)
    return out


def column_terms(columns: Sequence[pa.Array], names: Sequence[str]) -> np.ndarray:
    """(c, n) uint64: each cell's part in the hash of its record; the sum over columns is the record's.

    A part follows from the cell and the name of its column, so that the sum is the same for any order of columns.
    """
    size = len(columns[0]) if columns else 0
    seeds = text_hashes(pa.array(names, pa.large_string()))
    out = np.zeros((len(names), size), np.uint64)
    at_once = max(1, CELLS // max(1, size))
    for start in range(0, len(names), at_once):
        part = columns[start : start + at_once]
        alike = len({column.type for column in part}) == 1
        cells = [text_hashes(pa.concat_arrays(part))] if alike else [text_hashes(column) for column in part]
        hashes = np.concatenate(cells).reshape(len(part), size)
        out[start : start + len(part)] = mix(hashes + seeds[start : start + len(part), None])
    return out


def content_hashes(columns: Sequence[pa.Array], names: Sequence[str], size: int) -> np.ndarray:
    """(n,) uint64: the hash of each of ``size`` records over some columns."""
    out = np.zeros(size, np.uint64)
    at_once = max(1, CELLS // max(1, size))
    for start in range(0, len(names), at_once):
        part = slice(start, start + at_once)
        out += column_terms(columns[part], names[part]).sum(axis=0, dtype=np.uint64)
    return out


def record_keys(content: np.ndarray) -> np.ndarray:
    """(n,) uint64: a pseudo-random number per record that follows from what the records say, not from their order.

    The first of equal records has the hash of its content, each further one a number that follows from it and from how
    many came before: whichever order they come in, the same numbers go to the same contents. So the records with the
    smallest numbers are a fair sample, copies included.
    """
    ranked = np.sort(content)
    repeated = np.unique(ranked[1:][ranked[1:] == ranked[:-1]])
    if not len(repeated):
        return content
    at = np.flatnonzero(np.isin(content, repeated))
    at = at[np.argsort(content[at], kind="stable")]
    mine = content[at]
    starts = np.flatnonzero(np.concatenate([[True], mine[1:] != mine[:-1]]))
    before = np.arange(len(at)) - np.repeat(starts, np.diff(np.append(starts, len(at))))
    keys = content.copy()
    keys[at] = np.where(before > 0, mix(mine + before.astype(np.uint64) * GOLDEN), mine)
    return keys
