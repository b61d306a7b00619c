"""Edits inside documents: characters, markup, lines, repeated passages and personal data."""

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from karat.core.block import Block
from karat.core.patch import no_changes
from karat.core.unit import Fix
from karat.quality.accuracy.boilerplate_lines import BoilerplateLines
from karat.quality.accuracy.broken_characters import BrokenCharacters
from karat.quality.accuracy.filtered_lines import FilteredLines
from karat.quality.consistency.html_in_texts import HtmlInTexts
from karat.quality.consistency.repeated_lines import RepeatedLines
from karat.quality.consistency.repeated_passages import RepeatedPassages
from karat.quality.consistency.replaced_patterns import ReplacedPatterns

EDITS = "edited documents"  # under this name a block has the ledger rows of its edits


@dataclass(frozen=True)
class EditDocuments(Fix):
    """Repairs characters, and cuts markup, lines and repeated passages out of documents that stay.

    The edits are made while documents are read, each where the one before it ended, and stand in the ledger with the
    span and what stood in it; of a document that a person wrote, or that is removed, none is made.

    Source: the pipelines of Penedo et al. (2023), arXiv 2306.01116, and Penedo et al. (2024), arXiv 2406.17557.
    """

    mends: ClassVar[frozenset[str]] = frozenset(
        check.code()
        for check in (
            BoilerplateLines,
            BrokenCharacters,
            FilteredLines,
            HtmlInTexts,
            RepeatedLines,
            RepeatedPassages,
            ReplacedPatterns,
        )
    )
    family: ClassVar[str] = "edits"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        """The ledger rows in ``block.extra[EDITS]``."""
        edits: pa.Table = block.extra.get(EDITS, no_changes())
        return edits
