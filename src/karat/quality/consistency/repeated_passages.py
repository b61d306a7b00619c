"""Passages that stand in another document before."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class RepeatedPassages(EditedDocuments):
    """Passages of many tokens that an earlier document has word for word.

    Source: Lee et al. (2022), Deduplicating training data makes language models better, ACL.

    Parameters
    ----------
    min_tokens : int
        Least length of a passage; 0 looks for none.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents without repeated passages"

    min_tokens: int = 0

    def done(self) -> str:
        return "passages of an earlier document were cut"
