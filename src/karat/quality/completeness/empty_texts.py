"""Documents in which nothing stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.text_family import PAPER, TextFamily
from karat.quality.text_rules import EMPTY, TextRule


@dataclass(frozen=True)
class EmptyTexts(TextFamily):
    """Documents that hold nothing but white space.

    Nothing can be learned from them, and a page of which no text was found often hides that its text was not read.

    Source: ISO/IEC 5259-2, data completeness.

    Parameters
    ----------
    min_words : float
        Words, or characters of scripts without spaces, that a document has.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "documents that hold text"

    min_words: float = 1

    def variants(self) -> Mapping[str, tuple[TextRule, ...]]:
        return {PAPER: (EMPTY,)}
