"""Records whose model is known: y follows from x, not from z."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema

SCHEMA = Schema(
    (
        Column("x", Role.NUMBER, "float64"),
        Column("z", Role.NUMBER, "float64"),
        Column("city", Role.CATEGORY),
        Column("y", Role.TARGET),
    ),
    task="classification",
)


def records(size, seed, change=None):
    chance = np.random.default_rng(seed)
    x, z = chance.normal(size=size), chance.normal(size=size)
    y = np.where(x + 0.5 * chance.normal(size=size) > 0, "yes", "no")
    table = {"x": x, "z": z, "city": chance.choice(["Oslo", "Bergen"], size)}
    if change:
        table |= change(table)
    texts = [pa.array([None if v != v else str(v) for v in table[name]], pa.string()) for name in ("x", "z", "city")]
    return Block(np.arange(size), pa.table([*texts, pa.array(y)], names=["x", "z", "city", "y"]), SCHEMA)
