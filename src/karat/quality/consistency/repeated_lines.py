"""Lines that stand in many documents."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class RepeatedLines(EditedDocuments):
    """Lines that stand in more documents than a limit allows, in all but the first of them.

    ``[clean] repeated_lines`` is the limit; 0 looks for none.

    Source: Wenzek et al. (2020), CCNet, LREC, section 2.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents without repeated lines"

    def done(self) -> str:
        return "lines repeated in many documents were cut"
