"""Proposes other labels to a person."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import SURE
from karat.core.patch import changes, no_changes
from karat.core.schema import Role
from karat.core.unit import Fix


@dataclass(frozen=True)
class RelabelForReview(Fix):
    """Writes the suggested label where the given one is probably wrong.

    Unsafe: a model's opinion of a label is no truth, and a model trained on its own opinions agrees with itself. The
    change needs review, or a proof.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"SuspectLabels", "ConflictingLabels", "NearDuplicateLabels"})
    safe: ClassVar[bool] = False
    family: ClassVar[str] = "wrong labels"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        targets = [column.name for column in block.schema.with_role(Role.TARGET)]
        wanted = pc.and_(pc.is_in(findings["check"], pa.array(sorted(self.mends))), pc.is_valid(findings["suggestion"]))
        wanted = pc.and_(wanted, pc.is_in(findings["column"], pa.array(targets, pa.string())))
        mine = findings.filter(pc.and_(wanted, pc.greater_equal(findings["confidence"], SURE)))
        if not mine.num_rows:
            return no_changes()
        order = np.lexsort((-mine["confidence"].to_numpy(), mine["row"].to_numpy()))
        mine = mine.take(pa.array(order))
        first = np.unique(mine["row"].to_numpy(), return_index=True)[1]  # the surest where two checks speak
        mine = mine.take(pa.array(first))
        return changes(
            mine.num_rows,
            row=mine["row"],
            column=mine["column"],
            action="set",
            before=mine["value"],
            after=mine["suggestion"],
            check=mine["check"],
            confidence=mine["confidence"],
        )
