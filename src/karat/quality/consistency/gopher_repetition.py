"""Gopher's rules of repetition: texts that say the same again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.text_family import PAPER, TextFamily
from karat.quality.text_rules import GOPHER, TextRule

FAMILY = "gopher_repetition"
TOP = {2: 0.20, 3: 0.18, 4: 0.16}  # Rae et al. (2021), table A1
REPEATED = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}  # Rae et al. (2021), table A1


def rule(code: str, says: str, top: str, bottom: str, limit: float, repeated: str = "") -> TextRule:
    """One of Gopher's rules with the paper's value."""
    return TextRule(
        f"gopher_{code}",
        FAMILY,
        Dimension.CONSISTENCY,
        (top,),
        bottom,
        None,
        limit,
        GOPHER,
        limit,
        says,
        repeated=repeated,
        parameter=f"max_{code}",
    )


def top_grams(unit: str, *, once: bool) -> tuple[TextRule, ...]:
    """The share of a text that its most frequent stretch of n units takes; ``once``: also when it stands once."""
    return tuple(
        rule(
            f"top_{n}_gram",
            f"one stretch of {n} words takes too much of it",
            f"{unit}_top_{n}_characters",
            "characters",
            limit,
            "" if once else f"{unit}_top_{n}_count",
        )
        for n, limit in TOP.items()
    )


def repeated_grams(unit: str) -> tuple[TextRule, ...]:
    """The share of a text in stretches of n units that stood before."""
    return tuple(
        rule(
            f"repeated_{n}_grams",
            f"too much of it repeats stretches of {n} words",
            f"{unit}_repeated_{n}_characters",
            "characters",
            limit,
        )
        for n, limit in REPEATED.items()
    )


BLOCKS = (  # Rae et al. (2021), table A1
    rule("repeated_paragraphs", "too many paragraphs are repeated", "repeated_paragraphs", "paragraphs", 0.30),
    rule(
        "repeated_paragraph_text",
        "too much of the text is repeated paragraphs",
        "repeated_paragraph_characters",
        "characters",
        0.20,
    ),
    rule("repeated_lines", "too many lines are repeated", "repeated_runs", "runs", 0.30),
    rule("repeated_line_text", "too much of the text is repeated lines", "repeated_run_characters", "characters", 0.20),
)
RULES = (*BLOCKS, *top_grams("word", once=False), *repeated_grams("word"))
ALSO_ONCE = (*BLOCKS, *top_grams("word", once=True), *repeated_grams("word"))


@dataclass(frozen=True)
class GopherRepetition(TextFamily):
    """Texts that repeat their lines, paragraphs or stretches of 2 to 10 words.

    Asked of the text columns of a corpus. A model learns to repeat from such texts.

    Source: Rae et al. (2021), Gopher, arXiv 2112.11446, table A1.

    Parameters
    ----------
    max_repeated_paragraphs, max_repeated_lines : float
        Share of the paragraphs, and of the lines, that stand twice.
    max_repeated_paragraph_text, max_repeated_line_text : float
        Share of the text in them.
    max_top_2_gram, max_top_3_gram, max_top_4_gram : float
        Share of the text that the most frequent stretch of so many words takes.
    max_repeated_5_grams, ... : float
        Share of the text in stretches of so many words that stood before.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data consistency within texts"

    max_repeated_paragraphs: float = 0.30
    max_repeated_paragraph_text: float = 0.20
    max_repeated_lines: float = 0.30
    max_repeated_line_text: float = 0.20
    max_top_2_gram: float = TOP[2]
    max_top_3_gram: float = TOP[3]
    max_top_4_gram: float = TOP[4]
    max_repeated_5_grams: float = REPEATED[5]
    max_repeated_6_grams: float = REPEATED[6]
    max_repeated_7_grams: float = REPEATED[7]
    max_repeated_8_grams: float = REPEATED[8]
    max_repeated_9_grams: float = REPEATED[9]
    max_repeated_10_grams: float = REPEATED[10]

    def variants(self) -> Mapping[str, tuple[TextRule, ...]]:
        return {
            PAPER: RULES,
            "datatrove": ALSO_ONCE,
            "blocks": BLOCKS,
        }
