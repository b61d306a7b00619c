"""Documents that are all but equal."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.alike_documents import AlikeDocuments


@dataclass(frozen=True)
class NearDuplicateTexts(AlikeDocuments):
    """Documents that share most of their shingles with an earlier one that is kept.

    Pages that differ in a date or a name teach the same again, and count for more than they say. The two documents
    are compared themselves, not only their signatures.

    Source: Broder (1997), On the resemblance and containment of documents; Lee et al. (2022), ACL.

    Parameters
    ----------
    min_jaccard : float
        Jaccard similarity of the shingles from which documents are the same; 0 compares none.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents unlike others"

    min_jaccard: float = 0.8

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"shares {value:.1%} of its shingles with row {keeper}, the limit is {limit:.0%}"
