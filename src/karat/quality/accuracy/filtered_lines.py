"""Lines that a profile cuts."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class FilteredLines(EditedDocuments):
    """Lines, or parts of lines, that the rules of a profile cut: menus, notices, counters, buttons, citations.

    Each profile says which rules cut lines; ``CutLines`` makes the cuts and the ledger holds what stood there.

    Source: Raffel et al. (2020), JMLR 21/140, section 2.2, and Penedo et al. (2023), arXiv 2306.01116, appendix G.2.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents without lines that the profile cuts"
    confidence: ClassVar[float] = 0.7

    def done(self) -> str:
        return "lines or parts of lines were cut"
