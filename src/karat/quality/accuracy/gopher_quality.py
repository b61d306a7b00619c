"""Gopher's rules of quality: texts that are no running language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.text_family import PAPER, TextFamily
from karat.quality.text_rules import GOPHER, TextRule

FAMILY = "gopher_quality"
PARAMETERS = {
    "few_words": "min_words",
    "many_words": "max_words",
    "short_words": "min_word_length",
    "long_words": "max_word_length",
    "hashes": "max_hashes",
    "ellipses": "max_ellipses",
    "bullets": "max_bullet_lines",
    "cut_lines": "max_cut_lines",
    "letters": "min_words_with_letters",
    "stop_words": "min_stop_words",
}


def rule(
    code: str, says: str, top: str, bottom: str, limit: float, *, least: bool = False, dimension: str = "accuracy"
) -> TextRule:
    """One of Gopher's rules with the paper's value."""
    low, high = (limit, None) if least else (None, limit)
    about = (f"gopher_{code}", FAMILY, Dimension(dimension), (top,), bottom, low, high, GOPHER, limit, says)
    return TextRule(*about, parameter=PARAMETERS[code])


# Rae et al. (2021), as GOPHER says
SIZE = (
    rule("few_words", "too few words", "real_words", "", 50, least=True, dimension="completeness"),
    rule("many_words", "too many words", "real_words", "", 100_000, dimension="completeness"),
)
# Rae et al. (2021), as GOPHER says
SHAPE = (
    rule("short_words", "its words are too short", "real_word_characters", "real_words", 3, least=True),
    rule("long_words", "its words are too long", "real_word_characters", "real_words", 10),
    rule("hashes", "too many # for its words", "hashes", "words", 0.1),
    rule("ellipses", "too many ellipses for its words", "ellipses", "words", 0.1, dimension="completeness"),
    rule("bullets", "nearly every line begins with a bullet", "bullet_lines", "lines", 0.9),
    rule("cut_lines", "too many lines end in an ellipsis", "ellipsis_lines", "lines", 0.3, dimension="completeness"),
)
# Rae et al. (2021)
LETTERS = rule("letters", "too many words without a letter", "letter_words", "real_words", 0.8, least=True)
# datatrove counts signs that stand alone as words without a letter
LETTERS_OF_ALL = rule("letters", "too many words and signs without a letter", "letter_words", "words", 0.8, least=True)
STOPS = rule("stop_words", "too few of the commonest words", "stop_words", "", 2, least=True)  # Rae et al. (2021)
RULES = (*SIZE, *SHAPE, LETTERS, STOPS)
DCLM = tuple(replace(rule, top=("stop_word_count",)) if rule is STOPS else rule for rule in RULES)


@dataclass(frozen=True)
class GopherQuality(TextFamily):
    """Texts that are no running language: lists, code, menus, numbers, cut lines.

    Asked of the text columns of a corpus. A word is what is left between white space and signs; signs alone are none.

    Source: Rae et al. (2021), Gopher, arXiv 2112.11446, appendix A1.1.

    Parameters
    ----------
    min_words, max_words : float
        Words of a document.
    min_word_length, max_word_length : float
        Mean characters of a word.
    max_hashes, max_ellipses : float
        ``#`` and ellipses for each word.
    max_bullet_lines, max_cut_lines : float
        Shares of the lines that begin with a bullet, and that end in an ellipsis.
    min_words_with_letters : float
        Share of the words that have a letter.
    min_stop_words : float
        How many of the commonest words stand in it.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data accuracy of running text"

    min_words: float = 50
    max_words: float = 100_000
    min_word_length: float = 3
    max_word_length: float = 10
    max_hashes: float = 0.1
    max_ellipses: float = 0.1
    max_bullet_lines: float = 0.9
    max_cut_lines: float = 0.3
    min_words_with_letters: float = 0.8
    min_stop_words: float = 2

    def variants(self) -> Mapping[str, tuple[TextRule, ...]]:
        return {
            PAPER: RULES,
            "datatrove": (*SIZE, *SHAPE, LETTERS_OF_ALL, STOPS),
            "dclm": DCLM,
        }
