"""What each step and check of a corpus is about: its dimension, its words, how sure it is."""

from collections.abc import Callable
from dataclasses import dataclass

from karat.core.finding import Dimension

FOREIGN, PERSONAL, TESTS, POOR = (
    "OtherLanguages",
    "PersonalData",
    "TestSetTexts",
    "PoorTexts",
)


@dataclass(frozen=True)
class Step:
    """One check of documents.

    Parameters
    ----------
    code : str
    dimension : Dimension
    words : str or callable
        What is measured; or a function of value, limit and keeper that gives the whole message.
    confidence : float
        How sure it is that the document is not as it should be.
    column : bool
        The finding is about the text, not about the whole record.
    source : str
        Where the rule comes from.
    by_content : bool
        It judges what stands in a document, so that short and long documents may differ in it.
    """

    code: str
    dimension: Dimension
    words: str | Callable[[float, float, int], str]
    confidence: float = 0.9
    column: bool = True
    source: str = ""
    by_content: bool = True

    def message(self, value: float, limit: float, keeper: int) -> str:
        """The evidence in words."""
        if callable(self.words):
            return self.words(value, limit, keeper)
        side = "above" if value > limit else "below"
        return f"{self.words} {value:.4g}, {side} the limit of {limit:g}"


def _equal(value: float, limit: float, keeper: int) -> str:
    return f"equal to row {keeper}, byte for byte"


def _alike(value: float, limit: float, keeper: int) -> str:
    return f"shares {value:.1%} of its shingles with row {keeper}, the limit is {limit:.0%}"


def _foreign(value: float, limit: float, keeper: int) -> str:
    return f"another language than those wanted, with probability {value:.2f}"


def _personal(value: float, limit: float, keeper: int) -> str:
    return f"personal data in {value:.0f} places"


def _tested(value: float, limit: float, keeper: int) -> str:
    return f"holds {value:.0%} of a text of a test set"


def _poor(value: float, limit: float, keeper: int) -> str:
    return f"the quality classifier gives {value:.3f}, below {limit:g}"


def _broken(value: float, limit: float, keeper: int) -> str:
    return "broken characters were repaired"


OWN = {
    step.code: step
    for step in (
        Step(FOREIGN, Dimension.CONSISTENCY, _foreign, 0.8, by_content=False),
        Step(PERSONAL, Dimension.CONFIDENTIALITY, _personal, 0.9),
        Step(TESTS, Dimension.ACCURACY, _tested, 1.0, by_content=False),
        Step(POOR, Dimension.ACCURACY, _poor, 0.7, by_content=False),
        Step("DuplicateTexts", Dimension.CONSISTENCY, _equal, 1.0, column=False, by_content=False),
        Step("NearDuplicateTexts", Dimension.CONSISTENCY, _alike, 0.95, column=False, by_content=False),
        Step("BrokenCharacters", Dimension.ACCURACY, _broken, 0.95),
    )
}
