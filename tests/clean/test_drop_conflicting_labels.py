import numpy as np
import pyarrow as pa

from karat.clean.drop_conflicting_labels import DropConflictingLabels
from karat.core.block import Block
from karat.core.patch import apply, undo
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.conflicting_labels import ConflictingLabels


def test_only_sure_findings_drop_a_record_once_and_it_comes_back():
    table = pa.table({"x": ["a", "b", "c"], "y": ["0", "1", "0"]})
    block = Block(np.arange(3), table, Schema((Column("x", Role.CATEGORY), Column("y", Role.TARGET))))
    found = ConflictingLabels().found(3, row=[1, 1, 2], column="y", confidence=[0.8, 0.7, 0.4], message="m")
    patch = DropConflictingLabels().propose(block, found)
    assert patch["row"].to_pylist() == [1]
    assert not DropConflictingLabels.safe
    after, rows = apply(table, block.rows, patch)
    assert undo(after, rows, patch)[0].equals(table)
