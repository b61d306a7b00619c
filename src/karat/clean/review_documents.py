"""Asks a person about documents that are probably not worth training on."""

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from karat.clean.drop_documents import OPEN, REMOVED
from karat.core.block import Block
from karat.core.patch import changes, no_changes
from karat.core.unit import Fix


@dataclass(frozen=True)
class ReviewDocuments(Fix):
    """Proposes to remove the documents that one sign alone, or weak ones, speak against.

    Unsafe: one sign can err, so that a person decides.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"WorthlessTexts"})
    safe: ClassVar[bool] = False
    family: ClassVar[str] = "doubtful documents"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        """A ledger row a document that is found worthless, and neither removed nor asked about as stopped."""
        removed = block.extra.get(REMOVED)
        mine = findings.filter(pc.is_in(findings["check"], pa.array(sorted(self.mends))))
        if removed is None or not mine.num_rows:
            return no_changes()
        elsewhere = [removed["row"].combine_chunks(), *(pa.array(rows) for rows in self._stopped(block))]
        mine = mine.filter(pc.invert(pc.is_in(mine["row"], pa.concat_arrays(elsewhere))))
        columns = {name: mine[name] for name in ("row", "check", "confidence")}
        return changes(mine.num_rows, action="drop", **columns)

    def _stopped(self, block: Block) -> list[object]:
        return [rows for code, rows in block.extra.get(OPEN, {}).items() if code in self.mends]
