"""Gopher's rules of quality, at and beyond each limit."""

from itertools import islice, product

import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.gopher_quality import LETTERS_OF_ALL, RULES, GopherQuality
from karat.quality.annotating import annotated, needed
from karat.quality.text_family import text_scores
from karat.quality.text_rules import TextRule, decided


def broken(text: str, rules: tuple[TextRule, ...]) -> list[str]:
    """Every rule that a text breaks."""
    return list(decided(text_scores(pa.array([text])), rules).failing)


def names(count: int, size: int = 5) -> list[str]:
    """So many different words of so many letters."""
    return ["".join(letters) for letters in islice(product("abcdefghij", repeat=size), count)]


def words(*parts: str) -> str:
    return " ".join(parts)


W = names(200)
AT_LIMIT = {
    "gopher_few_words": (words(*W[:50]), words(*W[:49], "!", "--")),
    "gopher_short_words": (words(*["abc"] * 60), words(*["abc"] * 59, "ab")),
    "gopher_long_words": (words(*["abcdefghij"] * 60), words(*["abcdefghij"] * 59, "abcdefghijk")),
    "gopher_hashes": (words(*W[:54], *["#"] * 6), words(*W[:53], *["#"] * 6)),
    "gopher_ellipses": (words(*W[:54], *["...", "…"] * 3), words(*W[:53], *["...", "…"] * 3)),
    "gopher_bullets": ("\n".join(["- a", "  • b"] * 9 + ["c", "d"]), "\n".join(["- a", "• b"] * 10 + ["c", "d"])),
    "gopher_cut_lines": (
        "\n".join(["a...", "b… ", "c ..."] + ["d"] * 7),
        "\n".join(["a...", "b…", "c..."] + ["d"] * 6),
    ),
    "gopher_letters": (words(*W[:80], *["12"] * 20), words(*W[:79], *["12"] * 20)),
    "gopher_stop_words": (words("the", "of", *W[:60]), words("the", "the", "The", "OF", *W[:60])),
}


@pytest.mark.parametrize("code", AT_LIMIT)
def test_a_text_at_the_limit_stays_and_one_beyond_it_goes(code):
    inside, beyond = AT_LIMIT[code]
    assert code not in broken(inside, RULES)
    assert code in broken(beyond, RULES)


def test_the_longest_text_has_a_hundred_thousand_words():
    assert "gopher_many_words" not in broken("a " * 100_000, RULES)
    assert "gopher_many_words" in broken("a " * 100_001, RULES)


def test_every_rule_has_its_golden_text():
    assert {rule.code for rule in RULES} == {*AT_LIMIT, "gopher_many_words"}
    assert all(rule.limit == rule.published for rule in RULES)


def test_signs_that_stand_alone_are_words_only_where_datatrove_counts_them():
    text = words(*W[:70], *["!"] * 30)
    assert not broken(text, RULES[-2:-1])
    assert broken(text, (LETTERS_OF_ALL,)) == ["gopher_letters"]


def corpus(texts: list[str | None], kind: str = "corpus") -> Block:
    schema = Schema((Column("text", Role.TEXT),), kind=kind)
    block = Block(pa.array(range(10, 10 + len(texts))).to_numpy(), pa.table({"text": pa.array(texts)}), schema)
    return annotated(block, needed([GopherQuality()], schema))


def test_as_a_check_it_is_asked_of_corpora_alone():
    check = GopherQuality()
    good = words("the", "of", *W[:60])
    block = corpus([good, "too short", None])
    found = check.judge(check.learn(block), block)
    assert found.select(["row", "column"]).to_pylist() == [{"row": 11, "column": "text"}]
    said = "too few words: 2, below the limit of 50; too few of the commonest words: 0, below the limit of 2"
    assert found["message"].to_pylist() == [said]
    assert GopherQuality(min_words=2, min_stop_words=0).judge(check.learn(block), block).num_rows == 0
    measure = check.measures(check.learn(block).merge(check.learn(block)), block.schema, found)[0]
    assert (measure.bad, measure.total) == (1, 4)
    assert not corpus([good], "table").schema.suits(check.kinds)
