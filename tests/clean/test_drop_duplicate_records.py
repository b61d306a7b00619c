import numpy as np
import pyarrow as pa

from karat.clean.drop_duplicate_records import DropDuplicateRecords, DropEqualRecords, unequal
from karat.core.block import Block
from karat.core.patch import apply, undo
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.duplicate_records import DuplicateRecords


def people(*, numbered):
    rng = np.random.default_rng(0)
    names = [f"n{v}" for v in rng.integers(0, 999, 200)]
    sums = [str(v) for v in rng.integers(0, 9999, 200)]
    ids = [f"A{7919 * at}" for at in range(200)]
    names[150], sums[150], ids[150] = names[3], sums[3], ids[3]
    sums[7] = None
    table = pa.table({"n": pa.array(names), "s": pa.array(sums, pa.string()), "id": pa.array(ids)})
    role = Role.ID if numbered else Role.CATEGORY
    columns = (Column("n", Role.CATEGORY), Column("s", Role.NUMBER, "float64"), Column("id", role))
    return Block(np.arange(200), table, Schema(columns))


def test_a_copy_of_an_identified_record_is_removed_and_comes_back():
    block = people(numbered=True)
    check = DuplicateRecords()
    found = check.judge(check.learn(block), block)
    assert DropEqualRecords().propose(block, found).num_rows == 0
    patch = DropDuplicateRecords().propose(block, found)
    assert patch.select(["row", "action", "keeper", "who", "kind"]).to_pylist() == [
        {"row": 150, "action": "drop", "keeper": 3, "who": "karat", "kind": "form"}
    ]
    table, rows = apply(block.table, block.rows, patch)
    assert len(rows) == 199
    back, again = undo(table, rows, patch)
    assert back.equals(block.table)
    assert again.tolist() == block.rows.tolist()


def test_where_no_column_identifies_a_person_is_asked():
    block = people(numbered=False)
    check = DuplicateRecords()
    found = check.judge(check.learn(block), block)
    assert DropDuplicateRecords().propose(block, found).num_rows == 0
    assert not DropEqualRecords.safe
    asked = DropEqualRecords().propose(block, found)
    assert asked.select(["row", "action", "keeper", "kind"]).to_pylist() == [
        {"row": 150, "action": "drop", "keeper": 3, "kind": "fact"}
    ]


def test_an_equal_hash_alone_drops_nothing():
    block = people(numbered=True)
    lie = DuplicateRecords().found(1, row=[20], keeper=[4], kind="form", confidence=0.99, message="said to be equal")
    assert DropDuplicateRecords().propose(block, lie).num_rows == 0
    assert unequal(block.table.slice(3, 2), block.table.slice(150, 2), ("n", "s")).tolist() == [False, True]
