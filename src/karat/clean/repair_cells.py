"""Writes what should stand in a cell, where the checks together are sure."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.clean.combine import proposals
from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.patch import changes
from karat.core.unit import Fix


@dataclass(frozen=True)
class RepairCells(Fix):
    """Sets cells that break what other columns, sources or records decide, or that are written unlike their column.

    The findings of all checks about a cell are combined: agreement makes surer, contradiction less sure. What stays
    below ``min_confidence`` is not touched and waits for a person. The ledger holds the cell before and after.

    Parameters
    ----------
    min_confidence : float
        Probability in [0, 1] that the new value is right, from which on it is written.
    """

    safe: ClassVar[bool] = True
    family: ClassVar[str] = "inconsistent cells"
    dimensions: ClassVar[frozenset[Dimension]] = frozenset({Dimension.CONSISTENCY, Dimension.TIMELINESS})

    min_confidence: float = 0.5

    def propose(self, block: Block, found: pa.Table) -> pa.Table:
        """Cells whose best evidence lies in one of this fix's dimensions."""
        held = proposals(block, found)
        mine = pc.is_in(held.dimension, pa.array(sorted(self.dimensions), pa.string())).to_numpy(zero_copy_only=False)
        at = np.flatnonzero(mine & (held.confidence >= self.min_confidence))
        pick = pa.array(at)
        return changes(
            len(at),
            row=held.row[at],
            column=held.column.take(pick),
            action="set",
            before=held.before.take(pick),
            after=held.after.take(pick),
            check=held.check.take(pick),
            confidence=held.confidence[at],
        )


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
