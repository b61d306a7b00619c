"""Records go forward in time where what a feature says of the target changes."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.relation_change import relation_change
from karat.prepare.splits import plan_splits
from karat.prepare.target import read_target

SIZE = 900


def dated(turns: float, kind: str = "number", seed: int = 0, size: int = SIZE) -> Block:
    """Records of which a feature's effect goes from 1 to 1 - 2 · turns over time."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.integers(0, 1_000, size))
    signal = rng.choice([-1.0, 1.0], size) if kind == "category" else rng.normal(size=size)
    effect = 1 - 2 * turns * np.arange(size) / size
    score = effect * signal + rng.normal(0, 1, size)
    order = rng.permutation(size)
    texts = {
        "day": (np.datetime64("2020-01-01") + days).astype(str),
        "signal": np.where(signal > 0, "up", "down") if kind == "category" else np.round(signal, 4).astype(str),
        "noise": np.round(rng.normal(size=size), 4).astype(str),
        "y": np.round(score, 4).astype(str) if kind == "regression" else np.where(score > 0, "yes", "no"),
    }
    table = pa.table({name: pa.array(values[order].tolist(), pa.string()) for name, values in texts.items()})
    columns = (
        Column("day", Role.TIME, "timestamp"),
        Column("signal", Role.CATEGORY if kind == "category" else Role.NUMBER, "string"),
        Column("noise", Role.NUMBER, "float64"),
        Column("y", Role.TARGET, "float64" if kind == "regression" else "string"),
    )
    return Block(
        np.arange(size), table, Schema(columns, task="regression" if kind == "regression" else "classification")
    )


def change_of(block: Block) -> str:
    return relation_change(block, read_target(block), block.times("day").astype(np.int64).astype(np.float64))


@pytest.mark.parametrize("kind", ["number", "category", "regression"])
def test_a_relation_that_reverses_is_seen_and_split_forward(kind):
    block = dated(1.0, kind)
    assert change_of(block).startswith("signal tells early records ")
    splits = plan_splits(block)
    assert splits.forward
    assert "signal tells early records" in splits.method
    train, test = splits.pair(0, 2)
    days = block.times("day")
    assert days[train].max() < days[test].min()


@pytest.mark.parametrize("kind", ["number", "category", "regression"])
def test_a_steady_relation_is_dealt_at_random(kind):
    assert [change_of(dated(0.0, kind, seed)) for seed in range(20)] == [""] * 20
    assert not plan_splits(dated(0.0, kind)).forward


def test_few_records_and_one_moment_say_nothing():
    assert change_of(dated(1.0, size=140)) == ""
    block = dated(1.0)
    assert relation_change(block, read_target(block), np.zeros(len(block))) == ""


def test_gaps_and_constant_columns_do_no_harm():
    block = dated(1.0)
    cells = [None if at % 3 else cell for at, cell in enumerate(block.text("signal").to_pylist())]
    table = block.table.set_column(1, "signal", pa.array(cells, pa.string()))
    table = table.set_column(2, "noise", pa.array(["1"] * len(block), pa.string()))
    assert change_of(Block(block.rows, table, block.schema)).startswith("signal")
