"""RefinedWeb's rule, at and beyond its limit."""

from itertools import islice, product

import pyarrow as pa
import pytest

from karat.quality.accuracy.refinedweb_lines import RULES
from karat.quality.text_family import text_scores
from karat.quality.text_rules import TextRule, decided


def broken(text: str, rules: tuple[TextRule, ...]) -> list[str]:
    """Every rule that a text breaks."""
    return list(decided(text_scores(pa.array([text])), rules).failing)


def names(count: int, size: int = 5) -> list[str]:
    """So many different words of so many letters."""
    return ["".join(letters) for letters in islice(product("abcdefghij", repeat=size), count)]


W = names(200)


@pytest.mark.parametrize(
    "line", ["SHOUTED LOUD", "12 345", "3,104 followers", "Sign-in here", "one more\nalone\nagain"]
)
def test_five_in_a_hundred_words_may_stand_in_such_lines(line):
    lost = 1 + line.count("\n") if "alone" in line else 2
    lost = 2 if "alone" in line else lost
    inside, beyond = 19 * lost, 19 * lost - 1
    others = 2 if "alone" in line else 0
    assert not broken(" ".join(W[: inside - others]) + "\n" + line, RULES)
    assert broken(" ".join(W[: beyond - others]) + "\n" + line, RULES) == ["refinedweb_lost_words"]
