"""Documents that stand in a corpus twice."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.alike_documents import AlikeDocuments


@dataclass(frozen=True)
class DuplicateTexts(AlikeDocuments):
    """Documents whose text equals an earlier one byte for byte.

    Text that is read again and again is memorised, and what is tested may have been trained on.

    Source: Lee et al. (2022), Deduplicating training data makes language models better, ACL.

    Parameters
    ----------
    remove : bool
        Whether they are looked for and removed.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents that occur once"
    confidence: ClassVar[float] = 1.0
    limit_name: ClassVar[str] = ""

    remove: bool = True

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"equal to row {keeper}, byte for byte"
