"""Removes documents that checks of whole documents object to."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.patch import changes, no_changes, record_text
from karat.core.unit import Fix

REMOVED = "removed documents"  # under this name a block has which documents go, and for what
OPEN = "open documents"  # and under this one, by the code of a stopped check, those that it may not remove unasked


@dataclass(frozen=True)
class DropDocuments(Fix):
    """Removes the documents that a profile's rules, a language, a test set or a likeness speak against.

    Of each document the first check that objects has the last word; what the guard stopped or a person keeps stays.
    The ledger holds the removed record whole, with the value measured and the limit, and for a copy the one kept.

    Source: the pipelines of Rae et al. (2021), arXiv 2112.11446, and Penedo et al. (2024), arXiv 2406.17557.
    """

    mends: ClassVar[frozenset[str]] = frozenset()
    family: ClassVar[str] = "documents"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        """A ledger row a document of ``block.extra[REMOVED]``, and one a finding about those of ``extra[OPEN]``."""
        return pa.concat_tables([self._removals(block), *self._open(block, findings)])

    def _removals(self, block: Block) -> pa.Table:
        removed = block.extra.get(REMOVED)
        if removed is None or not removed.num_rows:
            return no_changes()
        rows = removed["row"].to_numpy()
        about = {name: removed[name] for name in ("row", "check", "measure", "limit", "keeper")}
        before = record_text(block.table, np.searchsorted(block.rows, rows))
        return changes(len(rows), action="drop", before=before, confidence=1.0, **about)

    def _open(self, block: Block, findings: pa.Table) -> list[pa.Table]:
        proposals = []
        for code, rows in block.extra.get(OPEN, {}).items():
            about = findings.filter(
                pc.and_(pc.equal(findings["check"], code), pc.is_in(findings["row"], pa.array(rows)))
            )
            columns = {name: about[name] for name in ("row", "confidence", "keeper")}
            proposals.append(changes(about.num_rows, action="drop", check=code, **columns))
        return proposals
