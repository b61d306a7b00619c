"""FineWeb's own rules: pages of cut, short or repeated lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.text_family import PAPER, TextFamily
from karat.quality.text_rules import FINEWEB, TextRule

FAMILY = "fineweb"
PARAMETERS = {
    "line_ends": "min_line_ends",
    "short_lines": "max_short_lines",
    "repeated_lines": "max_repeated_lines",
    "line_breaks": "max_line_breaks",
}
PAPER_REPEATED, PROGRAM_REPEATED = 0.1, 0.01  # datatrove 0.10.1 sets a tenth of the paper's value


def rule(
    code: str, says: str, top: str, bottom: str, limit: float, published: float, *, least: bool = False
) -> TextRule:
    """One of FineWeb's rules."""
    low, high = (limit, None) if least else (None, limit)
    about = (f"fineweb_{code}", FAMILY, Dimension.COMPLETENESS, (top,), bottom, low, high, FINEWEB, published, says)
    return TextRule(*about, parameter=PARAMETERS[code])


def rules(lines: str, words: str, repeated: float, *, breaks: bool) -> tuple[TextRule, ...]:
    """FineWeb's rules, of all lines (``full``) or of those that C4's rules leave (``edited``)."""
    of_paper = (
        rule(
            "line_ends", "too few lines end as sentences do", f"{lines}_ended", f"{lines}_lines", 0.12, 0.12, least=True
        ),
        rule("short_lines", "too many lines are short", f"{lines}_short", f"{lines}_lines", 0.67, 0.67),
        rule(
            "repeated_lines",
            "too much of the text is repeated lines",
            f"{lines}_repeated_characters",
            f"{lines}_characters",
            repeated,
            PAPER_REPEATED,
        ),
    )
    of_program = rule("line_breaks", "too many lines for its words: a list", f"{lines}_breaks", words, 0.3, 0.3)
    return (*of_paper, of_program) if breaks else of_paper


RULES = rules("full", "words", PAPER_REPEATED, breaks=False)
AFTER_C4 = rules("edited", "edited_words", PROGRAM_REPEATED, breaks=True)


@dataclass(frozen=True)
class FinewebQuality(TextFamily):
    """Pages whose lines are cut, short, or the same again: menus, lists, boilerplate.

    Asked of the text columns of a corpus.

    Source: Penedo et al. (2024), FineWeb, arXiv 2406.17557, section 3.6.

    Parameters
    ----------
    min_line_ends : float
        Share of the lines that end as sentences do.
    max_short_lines : float
        Share of the lines that are short.
    max_repeated_lines : float
        Share of the text in lines that stand twice.
    max_line_breaks : float
        Lines for each word.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "data completeness of lines"

    min_line_ends: float = 0.12
    max_short_lines: float = 0.67
    max_repeated_lines: float = PAPER_REPEATED
    max_line_breaks: float = 0.3

    def variants(self) -> Mapping[str, tuple[TextRule, ...]]:
        return {PAPER: RULES, "datatrove": AFTER_C4}
