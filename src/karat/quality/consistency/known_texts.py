"""Documents that are known from earlier crawls."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.alike_documents import AlikeDocuments


@dataclass(frozen=True)
class KnownTexts(AlikeDocuments):
    """Documents that share most of their shingles with a text that was kept earlier.

    Asked where an index of earlier crawls is named, and by ``karat apply``: then ``keeper`` is the number of a document
    that the run has kept.

    Source: Penedo et al. (2024), FineWeb, arXiv 2406.17557, section 3.4, for why crawls are compared.

    Parameters
    ----------
    index : str
        Folder of the index of earlier crawls; what stays of this one is added.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents that no earlier crawl had"

    index: str = ""

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        known = f"document {keeper} of the run" if keeper >= 0 else "a text kept from an earlier crawl"
        return f"shares {value:.1%} of its shingles with {known}, the limit is {limit:.0%}"
