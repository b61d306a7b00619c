"""Documents with lines of a page around the text."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class BoilerplateLines(EditedDocuments):
    """Lines of consent, sharing, navigation and rights in documents.

    They belong to the page, not to its text, and stand on thousands of pages.

    Source: Penedo et al. (2023), RefinedWeb, arXiv 2306.01116, appendix G.2.

    Parameters
    ----------
    cut : bool
        Cut them.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents without boilerplate"

    cut: bool = False

    def done(self) -> str:
        return "lines of consent, navigation or rights were cut"
