"""Writes what should stand in a cell, where the checks together are sure."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.clean.merge_suggestions import proposals
from karat.core.block import Block
from karat.core.finding import FACT, FORM, Dimension
from karat.core.patch import changes
from karat.core.unit import Fix


@dataclass(frozen=True)
class RepairCells(Fix):
    """Sets cells that break what other columns, sources or records decide.

    The findings of all checks about a cell are combined: agreement makes surer, contradiction less sure. A cell is
    changed only where the check behind the suggestion has proven itself on tables it was not fitted on
    (``karat.quality.calibration``); the rest needs review. The ledger holds the cell before and after.
    """

    safe: ClassVar[bool] = True
    family: ClassVar[str] = "inconsistent cells"
    dimensions: ClassVar[frozenset[Dimension]] = frozenset({Dimension.CONSISTENCY, Dimension.TIMELINESS})
    writes: ClassVar[str] = FACT

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        """Cells whose best evidence lies in one of this fix's dimensions."""
        best = proposals(block, findings)
        mine = pc.is_in(best.dimension, pa.array(sorted(self.dimensions), pa.string())).to_numpy(zero_copy_only=False)
        mine &= pc.equal(best.kind, self.writes).to_numpy(zero_copy_only=False)
        at = np.flatnonzero(mine & best.unasked())
        pick = pa.array(at)
        return changes(
            len(at),
            row=best.row[at],
            column=best.column.take(pick),
            action="set",
            before=best.before.take(pick),
            after=best.after.take(pick),
            check=best.check.take(pick),
            confidence=best.confidence[at],
            kind=self.writes,
        )


@dataclass(frozen=True)
class RewriteForms(RepairCells):
    """Writes values of one meaning in one way: trimmed, with one date format, one decimal mark, one unit.

    Mixed forms split groups and make numbers unreadable. The meaning stays and a rule undoes the change, so none of it
    counts as a wrong value. The ledger holds the cell before and after, marked ``kind = form``.
    """

    family: ClassVar[str] = "formats"
    dimensions: ClassVar[frozenset[Dimension]] = frozenset(Dimension)
    writes: ClassVar[str] = FORM


@dataclass(frozen=True)
class RepairWrongCells(RepairCells):
    """Sets cells that hold a wrong value: misspelt, in the wrong column or unit, not in keeping with the rest.

    A wrong value is worse than none: it is believed. The evidence is weighed as by ``RepairCells``, and the ledger
    holds the cell before and after.
    """

    family: ClassVar[str] = "wrong cells"
    dimensions: ClassVar[frozenset[Dimension]] = frozenset({Dimension.ACCURACY})


@dataclass(frozen=True)
class RepairMissingCells(RepairCells):
    """Writes gaps in one way: null words and codes become blank.

    A code like 999 read as a number, or "N/A" read as a category, is learned from as if somebody had measured it. Where
    other checks know what should stand in the gap, that is written instead. The ledger holds the cell before and after.
    """

    family: ClassVar[str] = "disguised gaps"
    dimensions: ClassVar[frozenset[Dimension]] = frozenset({Dimension.COMPLETENESS})
