"""Passages that stand in another document before."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class RepeatedPassages(EditedDocuments):
    """Passages of many tokens that an earlier document has word for word.

    ``[clean] repeated_tokens`` is their least length; 0 looks for none.

    Source: Lee et al. (2022), Deduplicating training data makes language models better, ACL.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents without repeated passages"

    def done(self) -> str:
        return "passages of an earlier document were cut"
