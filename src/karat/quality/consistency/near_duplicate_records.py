"""Records that repeat another one but for a slip or two."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._near_evidence import NearEvidence
from karat.quality.consistency._near_pairs import CellHashes, NearPairs, near
from karat.quality.consistency.record_hash import compared

MIN_COLUMNS = 5  # unproven: with fewer, different things differ in one or two
TOLD_FROM = 0.1  # display: less likely is not told


@dataclass(frozen=True)
class NearDuplicateRecords(Check):
    """A record that equals another one in all columns but one or two, in which the texts differ by a slip.

    The copy of a record with a typing error escapes every exact comparison and lies in training and test alike. A
    slip is one letter in ten; Ella and Emma of one address are sisters, two days of one customer are two visits. How
    many such pairs coincidence makes is estimated from the pairs that differ in more columns, and how many belong
    together without being one thing from those that differ in the same columns by more than a slip. Nothing is
    removed for it: the pair needs review. Tables beyond 65,536 records are judged by a sample.

    Source: ISO/IEC 5259-2, data record consistency. ``value`` and ``keeper`` hold the number of the record that is
    repeated.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    by_order: ClassVar[str] = "of two records that nearly agree the later one in the file is the copy"
    kinds: ClassVar[frozenset[str]] = Check.kinds - {"event"}  # they have their own
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    def applies(self, schema: Schema) -> DoesNotApply | None:
        few = len(compared(schema)) < MIN_COLUMNS
        return DoesNotApply(f"fewer than {MIN_COLUMNS} columns to compare") if few else None

    def learn(self, block: Block) -> CellHashes:
        return CellHashes.of(block)

    def judge(self, state: CellHashes, block: Block, before: Any = None) -> pa.Table:
        pairs: NearPairs = derived(state, "near", lambda: near(state))
        names = compared(block.schema)
        evidence: NearEvidence = derived(
            state, "evidence", lambda: NearEvidence(state.block(block.schema), names, pairs)
        )
        rows, keeper, sure, messages = [], [], [], []
        for at in np.flatnonzero(np.isin(pairs.later, block.rows)).tolist():
            likely, cells = evidence.likely(at), evidence.cells[at]
            if likely < TOLD_FROM:
                continue
            rows.append(int(pairs.later[at]))
            keeper.append(int(pairs.earlier[at]))
            sure.append(likely)
            differences = ", ".join(f"{cell.column!r} {cell.first!r} / {cell.second!r}" for cell in cells)
            messages.append(
                f"equals record {pairs.earlier[at]} in {len(names) - len(cells)} of {len(names)} columns; "
                f"they differ in {differences}"
            )
        value = [str(number) for number in keeper]
        return self.found(len(rows), row=rows, value=value, keeper=keeper, confidence=sure, message=messages)

    def total(self, state: CellHashes, schema: Schema) -> int:
        return state.records
