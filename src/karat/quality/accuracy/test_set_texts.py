"""Documents that hold texts of a test set."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection


@dataclass(frozen=True)
class TestSetTexts(DocumentCheck):
    """Documents that hold a text that a model will be tested with.

    What a model has read it need not understand: its results say nothing then. Asked where test sets are named.

    Source: Brown et al. (2020), GPT-3, arXiv 2005.14165, appendix C.

    Parameters
    ----------
    max_overlap : float
        Share of a text of a test set that a document may hold.
    files : tuple of str
        Files of texts that must not occur in the corpus.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents without texts of a test set"
    confidence: ClassVar[float] = 1.0
    __test__: ClassVar[bool] = False  # not a test, whatever its name

    max_overlap: float = 0.0
    files: tuple[str, ...] = ()

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        share = facts.numbers("test_overlap")
        if share is not None:
            yield from objection("max_overlap", share, share > self.max_overlap, self.max_overlap)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"holds {value:.0%} of a text of a test set"
