"""Documents in which the user's own expressions were replaced."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class ReplacedPatterns(EditedDocuments):
    r"""Places that a regular expression of your own matches, and what was written there.

    ``[clean] replace = { "\\[edit\\]" = "" }`` takes remains out that only one source has; the ledger holds each
    place with what stood there.

    Source: the replacing operators of data-juicer (Chen et al. 2024, arXiv 2309.02033).

    Parameters
    ----------
    patterns : mapping of str to str
        Expression (RE2) to what takes its place, in which ``\1`` is the first group; in the order written.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents without patterns to replace"
    confidence: ClassVar[float] = 1.0  # the settings ask for it

    patterns: Mapping[str, str] = field(default_factory=dict)

    def done(self) -> str:
        return "patterns of the settings were replaced"
