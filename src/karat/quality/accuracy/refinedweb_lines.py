"""RefinedWeb's rule: a page of which too much falls to the rules for lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.quality.text_family import PAPER, TextFamily
from karat.quality.text_rules import REFINEDWEB, TextRule

FAMILY = "refinedweb"
# Penedo et al. (2023), as REFINEDWEB says
RULES = (
    TextRule(
        "refinedweb_lost_words",
        FAMILY,
        Dimension.ACCURACY,
        ("dropped_words",),
        "spaced_words",
        None,
        0.05,
        REFINEDWEB,
        0.05,
        "too many of its words are in boilerplate lines",
        parameter="max_lost_words",
    ),
)


@dataclass(frozen=True)
class RefinedwebLines(TextFamily):
    """Pages of which more than 5 % of the words stand in lines of capitals, numbers, counters or buttons.

    Asked of the text columns of a corpus.

    Source: Penedo et al. (2023), RefinedWeb, arXiv 2306.01116, appendix G.2.

    Parameters
    ----------
    max_lost_words : float
        Share of the words in such lines.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data accuracy of lines"

    max_lost_words: float = 0.05

    def variants(self) -> Mapping[str, tuple[TextRule, ...]]:
        return {PAPER: RULES}
