"""What each step and check of a corpus is about: its dimension, its words, how sure it is."""

from dataclasses import dataclass

from karat.core.finding import Dimension

FOREIGN, PERSONAL, TESTS, POOR = "OtherLanguages", "PersonalData", "TestSetTexts", "PoorTexts"
EXACT, NEAR, KNOWN, BROKEN = "DuplicateTexts", "NearDuplicateTexts", "KnownTexts", "BrokenCharacters"
LINES, PASSAGES = "RepeatedLines", "RepeatedPassages"
HTML, BOILERPLATE, FLAGGED, STRANGE = "HtmlInTexts", "BoilerplateLines", "FlaggedWords", "StrangeTexts"
MIXED = "MixedLanguage"


@dataclass(frozen=True)
class Step:
    """One check of documents.

    Parameters
    ----------
    code : str
    dimension : Dimension
    words : str
        What is wrong; or the whole message, with ``{value}``, ``{limit}`` and ``{keeper}`` in it.
    confidence : float
        How sure it is that the document is not as it should be.
    column : bool
        The finding is about the text, not about the whole record.
    source : str
        Where the rule comes from.
    rule : bool
        It is a rule for what stands in a document, so that short and long documents may differ in it.
    """

    code: str
    dimension: Dimension
    words: str
    confidence: float = 0.9
    column: bool = True
    source: str = ""
    rule: bool = False

    def message(self, value: float, limit: float, keeper: int) -> str:
        """The evidence in words."""
        if "{" in self.words or not self.rule:
            return self.words.format(value=value, limit=limit, keeper=keeper)
        side = "above" if value > limit else "below"
        return f"{self.words}: {value:.4g}, {side} the limit of {limit:g}"


OWN = {
    step.code: step
    for step in (
        Step(FOREIGN, Dimension.CONSISTENCY, "another language than those wanted, with probability {value:.2f}", 0.8),
        Step(PERSONAL, Dimension.CONFIDENTIALITY, "personal data in {value:.0f} places", 0.9),
        Step(TESTS, Dimension.ACCURACY, "holds {value:.0%} of a text of a test set", 1.0),
        Step(POOR, Dimension.ACCURACY, "the quality classifier gives {value:.3f}, below {limit:g}", 0.7),
        Step(EXACT, Dimension.CONSISTENCY, "equal to row {keeper}, byte for byte", 1.0, column=False),
        Step(
            NEAR,
            Dimension.CONSISTENCY,
            "shares {value:.1%} of its shingles with row {keeper}, the limit is {limit:.0%}",
            0.95,
            column=False,
        ),
        Step(
            KNOWN,
            Dimension.CONSISTENCY,
            "shares {value:.1%} of its shingles with a text kept from an earlier crawl, the limit is {limit:.0%}",
            0.95,
            column=False,
        ),
        Step(LINES, Dimension.CONSISTENCY, "{value:.0f} lines that stand in many documents were cut", 0.9),
        Step(PASSAGES, Dimension.CONSISTENCY, "{value:.0f} passages of an earlier document were cut", 0.9),
        Step(HTML, Dimension.CONSISTENCY, "tags and entities of HTML were taken out in {value:.0f} places", 0.9),
        Step(BOILERPLATE, Dimension.ACCURACY, "{value:.0f} lines of consent, navigation or rights were cut", 0.9),
        Step(FLAGGED, Dimension.ACCURACY, "{value:.1%} of its words are flagged ones, the limit is {limit:.1%}", 0.8),
        Step(
            STRANGE,
            Dimension.ACCURACY,
            "{value:.2f} bits a byte to a model of the usual texts, the limit is {limit:.2f}",
            0.7,
        ),
        Step(MIXED, Dimension.CONSISTENCY, "{value:.0%} of it is in a second language, the limit is {limit:.0%}", 0.7),
        Step(BROKEN, Dimension.ACCURACY, "broken characters were repaired", 0.95),
    )
}
