"""The same ideas for Chinese: characters for words, full-width marks, Chinese stop words."""

from dataclasses import dataclass, replace
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.text_family import TextFamily
from karat.quality.text_rules import GOPHER, TextRule

FAMILY = "chinese"
CALIBRATED = f"karat; after {GOPHER}"
# A Chinese character carries about the information of 3 to 4 Latin letters, so its stretches are twice as many units
# long as English words' are, and short texts repeat a two-character word by nature.
TOP = {2: 0.20, 3: 0.18, 4: 0.16}
REPEATED = {5: 0.25, 6: 0.24, 7: 0.23, 8: 0.22, 9: 0.21, 10: 0.20}


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
) -> TextRule:
    """A rule with our limit and the value of the paper it follows."""
    low, high = (limit, None) if least else (None, limit)
    return TextRule(f"chinese_{code}", FAMILY, dimension, top, bottom, low, high, CALIBRATED, published, says, repeated)


SIZE = rule(
    "few_characters",
    "too short to say anything",
    ("han", "kana"),
    "",
    5,
    50,
    least=True,
    dimension=Dimension.COMPLETENESS,
)
RULES = (
    SIZE,
    rule("letters", "too many signs and numbers for its characters", ("letters",), "characters", 0.5, 0.8, least=True),
    rule("hashes", "too many # for its characters", ("hashes",), "characters", 0.06, 0.1),
    rule("bullets", "nearly every line begins with a bullet", ("bullet_lines",), "lines", 0.9, 0.9),
    *(
        rule(
            f"top_{n}_gram",
            f"one stretch of {n} characters takes too much of it",
            (f"sign_top_{n}_characters",),
            "characters",
            limit + 0.1,
            limit,
            dimension=Dimension.CONSISTENCY,
            repeated=f"sign_top_{n}_count",
        )
        for n, limit in TOP.items()
    ),
    *(
        rule(
            f"repeated_{n}_grams",
            f"too much of it repeats stretches of {n} characters",
            (f"sign_repeated_{n}_characters",),
            "characters",
            limit,
            limit - 0.1,
            dimension=Dimension.CONSISTENCY,
        )
        for n, limit in REPEATED.items()
    ),
)


@dataclass(frozen=True)
class ChineseQuality(TextFamily):
    """Chinese and Japanese texts that are too short, mostly signs, or the same again and again.

    Asked of the text columns of a corpus, of texts of which 30 % of the letters are Chinese or Japanese. The limits
    were drawn where reviews and pages that people wrote stay whole.

    Source: the ideas of Rae et al. (2021), Gopher; the limits are our own.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data accuracy of Chinese text"

    def rules(self) -> tuple[TextRule, ...]:
        return tuple(replace(rule, script="chinese") for rule in RULES)
