"""Documents with broken characters."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.core.schema import Schema
from karat.quality.documents import DocumentsSeen
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class BrokenCharacters(EditedDocuments):
    """Characters that were read in a wrong encoding, or are written in forms that differ to a computer alone.

    Source: Unicode Standard Annex 15, normalisation forms.

    Parameters
    ----------
    repair : bool
        Repair mojibake, line ends and forms of one character.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents without broken characters"
    confidence: ClassVar[float] = 0.95

    repair: bool = True

    def done(self) -> str:
        return "broken characters were repaired"

    def total(self, state: DocumentsSeen, schema: Schema) -> int:
        return state.documents
