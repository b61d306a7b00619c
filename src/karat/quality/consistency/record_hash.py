"""Whole records as 64-bit numbers, the same on every machine."""

import functools
import hashlib

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Role, Schema

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # Steele, Lea and Flood (2014): 2^64 by the golden ratio
WORD = 8  # definition: bytes of 64 bits
LONG_BYTES = 1024  # cost: longer cells are hashed one by one: all others would wait for their last word
MASKS = np.array([(1 << (8 * n)) - 1 for n in range(WORD)] + [0xFFFFFFFFFFFFFFFF], np.uint64)  # definition: n bytes


def mix(z: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64 (Steele et al. 2014), uint64 to uint64."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    out: np.ndarray = z ^ (z >> np.uint64(31))
    return out


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
    raw = np.concatenate([raw[: ends[-1]] if len(ends) else raw, np.zeros(WORD, np.uint8)])
    words = np.ndarray((len(raw) - WORD + 1,), "<u8", raw, strides=(1,))  # the word that begins at each byte
    at, left = ends[:-1].copy(), np.diff(ends)
    left[blank] = 0
    out = mix(left.astype(np.uint64) + GOLDEN)
    for place in np.flatnonzero(left > LONG_BYTES):
        cell = raw[ends[place] : ends[place + 1]].tobytes()
        out[place] = int.from_bytes(hashlib.blake2b(cell, digest_size=8).digest(), "little")
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


def column_terms(block: Block, names: tuple[str, ...]) -> np.ndarray:
    """(c, n) uint64: each cell's part in the hash of its record; the sum over columns is the record's."""
    terms = np.zeros((len(names), len(block)), np.uint64)
    for place, name in enumerate(names):
        seed = np.uint64((place + 1) * int(GOLDEN) % 2**64)
        hashes = block.memo(("hashes", name), functools.partial(text_hashes, block.text(name)))
        terms[place] = mix(hashes + seed)
    return terms


def record_hashes(block: Block, names: tuple[str, ...]) -> np.ndarray:
    """(n,) uint64: the hash of each record over some columns; computed once per block and choice."""
    return block.memo(("records", names), lambda: column_terms(block, names).sum(axis=0, dtype=np.uint64))


def compared(schema: Schema, *, target: bool = True) -> tuple[str, ...]:
    """The columns in which equal records must agree: all but identifiers and what is to be ignored."""
    left_out = {Role.ID, Role.IGNORE} | (set() if target else {Role.TARGET})
    names = tuple(column.name for column in schema if column.role not in left_out)
    return names or tuple(column.name for column in schema if target or column.role is not Role.TARGET)


def whole(schema: Schema) -> tuple[str, ...]:
    """All columns but those to be ignored: where two records agree in them, one repeats the other in full."""
    return tuple(column.name for column in schema if column.role is not Role.IGNORE) or schema.names
