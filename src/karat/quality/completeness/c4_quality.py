"""C4's rules for pages: placeholders, code, and too little running text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.text_family import PAPER, TextFamily
from karat.quality.text_rules import C4, TextRule

FAMILY = "c4"
PARAMETERS = {"lorem_ipsum": "max_lorem_ipsum", "curly_bracket": "max_curly_brackets", "few_sentences": "min_sentences"}


def rule(code: str, says: str, top: str, limit: float, *, least: bool = False) -> TextRule:
    """One of C4's rules with the paper's value."""
    low, high = (limit, None) if least else (None, limit)
    about = (f"c4_{code}", FAMILY, Dimension.COMPLETENESS, (top,), "", low, high, C4, limit, says)
    return TextRule(*about, parameter=PARAMETERS[code])


def rules(lines: str) -> tuple[TextRule, ...]:
    """C4's rules, of the lines that are left: ``ended`` asks for an end mark on each, ``c4`` does not."""
    return (
        rule("lorem_ipsum", "it contains placeholder text", f"{lines}_lorem", 0),
        rule("curly_bracket", "it contains a curly bracket, as code does", f"{lines}_brackets", 0),
        rule("few_sentences", "too few sentences are left of it", f"{lines}_sentences", 5, least=True),
    )


RULES = rules("ended")
WITHOUT_END_MARKS = rules("c4")


@dataclass(frozen=True)
class C4Quality(TextFamily):
    """Pages of placeholder text or code, and pages of which fewer than five sentences are left.

    Asked of the text columns of a corpus. Only lines count that end in an end mark, have three words or more, and are
    no notice about scripts, cookies or terms of use.

    Source: Raffel et al. (2020), T5 and C4, JMLR 21/140, section 2.2.

    Parameters
    ----------
    max_lorem_ipsum, max_curly_brackets : float
        How often "lorem ipsum" and a curly bracket may stand in it.
    min_sentences : float
        Sentences that are left of it.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "data completeness of sentences"

    max_lorem_ipsum: float = 0
    max_curly_brackets: float = 0
    min_sentences: float = 5

    def variants(self) -> Mapping[str, tuple[TextRule, ...]]:
        return {
            PAPER: RULES,
            "datatrove": WITHOUT_END_MARKS,
        }
