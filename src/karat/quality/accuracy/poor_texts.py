"""Documents that a quality model finds poor."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection


@dataclass(frozen=True)
class PoorTexts(DocumentCheck):
    """Documents that a quality model finds poor: one that is named, or one that learns from good and bad examples.

    Asked where a model or both examples are named. A model is a file that ``karat label --rubric`` wrote, a classifier
    in fastText's format, or the folder of a Hugging Face classifier (extra ``torch``).

    Source: Brown et al. (2020), GPT-3, arXiv 2005.14165, appendix A; Li et al. (2024), DataComp-LM, arXiv 2406.11794,
    and Penedo et al. (2024), FineWeb, arXiv 2406.17557, section 4.

    Parameters
    ----------
    min_quality : float
        What a document must reach: a probability of the good class, or a score where the model gives one.
    good, bad : str
        Files of texts as they should be, and as they should not.
    model : str
        A quality model, in place of examples.
    label : str
        Its label of good texts, where the name does not say so.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents that the quality model finds good"
    confidence: ClassVar[float] = 0.7

    min_quality: float = 0.5
    good: str = ""
    bad: str = ""
    model: str = ""
    label: str = ""

    @property
    def wanted(self) -> bool:
        return bool(self.good or self.model)

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        quality = facts.numbers("quality")
        if quality is not None:
            yield from objection("min_quality", quality, quality < self.min_quality, self.min_quality)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"the quality model gives {value:.3f}, below {limit:g}"
