"""Blocks with a time column, for the checks of timeliness."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema

Make = Callable[..., Block]
START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def hourly() -> Callable[[int], list[str]]:
    """n times, an hour apart."""
    return lambda n: [(START + timedelta(hours=i)).strftime("%Y-%m-%d %H:%M:%S") for i in range(n)]


@pytest.fixture
def make() -> Make:
    """A block of text columns; roles are given by name, `time` columns are timestamps."""

    def build(columns: dict[str, list[str | None]], task: str = "", **roles: Role) -> Block:
        table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
        kinds = {Role.TIME: "timestamp", Role.NUMBER: "float64"}
        schema = Schema(tuple(Column(n, roles[n], kinds.get(roles[n], "string")) for n in columns), task=task)
        return Block(np.arange(table.num_rows), table, schema)

    return build


@pytest.fixture
def halves() -> Callable[[Block, int], list[Block]]:
    """A block cut into parts of a size."""
    return lambda block, size: [
        block.take(np.arange(at, min(at + size, len(block)))) for at in range(0, len(block), size)
    ]
