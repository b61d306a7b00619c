import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema


def build(task="classification", nulls=(), **columns):
    """columns: name = (role, texts)."""
    types = {"number": "float64", "time": "timestamp"}
    schema = Schema(
        tuple(Column(name, Role(role), types.get(role, "string"), nulls) for name, (role, _) in columns.items()),
        task=task,
    )
    table = pa.table({name: pa.array(texts, pa.string()) for name, (_, texts) in columns.items()})
    return Block(np.arange(table.num_rows), table, schema)


@pytest.fixture
def make_block():
    return build
