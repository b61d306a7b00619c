"""Documents in two languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection


@dataclass(frozen=True)
class TwoLanguages(DocumentCheck):
    """Documents of which much is in a second language.

    A page and its translation in one document teach a model to change the language within a text. Asked only where
    the limit is below 1: measuring it takes as long as all the rest.

    Source: ISO/IEC 5259-2, data consistency.

    Parameters
    ----------
    max_share : float
        Share of a document in its second language.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents in one language"
    confidence: ClassVar[float] = 0.7

    max_share: float = 1.0

    @property
    def wanted(self) -> bool:
        return self.max_share < 1

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        share = facts.numbers("second_language")
        if share is not None:
            yield from objection("max_share", share, share > self.max_share, self.max_share)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"{value:.0%} of it is in a second language, the limit is {limit:.0%}"
