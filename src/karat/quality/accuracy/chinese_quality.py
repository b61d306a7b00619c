"""The same ideas for Chinese: characters for words, full-width marks, Chinese stop words."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.consistency import gopher_repetition
from karat.quality.text_family import TextFamily
from karat.quality.text_rules import CHINESE, GOPHER, TextRule

FAMILY = "chinese"
CALIBRATED = f"karat; after {GOPHER}"
# 50 English words are about 80 Chinese characters; below that a share says nothing, a four-word review repeats a word
# by nature. From 80 on, 99 in 100 reviews that people wrote stay under 0.15, 0.14 and 0.13 for the most frequent 2, 3
# and 4 characters, and under 0.09 for 5 and more: the paper's limits hold for characters as they do for words.
ASKED_FROM = 80
MIN_CHARACTERS = 2


def rule(
    code: str,
    says: str,
    top: tuple[str, ...],
    bottom: str,
    limit: float,
    published: float,
    *,
    least: bool = False,
    dimension: Dimension = Dimension.ACCURACY,
    repeated: str = "",
    least_size: int = ASKED_FROM,
) -> TextRule:
    """A rule with our limit and the value of the paper it follows."""
    low, high = (limit, None) if least else (None, limit)
    size = "signs" if least_size else ""
    return TextRule(
        f"chinese_{code}",
        FAMILY,
        dimension,
        top,
        bottom,
        low,
        high,
        CALIBRATED,
        published,
        says,
        repeated,
        CHINESE,
        size,
        least_size,
    )


def grams(code: str, says: str, statistic: str, limits: dict[int, float], counted: str = "") -> tuple[TextRule, ...]:
    """Rules of repetition for stretches of n characters."""
    return tuple(
        rule(
            code.format(n),
            says.format(n),
            (statistic.format(n),),
            "characters",
            limit,
            limit,
            dimension=Dimension.CONSISTENCY,
            repeated=counted.format(n),
        )
        for n, limit in limits.items()
    )


RULES = (
    rule(
        "few_characters",
        "too short to say anything",
        ("han", "kana"),
        "",
        MIN_CHARACTERS,
        50,
        least=True,
        dimension=Dimension.COMPLETENESS,
        least_size=0,
    ),
    rule("letters", "too many signs and numbers for its characters", ("letters",), "characters", 0.5, 0.8, least=True),
    # a sign for a word or for a character: a word has one to two characters
    rule("hashes", "too many # for its characters", ("hashes",), "characters", 0.06, 0.1),
    rule("ellipses", "too many ellipses for its characters", ("ellipses",), "characters", 0.06, 0.1),
    rule("bullets", "nearly every line begins with a bullet", ("bullet_lines",), "lines", 0.9, 0.9),
    rule("stop_words", "too few of the commonest characters", ("sign_stop_words",), "", 2, 2, least=True),
    *grams(
        "top_{}_gram",
        "one stretch of {} characters takes too much of it",
        "sign_top_{}_characters",
        gopher_repetition.TOP,
        "sign_top_{}_count",
    ),
    *grams(
        "repeated_{}_grams",
        "too much of it repeats stretches of {} characters",
        "sign_repeated_{}_characters",
        gopher_repetition.REPEATED,
    ),
)


@dataclass(frozen=True)
class ChineseQuality(TextFamily):
    """Chinese and Japanese texts that are too short, mostly signs, or the same again and again.

    Asked of the text columns of a corpus, of texts of which 30 % of the letters are Chinese or Japanese. Shares
    are asked of texts of 80 characters or more; a short review is whole as it stands.

    Source: the ideas of Rae et al. (2021), Gopher; the limits are our own.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data accuracy of Chinese text"

    def rules(self) -> tuple[TextRule, ...]:
        return RULES
