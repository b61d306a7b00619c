"""Which lines fall to rules for lines, and what is left without them."""

import numpy as np
import pytest

from karat.kernels.text_classes import character_classes
from karat.kernels.text_edits import CUT_CITATION, chunk_sizes, spans_of, without_spans

LONG, FEW, UNENDED, SCRIPT, POLICY, CAPITALS, NUMBER, COUNTER, SHORT_PHRASE = range(9)


def spans(packed, *texts, rules=range(10)):
    buf, offsets = packed(*texts)
    return spans_of(buf, offsets, sum(1 << rule for rule in rules))


def rule_of(packed, line, *rules):
    rows = spans(packed, line, rules=rules or range(9))
    return int(rows[0, 5]) if len(rows) else None


@pytest.mark.parametrize(
    ("rule", "hit", "miss"),
    [
        (LONG, "x" * 1001 + " a b.", "x" * 1000 + " a b."),
        (FEW, "two words", "now three words"),
        (UNENDED, "without an end", "with an end."),
        (UNENDED, "with three dots...", "a question?"),
        (UNENDED, "a comma,", "a quote'"),
        (SCRIPT, "needs JavaScript here", "needs java here"),
        (SCRIPT, "needs javascript", "lorem ipsum javascript"),
        (POLICY, "our privacy policy", "our { privacy policy"),
        (POLICY, "it uses cookies", "lorem ipsum uses cookies"),
        (CAPITALS, "ABC e", "ABC ef"),
        (NUMBER, "12 345", "12 345a"),
        (COUNTER, "1,204 likes", "1,204 dogs"),
        (SHORT_PHRASE, "a b c d e f g items in cart", "a b c d e f g h items in cart"),
        (SHORT_PHRASE, "read more...", "read on"),
    ],
)
def test_each_rule_by_itself(packed, rule, hit, miss):
    assert rule_of(packed, hit, rule) == rule
    assert rule_of(packed, miss, rule) is None


def test_the_first_rule_that_is_broken_is_named(packed):
    assert rule_of(packed, "two words") == FEW
    assert rule_of(packed, "two words", UNENDED, FEW) == FEW
    assert rule_of(packed, "two words", UNENDED) == UNENDED
    assert rule_of(packed, "A good line of words.") is None
    assert rule_of(packed, "") is None


def test_lines_are_cut_with_their_breaks_and_places_in_bytes_and_characters(packed):
    text = "这是第一行吗 so it is?\n好\r\nThe last of them is fine."
    rows = spans(packed, text, rules=[FEW])
    low, high = len("这是第一行吗 so it is?\n".encode()), len("这是第一行吗 so it is?\n好\r\n".encode())
    assert rows.tolist() == [[0, low, high, 17, 20, FEW]]


def test_citations_are_cut_out_of_lines_that_stay(packed):
    rows = spans(packed, "é is [1] a line.[edit]\nno\nand [2] so it is.", rules=[FEW, CUT_CITATION])
    assert rows[:, 5].tolist() == [CUT_CITATION, CUT_CITATION, FEW, CUT_CITATION]
    assert rows[:, 3:5].tolist() == [[5, 8], [16, 22], [23, 26], [30, 33]]
    assert len(spans(packed, "this is [1] a line.", rules=[FEW])) == 0
    assert spans(packed, "it [1]", rules=[FEW, CUT_CITATION])[:, 5].tolist() == [FEW]  # the whole line goes


def test_documents_are_told_apart_and_more_spans_than_expected_fit(packed):
    rows = spans(packed, "a\nb", "", "Here are three words", "c", rules=[FEW])
    assert rows[:, 0].tolist() == [0, 0, 3]
    assert rows[:, 3].tolist() == [0, 2, 0]
    many = spans(packed, "a\n" * 300, rules=[FEW])
    assert len(many) == 300
    assert many[:, 3].tolist() == list(range(0, 600, 2))


def test_without_the_spans_the_rest_stays(packed):
    buf, offsets = packed("a\nHere are three [1] words\nb", "c", "All of this stays here.")
    rows = spans_of(buf, offsets, 1 << FEW | 1 << CUT_CITATION)
    data, ends = without_spans(buf, offsets, rows)
    assert data.tobytes() == b"Here are three  words\nAll of this stays here."
    assert ends.tolist() == [0, 22, 22, 45]
    data, ends = without_spans(buf, offsets, rows[:0])
    assert data.tobytes() == buf.tobytes()
    assert ends.tolist() == offsets.tolist()


def test_stretches_without_white_space():
    data = np.frombuffer(" ab\u3000\tcédé  x".encode(), np.uint8)
    assert chunk_sizes(data, 0, len(data), character_classes()) == (3, 4)
    assert chunk_sizes(data, 0, 0, character_classes()) == (0, 0)
    assert chunk_sizes(data, 1, 3, character_classes()) == (1, 2)
