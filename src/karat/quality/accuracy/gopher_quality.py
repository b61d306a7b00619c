"""Gopher's rules of quality: texts that are no running language."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.text_family import TextFamily
from karat.quality.text_rules import GOPHER, TextRule

FAMILY = "gopher_quality"


def rule(
    code: str, says: str, top: str, bottom: str, limit: float, *, least: bool = False, dimension: str = "accuracy"
) -> TextRule:
    """One of Gopher's rules with the paper's value."""
    low, high = (limit, None) if least else (None, limit)
    return TextRule(f"gopher_{code}", FAMILY, Dimension(dimension), (top,), bottom, low, high, GOPHER, limit, says)


SIZE = (
    rule("few_words", "too few words", "real_words", "", 50, least=True, dimension="completeness"),
    rule("many_words", "too many words", "real_words", "", 100_000, dimension="completeness"),
)
SHAPE = (
    rule("short_words", "its words are too short", "real_word_characters", "real_words", 3, least=True),
    rule("long_words", "its words are too long", "real_word_characters", "real_words", 10),
    rule("hashes", "too many # for its words", "hashes", "words", 0.1),
    rule("ellipses", "too many ellipses for its words", "ellipses", "words", 0.1, dimension="completeness"),
    rule("bullets", "nearly every line begins with a bullet", "bullet_lines", "lines", 0.9),
    rule("cut_lines", "too many lines end in an ellipsis", "ellipsis_lines", "lines", 0.3, dimension="completeness"),
)
LETTERS = rule("letters", "too many words without a letter", "letter_words", "real_words", 0.8, least=True)
# datatrove counts signs that stand alone as words without a letter
LETTERS_OF_ALL = rule("letters", "too many words and signs without a letter", "letter_words", "words", 0.8, least=True)
STOPS = rule("stop_words", "too few of the commonest words", "stop_words", "", 2, least=True)
RULES = (*SIZE, *SHAPE, LETTERS, STOPS)


@dataclass(frozen=True)
class GopherQuality(TextFamily):
    """Texts that are no running language: lists, code, menus, numbers, cut lines.

    Asked of the text columns of a corpus. A word is what is left between white space and signs; signs alone are none.

    Source: Rae et al. (2021), Gopher, arXiv 2112.11446, appendix A1.1.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data accuracy of running text"

    def rules(self) -> tuple[TextRule, ...]:
        return RULES
