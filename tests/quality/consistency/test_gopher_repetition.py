"""Gopher's rules of repetition, at and beyond each limit."""

from itertools import islice, product

import pyarrow as pa
import pytest

from karat.quality.consistency.gopher_repetition import ALSO_ONCE, RULES, GopherRepetition
from karat.quality.text_family import text_scores
from karat.quality.text_rules import TextRule, decided


def broken(text: str, rules: tuple[TextRule, ...]) -> list[str]:
    """Every rule that a text breaks."""
    return list(decided(text_scores(pa.array([text])), rules).failing)


def names(count: int, size: int = 5) -> list[str]:
    """So many different words of so many letters."""
    return ["".join(letters) for letters in islice(product("abcdefghij", repeat=size), count)]


W = names(600, 6)
AT_LIMIT = {
    "gopher_repeated_paragraphs": ("\n\n".join(["a"] * 4 + W[:6]), "\n\n".join(["a"] * 4 + W[:5])),
    "gopher_repeated_paragraph_text": (
        "\n\n".join(["a" * 10] * 2 + ["b" * 26]),
        "\n\n".join(["a" * 10] * 2 + ["b" * 25]),
    ),
    "gopher_repeated_lines": ("\n".join(["a"] * 4 + W[:6]), "\n".join(["a"] * 4 + W[:5])),
    "gopher_repeated_line_text": ("\n".join(["a" * 10] * 2 + ["b" * 28]), "\n".join(["a" * 10] * 2 + ["b" * 27])),
}
TOP = {2: 0.20, 3: 0.18, 4: 0.16}


def stretched(pieces: list[str], size: int) -> str:
    """The pieces joined, padded to a size by one long word at the end."""
    text = " ".join(pieces) + " "
    return text + "z" * (size - len(text))


@pytest.mark.parametrize("code", AT_LIMIT)
def test_a_text_at_the_limit_stays_and_one_beyond_it_goes(code):
    inside, beyond = AT_LIMIT[code]
    assert code not in broken(inside, RULES)
    assert code in broken(beyond, RULES)


@pytest.mark.parametrize("size", TOP)
def test_the_most_frequent_stretch(size):
    gram = " ".join(W[:size])
    pieces = [piece for at in range(4) for piece in (gram, W[50 + at])]
    full = 4 * len(gram)
    whole = next(count for count in range(full, 9999) if full / count <= TOP[size])
    code = f"gopher_top_{size}_gram"
    assert code not in broken(stretched(pieces, whole), RULES)
    assert code in broken(stretched(pieces, whole - 1), RULES)


@pytest.mark.parametrize("size", range(5, 11))
def test_stretches_that_stood_before(size):
    limit = (20 - size) / 100
    pieces = [*W[:size], W[50], *W[:size], W[51], *W[:size]]
    full = 2 * 6 * size
    whole = next(count for count in range(full, 9999) if full / count <= limit)
    code = f"gopher_repeated_{size}_grams"
    assert code not in broken(stretched(pieces, whole), RULES)
    assert code in broken(stretched(pieces, whole - 1), RULES)


def test_what_stands_once_is_no_repetition_but_for_datatrove():
    text = "something altogether different"
    assert not broken(text, RULES)
    assert {"gopher_top_2_gram", "gopher_top_3_gram"} <= set(broken(text, ALSO_ONCE))


def test_every_rule_has_its_golden_text():
    grams = [f"gopher_top_{n}_gram" for n in TOP] + [f"gopher_repeated_{n}_grams" for n in range(5, 11)]
    assert {rule.code for rule in RULES} == {*AT_LIMIT, *grams}
    assert all(rule.limit == rule.published for rule in RULES)
    assert GopherRepetition().rules() == RULES
