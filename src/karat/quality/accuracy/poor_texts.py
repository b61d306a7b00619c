"""Documents that are more like bad examples than like good ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection


@dataclass(frozen=True)
class PoorTexts(DocumentCheck):
    """Documents that a classifier finds more like the user's bad examples than like the good ones.

    Asked where both examples are named; the classifier is trained on them alone.

    Source: Brown et al. (2020), GPT-3, arXiv 2005.14165, appendix A.

    Parameters
    ----------
    min_quality : float
        Probability of the good examples' class that a document must reach.
    good, bad : str
        Files of texts as they should be, and as they should not.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents like the good examples"
    confidence: ClassVar[float] = 0.7

    min_quality: float = 0.5
    good: str = ""
    bad: str = ""

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        quality = facts.numbers("quality")
        if quality is not None:
            yield from objection("min_quality", quality, quality < self.min_quality, self.min_quality)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"the quality classifier gives {value:.3f}, below {limit:g}"
