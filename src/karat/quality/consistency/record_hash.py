"""Whole records as 64-bit numbers, the same on every machine."""

import numpy as np

from karat.core.block import Block
from karat.core.hashes import column_terms, content_hashes
from karat.core.schema import Role, Schema


def cell_terms(block: Block, names: tuple[str, ...]) -> np.ndarray:
    """(c, n) uint64: each cell's part in the hash of its record over some columns."""
    return column_terms([block.text(name) for name in names], names)


def record_hashes(block: Block, names: tuple[str, ...]) -> np.ndarray:
    """(n,) uint64: the hash of each record over some columns; computed once per block and choice."""
    every = whole(block.schema)
    return block.content if names == every else block.memo(("records", names), lambda: _hashes(block, names, every))


def _hashes(block: Block, names: tuple[str, ...], every: tuple[str, ...]) -> np.ndarray:
    """As a hash is a sum over columns, that of all columns but a few is that of all without theirs."""
    left_out = tuple(name for name in every if name not in set(names))
    few = len(left_out) < len(names) and set(names) <= set(every)
    summed = left_out if few else names
    hashes = content_hashes([block.text(name) for name in summed], summed, len(block))
    return block.content - hashes if few else hashes


def compared(schema: Schema, *, target: bool = True) -> tuple[str, ...]:
    """The columns in which equal records must agree: all but identifiers and what is to be ignored."""
    left_out = {Role.ID, Role.IGNORE} | (set() if target else {Role.TARGET})
    names = tuple(column.name for column in schema if column.role not in left_out)
    return names or tuple(column.name for column in schema if target or column.role is not Role.TARGET)


def whole(schema: Schema) -> tuple[str, ...]:
    """All columns but those to be ignored: where two records agree in them, one repeats the other in full."""
    return tuple(column.name for column in schema if column.role is not Role.IGNORE) or schema.names
