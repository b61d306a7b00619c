import numpy as np
import pyarrow as pa

from karat.clean.drop_duplicate_records import DropDuplicateRecords, unequal
from karat.core.block import Block
from karat.core.patch import apply, undo
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.duplicate_records import DuplicateRecords


def people():
    rng = np.random.default_rng(0)
    names = [f"n{v}" for v in rng.integers(0, 999, 200)]
    sums = [str(v) for v in rng.integers(0, 9999, 200)]
    names[150], sums[150] = names[3], sums[3]
    sums[7] = None
    table = pa.table({"n": pa.array(names), "s": pa.array(sums, pa.string())})
    return Block(np.arange(200), table, Schema((Column("n", Role.CATEGORY), Column("s", Role.NUMBER, "float64"))))


def test_a_copy_is_dropped_and_comes_back():
    block = people()
    check = DuplicateRecords()
    found = check.judge(check.learn(block), block)
    patch = DropDuplicateRecords().propose(block, found)
    assert patch.select(["row", "action", "keeper", "who"]).to_pylist() == [
        {"row": 150, "action": "drop", "keeper": 3, "who": "karat"}
    ]
    table, rows = apply(block.table, block.rows, patch)
    assert len(rows) == 199
    back, again = undo(table, rows, patch)
    assert back.equals(block.table)
    assert again.tolist() == block.rows.tolist()


def test_an_equal_hash_alone_drops_nothing():
    block = people()
    lie = DuplicateRecords().found(1, row=[20], value=["4"], confidence=0.99, message="said to be equal")
    assert DropDuplicateRecords().propose(block, lie).num_rows == 0
    assert unequal(block.table.slice(3, 2), block.table.slice(150, 2), ("n", "s")).tolist() == [False, True]
