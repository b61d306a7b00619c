"""FineWeb's rules, at and beyond each limit."""

from itertools import islice, product

import pyarrow as pa
import pytest

from karat.quality.completeness.fineweb_quality import AFTER_C4, RULES
from karat.quality.text_family import text_scores
from karat.quality.text_rules import TextRule, decided


def broken(text: str, rules: tuple[TextRule, ...]) -> list[str]:
    """Every rule that a text breaks."""
    return list(decided(text_scores(pa.array([text])), rules).failing)


def names(count: int, size: int = 5) -> list[str]:
    """So many different words of so many letters."""
    return ["".join(letters) for letters in islice(product("abcdefghij", repeat=size), count)]


LONG = [f"a line of some length that {name} has not ended" for name in names(100)]
SHORT = names(100, 6)


def lines(*parts: str) -> str:
    return "\n".join(parts)


AT_LIMIT = {
    "fineweb_line_ends": (
        lines(*LONG[:22], *(line + "." for line in LONG[22:25])),
        lines(*LONG[:23], *(line + "。" for line in LONG[23:25])),
    ),
    "fineweb_short_lines": (
        lines(*SHORT[:67], "z" * 30 + ".", *(line + "?" for line in LONG[:32])),
        lines(*SHORT[:67], "z" * 29 + ".", *(line + "?" for line in LONG[:32])),
    ),
    "fineweb_repeated_lines": (
        lines("a" * 32 + ".", "a" * 32 + ".", "b" * 131, "c" * 132 + "."),
        lines("a" * 32 + ".", "a" * 32 + ".", "b" * 131, "c" * 131 + "."),
    ),
}


@pytest.mark.parametrize("code", AT_LIMIT)
def test_a_text_at_the_limit_stays_and_one_beyond_it_goes(code):
    inside, beyond = AT_LIMIT[code]
    assert code not in broken(inside, RULES)
    assert code in broken(beyond, RULES)


def test_a_line_of_thirty_is_short_and_of_thirty_one_is_not():
    assert "fineweb_short_lines" in broken("z" * 29 + ".", RULES)
    assert "fineweb_short_lines" not in broken("z" * 30 + ".", RULES)


def test_lists_and_a_hundredth_of_repetition_are_datatroves():
    listed = lines(*(f"{a} {b} {c}" for a, b, c in zip(SHORT[:20], SHORT[20:40], SHORT[40:60], strict=True)))
    assert "fineweb_line_breaks" in broken(listed, AFTER_C4)
    assert "fineweb_line_breaks" not in broken(listed, RULES)
    text = lines(*[line + "." for line in LONG[:40]], "So it is.", "So it is.")
    assert "fineweb_repeated_lines" not in broken(text, AFTER_C4)
    text = lines(*[line + "." for line in LONG[:10]], "So it is.", "So it is.")
    assert "fineweb_repeated_lines" in broken(text, AFTER_C4)
    assert not broken(text, RULES)


def test_limits_are_the_papers():
    assert all(rule.limit == rule.published for rule in RULES)
    assert [rule.code for rule in AFTER_C4 if rule.limit != rule.published] == ["fineweb_repeated_lines"]
