"""Cuts the lines that a profile's rules for lines object to."""

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from karat.clean.judging_text import line_edits
from karat.core.block import Block
from karat.core.patch import changes, no_changes
from karat.core.schema import Role
from karat.core.unit import Fix
from karat.quality.accuracy.filtered_lines import FilteredLines
from karat.quality.text_profiles import LINE_RULES


@dataclass(frozen=True)
class CutLines(Fix):
    """Cuts lines, or parts of lines, from documents: menus, notices, counters, buttons, citations.

    The ledger holds the span and what stood in it.

    Source: Raffel et al. (2020), JMLR 21/140, section 2.2, and Penedo et al. (2023), arXiv 2306.01116, appendix G.2.

    Parameters
    ----------
    rules : tuple of str
        Rules for lines, as ``karat.quality.text_profiles.LINE_RULES`` names them; a profile chooses them.
    """

    mends: ClassVar[frozenset[str]] = frozenset({FilteredLines.code()})
    family: ClassVar[str] = "lines"

    rules: tuple[str, ...] = ()

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        texts = block.schema.with_role(Role.TEXT)
        if not self.rules or not texts:
            return no_changes()
        column = texts[0].name
        edits = self.cut(block.text(column), column)[1]
        return edits.set_column(0, "row", pa.array(block.rows).take(edits["row"].combine_chunks()))

    def cut(self, texts: pa.Array, column: str) -> tuple[pa.Array, pa.Table]:
        """The texts without the lines, and ledger rows numbered from 0."""
        edits, left = line_edits(texts, lines=[LINE_RULES.index(rule) for rule in self.rules])
        about = {name: edits[name] for name in ("row", "before", "after", "span_start", "span_end")}
        about |= {"column": column, "action": "edit", "check": FilteredLines.code(), "confidence": 1.0}
        return left, changes(edits.num_rows, **about)
