"""C4's rules for pages, at and beyond each limit."""

import pyarrow as pa
import pytest

from karat.quality.completeness.c4_quality import RULES, WITHOUT_END_MARKS
from karat.quality.text_family import text_scores
from karat.quality.text_rules import TextRule, decided


def broken(text: str, rules: tuple[TextRule, ...]) -> list[str]:
    """Every rule that a text breaks."""
    return list(decided(text_scores(pa.array([text])), rules).failing)


FIVE = "\n".join(f"The {name} dog runs." for name in ("first", "second", "third", "fourth", "fifth"))
FOUR = FIVE.rsplit("\n", 1)[0]


@pytest.mark.parametrize("rules", [RULES, WITHOUT_END_MARKS])
def test_five_sentences_are_enough_and_four_are_not(rules):
    assert not broken(FIVE, rules)
    assert broken(FOUR, rules) == ["c4_few_sentences"]


@pytest.mark.parametrize(
    "line",
    [
        "So short.",
        "You need JavaScript for this.",
        "Read our Privacy Policy now.",
        "Our site uses cookies here.",
        "w" * 1001 + " is too long.",
    ],
)
def test_lines_that_do_not_count(line):
    for rules in (RULES, WITHOUT_END_MARKS):
        assert broken(f"{FOUR}\n{line}", rules) == ["c4_few_sentences"]


@pytest.mark.parametrize("line", ["A line without its mark", "A line that is cut...", "A line ends here:"])
def test_end_marks_are_asked_for_by_the_paper_alone(line):
    assert broken(f"{FOUR}\n{line}", RULES) == ["c4_few_sentences"]
    assert not broken(f"{FOUR}\n{line}", WITHOUT_END_MARKS)


@pytest.mark.parametrize("mark", ['."', ".'", "!", "?", '"'])
def test_end_marks(mark):
    assert not broken(f"{FOUR}\nSo it ends here{mark}", RULES)


def test_placeholders_and_code():
    assert "c4_lorem_ipsum" in broken(f"{FIVE}\nHere stands Lorem Ipsum today.", RULES)
    assert "c4_curly_bracket" in broken(f"{FIVE}\nif so then {{ go.", RULES)
    assert not broken(f"{FIVE}\n{{ short.", RULES)
    assert not broken(f"{FIVE}\nHere stands lorem and ipsum.", RULES)
    assert not broken(f"{FIVE}\nWith javascript there is a {{ here.", RULES)


def test_a_thousand_letters_are_not_too_long():
    assert not broken(f"{FOUR}\n{'w' * 1000} is not long.", RULES)


def test_limits_are_the_papers():
    assert all(rule.limit == rule.published for rule in (*RULES, *WITHOUT_END_MARKS))
