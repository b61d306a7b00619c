"""Lines that stand in many documents."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class RepeatedLines(EditedDocuments):
    """Lines that stand in more documents than a limit allows, in all but the first of them.

    Source: Wenzek et al. (2020), CCNet, LREC, section 2.

    Parameters
    ----------
    max_documents : int
        Documents that a line may stand in; 0 looks for none.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents without repeated lines"

    max_documents: int = 0

    def done(self) -> str:
        return "lines repeated in many documents were cut"
