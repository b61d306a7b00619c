"""Documents with remains of HTML."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class HtmlInTexts(EditedDocuments):
    """Documents that show three or more tags or entities of HTML.

    Source: Raffel et al. (2020), T5 and C4, JMLR 21/140, section 2.2, for why markup is no text.

    Parameters
    ----------
    remove : bool
        Take them out; what they enclose stays.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents without markup"

    remove: bool = False

    def done(self) -> str:
        return "tags and entities of HTML were taken out"
