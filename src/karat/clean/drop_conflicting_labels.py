"""Drops records whose input stands there with another label too."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import SURE
from karat.core.patch import changes, no_changes, record_text
from karat.core.unit import Fix


@dataclass(frozen=True)
class DropConflictingLabels(Fix):
    """Drops records that contradict the label most records with the same input carry.

    Unsafe: both labels may be right where an input that decides is not in the table, and then dropping one of them
    biases the rest. It is applied only where a proof says so, or a person.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"ConflictingLabels"})
    safe: ClassVar[bool] = False
    family: ClassVar[str] = "conflicting labels"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        mine = findings.filter(
            pc.and_(pc.equal(findings["check"], "ConflictingLabels"), pc.greater_equal(findings["confidence"], SURE))
        )
        if not mine.num_rows:
            return no_changes()
        rows, first = np.unique(mine["row"].to_numpy(), return_index=True)
        at = np.searchsorted(block.rows, rows)
        return changes(
            len(rows),
            row=rows,
            action="drop",
            before=record_text(block.table, at),
            check="ConflictingLabels",
            confidence=mine["confidence"].to_numpy()[first],
        )
