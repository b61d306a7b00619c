"""Blocks of text columns, for the checks of completeness."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema


@pytest.fixture
def make() -> Callable[..., Block]:
    def build(columns, task="classification", nulls=(), **roles):
        table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
        kinds = {Role.TIME: "timestamp", Role.NUMBER: "float64"}
        made = [Column(n, roles.get(n, Role.CATEGORY), kinds.get(roles.get(n), "string"), nulls) for n in columns]
        return Block(np.arange(table.num_rows), table, Schema(tuple(made), task=task))

    return build
