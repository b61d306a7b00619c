"""Documents of a domain beyond the number that a setting allows."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.alike_documents import AlikeDocuments


@dataclass(frozen=True)
class CrowdedDomains(AlikeDocuments):
    """Documents of a domain beyond the number that a setting allows.

    A few large sites would make up most of a crawl, and their templates and views most of what is learned. Which of a
    domain's documents stay is decided by a hash of their text, so that their order does not matter; the cap counts
    what other checks and the search for copies have left.

    Source: Abadji et al. (2022), OSCAR 22.01, arXiv 2201.06642, for how unevenly domains fill a crawl.

    Parameters
    ----------
    max_documents : int
        Of one domain, or of one source where there are no addresses; 0 for no limit.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents within the cap of their domain"
    confidence: ClassVar[float] = 0.95
    limit_name: ClassVar[str] = "max_documents"

    max_documents: int = 0

    @property
    def wanted(self) -> bool:
        return True

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"its domain has {value:,.0f} documents, and {limit:,.0f} are kept"
