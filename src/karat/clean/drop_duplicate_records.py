"""Removes records that repeat an earlier one."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import FACT, FORM, SURE
from karat.core.patch import changes, no_changes, record_text
from karat.core.unit import Fix
from karat.quality.consistency.duplicate_records import DuplicateRecords, same_text
from karat.quality.consistency.record_hash import whole

ASKED_FROM = 0.2  # unproven: below, coincidence explains nearly all equal records: nobody need be asked


@dataclass(frozen=True)
class DropDuplicateRecords(Fix):
    """Keeps the first of equal records whose identity is certain and removes the copies.

    It is certain where a column identifies the records (see ``DuplicateRecords``). The ledger holds each removed
    record whole. The texts are compared again before a record is removed: an equal hash alone removes nothing. Where
    the keeper stands in another block, ``unequal`` makes that comparison.
    """

    mends: ClassVar[frozenset[str]] = frozenset({DuplicateRecords.code()})
    safe: ClassVar[bool] = True
    family: ClassVar[str] = "duplicates"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        return _removals(block, findings, FORM, SURE)


@dataclass(frozen=True)
class DropEqualRecords(Fix):
    """Proposes to remove records that repeat an earlier one where no column identifies them; a person decides.

    Two equal records may be two purchases, or two people with the same answers. The question is the same for all of
    them, whether a repeated record is possible in the data, and one answer can be given to all at once.
    """

    mends: ClassVar[frozenset[str]] = frozenset({DuplicateRecords.code()})
    safe: ClassVar[bool] = False
    family: ClassVar[str] = "equal records"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        return _removals(block, findings, FACT, ASKED_FROM)


def _removals(block: Block, findings: pa.Table, kind: str, least: float) -> pa.Table:
    """Ledger rows for the records that repeat another one to the letter."""
    mine = findings.filter(
        pc.and_(pc.equal(findings["check"], DuplicateRecords.code()), pc.equal(findings["kind"], kind))
    )
    mine = mine.filter(pc.and_(pc.greater_equal(mine["confidence"], least), pc.is_valid(mine["keeper"])))
    at, keeper = np.searchsorted(block.rows, mine["row"].to_numpy()), mine["keeper"].to_numpy()
    same = same_text(block, whole(block.schema), at, keeper) if len(at) else np.zeros(0, bool)
    if not same.any():
        return no_changes()
    return changes(
        int(same.sum()),
        row=block.rows[at[same]],
        action="drop",
        before=record_text(block.table, at[same]),
        check=DuplicateRecords.code(),
        confidence=mine["confidence"].to_numpy()[same],
        keeper=keeper[same],
        kind=kind,
    )


def unequal(dropped: pa.Table, keepers: pa.Table, names: tuple[str, ...]) -> np.ndarray:
    """(n,) bool: where a record to be removed differs from its keeper in one of the columns after all.

    Parameters
    ----------
    dropped, keepers : pyarrow.Table
        The records and their keepers, in the same order, as text.
    names : tuple of str
        The columns that must agree, ``whole(schema)``.
    """
    differ = np.zeros(dropped.num_rows, bool)
    for name in names:
        a, b = dropped.column(name).combine_chunks(), keepers.column(name).combine_chunks()
        both = np.asarray(pc.fill_null(pc.equal(a, b), False))
        neither = np.asarray(pc.and_(pc.is_null(a), pc.is_null(b)))
        differ |= ~(both | neither)
    return differ
