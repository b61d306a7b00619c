"""Documents full of flagged words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection


@dataclass(frozen=True)
class FlaggedWords(DocumentCheck):
    """Documents of which too many words are flagged: pornography, gambling, or words of the user's own list.

    What a model reads often it says. A share, not a count: a long honest text may name such a thing once.

    Source: Laurençon et al. (2022), ROOTS, arXiv 2303.03915; the lists are our own.

    Parameters
    ----------
    max_share : float
        Share of the words, of Chinese of the characters; 1 drops none.
    words : tuple of str
        Words of your own to flag; a short list where it is empty.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents without many flagged words"
    confidence: ClassVar[float] = 0.8

    max_share: float = 0.1
    words: tuple[str, ...] = ()

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        share = facts.numbers("flagged")
        if share is not None:
            yield from objection("max_share", share, share > self.max_share, self.max_share)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"{value:.1%} of its words are flagged ones, the limit is {limit:.1%}"
