"""Drops records that repeat an earlier one."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import SURE
from karat.core.patch import changes, no_changes, record_text
from karat.core.unit import Fix
from karat.quality.consistency._record_hash import compared
from karat.quality.consistency.duplicate_records import DuplicateRecords, same_text


@dataclass(frozen=True)
class DropDuplicateRecords(Fix):
    """Keeps the first of equal records and drops the others; the ledger holds each dropped record whole.

    The texts are compared again before a record goes: an equal hash alone drops nothing. Where the keeper stands in
    another block, ``unequal`` makes that comparison.
    """

    mends: ClassVar[frozenset[str]] = frozenset({DuplicateRecords.code()})
    safe: ClassVar[bool] = True
    family: ClassVar[str] = "duplicates"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, found: pa.Table) -> pa.Table:
        mine = found.filter(
            pc.and_(pc.equal(found["check"], DuplicateRecords.code()), pc.greater_equal(found["confidence"], SURE))
        )
        rows = mine["row"].to_numpy()
        at = np.searchsorted(block.rows, rows)
        keeper = np.array([int(value) for value in mine["value"].to_pylist()], np.int64)
        same = same_text(block, compared(block.schema), at, keeper) if len(at) else np.zeros(0, bool)
        if not same.any():
            return no_changes()
        return changes(
            int(same.sum()),
            row=rows[same],
            action="drop",
            before=record_text(block.table, at[same]),
            check=DuplicateRecords.code(),
            confidence=mine["confidence"].to_numpy()[same],
            keeper=keeper[same],
        )


def unequal(dropped: pa.Table, keepers: pa.Table, names: tuple[str, ...]) -> np.ndarray:
    """(n,) bool: where a record to be dropped differs from its keeper in one of the columns after all.

    Parameters
    ----------
    dropped, keepers : pyarrow.Table
        The records and their keepers, in the same order, as text.
    names : tuple of str
        The columns that must agree, ``compared(schema)``.
    """
    differ = np.zeros(dropped.num_rows, bool)
    for name in names:
        a, b = dropped.column(name).combine_chunks(), keepers.column(name).combine_chunks()
        both = np.asarray(pc.fill_null(pc.equal(a, b), False))
        neither = np.asarray(pc.and_(pc.is_null(a), pc.is_null(b)))
        differ |= ~(both | neither)
    return differ
