"""Proposes to remove rows of totals."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import SURE
from karat.core.patch import changes, no_changes, record_text
from karat.core.unit import Fix
from karat.quality.consistency.total_rows import TotalRows


@dataclass(frozen=True)
class DropTotalRows(Fix):
    """Proposes to remove rows that sum up the records above them; a person decides.

    A row of totals counts everything a second time, and a model takes it for the largest record of all. Whether it is
    one is for a person to say: nothing is removed unasked, and the ledger holds the removed row whole.
    """

    mends: ClassVar[frozenset[str]] = frozenset({TotalRows.code()})
    safe: ClassVar[bool] = False
    family: ClassVar[str] = "totals"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        mine = findings.filter(
            pc.and_(pc.equal(findings["check"], TotalRows.code()), pc.greater_equal(findings["confidence"], SURE))
        )
        if not mine.num_rows:
            return no_changes()
        at = np.searchsorted(block.rows, mine["row"].to_numpy())
        return changes(
            mine.num_rows,
            row=mine["row"],
            action="drop",
            before=record_text(block.table, at),
            check=mine["check"],
            confidence=mine["confidence"],
        )
