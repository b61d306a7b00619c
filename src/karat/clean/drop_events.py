"""Drops events that nobody did: copies, and those of robots."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.patch import changes, no_changes, record_text
from karat.core.unit import Fix


@dataclass(frozen=True)
class DropRepeatedEvents(Fix):
    """Keeps one of the events that are the same one, and drops the others; the ledger holds each of them whole.

    Of copies the first is kept, of two ratings the last. A second event is no second person.

    Parameters
    ----------
    min_confidence : float
        What is less sure stays and is told; in [0, 1].
    """

    mends: ClassVar[frozenset[str]] = frozenset({"RepeatedEvents"})
    safe: ClassVar[bool] = True
    family: ClassVar[str] = "repeated events"
    row_wise: ClassVar[bool] = False
    spared: ClassVar[frozenset[str]] = frozenset()

    min_confidence: float = 0.5

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        sure = pc.greater_equal(findings["confidence"], self.min_confidence)
        mine = findings.filter(pc.and_(pc.is_in(findings["check"], pa.array(sorted(self.mends))), sure))
        taken = findings.filter(pc.is_in(findings["check"], pa.array(sorted(self.spared), pa.string())))
        taken = taken.filter(pc.greater_equal(taken["confidence"], 0.5))  # those go for that reason already
        mine = mine.filter(pc.invert(pc.is_in(mine["row"], taken["row"].combine_chunks())))
        if not mine.num_rows:
            return no_changes()
        mine = mine.sort_by([("row", "ascending"), ("confidence", "descending"), ("check", "ascending")])
        rows, first = np.unique(mine["row"].to_numpy(), return_index=True)
        surest = mine.take(pa.array(first))
        return changes(
            len(rows),
            row=rows,
            action="drop",
            before=record_text(block.table, np.searchsorted(block.rows, rows)),
            check=surest["check"],
            confidence=surest["confidence"],
            kind=surest["kind"],
            keeper=self._keepers(surest),
        )

    def _keepers(self, surest: pa.Table) -> pa.Array:
        return pc.cast(surest["value"], pa.int64()).combine_chunks()


@dataclass(frozen=True)
class DropRobotEvents(DropRepeatedEvents):
    """Drops the events of users that are programs, and those of bursts that were bought; the ledger holds them whole.

    The user stays in no list either: a history without events recommends nothing.

    Parameters
    ----------
    min_confidence : float
        Two signs that know nothing of each other; in [0, 1].
    """

    mends: ClassVar[frozenset[str]] = frozenset({"RobotUsers", "EventBursts"})
    family: ClassVar[str] = "robots"
    spared: ClassVar[frozenset[str]] = frozenset({"RepeatedEvents"})

    min_confidence: float = 0.8

    def _keepers(self, surest: pa.Table) -> pa.Array:
        return pa.nulls(surest.num_rows, pa.int64())
