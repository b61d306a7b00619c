"""The same ideas for Chinese: characters for words, full-width marks, Chinese stop words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.consistency import gopher_repetition
from karat.quality.text_family import PAPER, TextFamily
from karat.quality.text_rules import CHINESE, GOPHER, TextRule

FAMILY = "chinese"
CALIBRATED = f"karat; after {GOPHER}"
# 50 English words are about 80 Chinese characters; below that a share says nothing, a four-word review repeats a word
# by nature. From 80 on, 99 in 100 reviews that people wrote stay under 0.15, 0.14 and 0.13 for the most frequent 2, 3
# and 4 characters, and under 0.09 for 5 and more: the paper's limits hold for characters as they do for words.
ASKED_FROM = 80
PARAMETERS = {
    "few_characters": "min_characters",
    "letters": "min_letters",
    "bullets": "max_bullet_lines",
    "stop_words": "min_stop_words",
}
MIN_CHARACTERS = 2  # definition: a word has two; Gopher's 50 words would drop short reviews


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
        PARAMETERS.get(code, f"max_{code}"),
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
    """Chinese and Japanese texts that are too short, mostly signs, or repetitive.

    Asked of the text columns of a corpus, of texts of which 30 % of the letters are Chinese or Japanese. Shares
    are asked of texts of 80 characters or more; a short review is whole as it stands.

    Source: the ideas of Rae et al. (2021), Gopher; the limits are our own.

    Parameters
    ----------
    min_characters : float
        Chinese and Japanese characters of a document.
    min_letters : float
        Letters for each character of it.
    max_hashes, max_ellipses : float
        ``#`` and ellipses for each character.
    max_bullet_lines : float
        Share of the lines that begin with a bullet.
    min_stop_words : float
        How many of the commonest characters stand in it.
    max_top_2_gram, ..., max_repeated_10_grams : float
        As in ``GopherRepetition``, of characters.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data accuracy of Chinese text"

    min_characters: float = MIN_CHARACTERS
    min_letters: float = 0.5
    max_hashes: float = 0.06
    max_ellipses: float = 0.06
    max_bullet_lines: float = 0.9
    min_stop_words: float = 2
    max_top_2_gram: float = gopher_repetition.TOP[2]
    max_top_3_gram: float = gopher_repetition.TOP[3]
    max_top_4_gram: float = gopher_repetition.TOP[4]
    max_repeated_5_grams: float = gopher_repetition.REPEATED[5]
    max_repeated_6_grams: float = gopher_repetition.REPEATED[6]
    max_repeated_7_grams: float = gopher_repetition.REPEATED[7]
    max_repeated_8_grams: float = gopher_repetition.REPEATED[8]
    max_repeated_9_grams: float = gopher_repetition.REPEATED[9]
    max_repeated_10_grams: float = gopher_repetition.REPEATED[10]

    def variants(self) -> Mapping[str, tuple[TextRule, ...]]:
        return {PAPER: RULES}
