"""Columns of numbers and dates made for the tests of equations."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.equation_columns import columns_of

TYPES = {"M": ("timestamp", Role.TIME), "U": ("string", Role.CATEGORY), "O": ("string", Role.CATEGORY)}


def block_of(**values):
    """Numbers as texts of ten digits, blank for NaN; dates and words as they are."""
    texts, described = {}, []
    for name, numbers in values.items():
        column = np.asarray(numbers)
        kind, role = TYPES.get(column.dtype.kind, ("float64", Role.NUMBER))
        described.append(Column(name, role, kind))
        plain = column.dtype.kind in "MUO"
        texts[name] = [str(v) if plain else None if np.isnan(v) else f"{v:.10g}" for v in column]
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in texts.items()})
    return Block(np.arange(table.num_rows), table, Schema(tuple(described)))


def columns_from(**values):
    block = block_of(**values)
    return columns_of(block, block.schema)


def in_words(equations):
    """Equations as people read them."""
    return [str(equation) for equation in equations]
