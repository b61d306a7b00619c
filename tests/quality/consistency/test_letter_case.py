"""One word in several cases or widths: which spelling a column prefers."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.letter_case import case_of, case_slips, shouted, wide_letters
from karat.quality.distinct import Distinct

COLUMN = Column("a", Role.CATEGORY)


def learned(cells):
    block = Block(np.arange(len(cells)), pa.table({"a": pa.array(cells, pa.string())}), Schema((COLUMN,)))
    counts = ValueCounts.of(block).columns["a"]
    return Distinct.learned(counts, COLUMN), counts


def slips(cells):
    seen, counts = learned(cells)
    return {seen.texts[verdict.at]: (verdict.suggestion, verdict.confidence) for verdict in case_slips(seen, counts)}


def loud(cells):
    seen, counts = learned(cells)
    return {seen.texts[verdict.at]: verdict.confidence for verdict in shouted(seen, counts)}


@pytest.mark.parametrize(
    ("text", "case"),
    [("red", "lower"), ("RED", "upper"), ("Red", "mixed"), ("12", ""), ("", ""), ("中文", ""), ("a1", "lower")],
)
def test_the_case_of_a_text(text, case):
    assert case_of(text) == case


def test_a_word_in_another_case_is_written_like_the_commonest():
    assert slips(["Red"] * 40 + ["Blue"] * 40 + ["red"] * 2 + ["BLUE"]) == {
        "red": ("Red", 0.96),
        "BLUE": ("Blue", 0.96),
    }


def test_it_is_clear_from_twenty_to_one():
    assert slips(["red"] * 40 + ["rEd"] * 2 + ["x"] * 9)["rEd"] == ("red", 0.96)
    assert slips(["red"] * 39 + ["rEd"] * 2 + ["X"] * 9)["rEd"] == ("red", 0.45)


def test_or_where_nearly_all_of_the_column_is_in_that_case():
    rest = ["blue", "green", "grey"] * 60
    assert slips([*rest, *["red"] * 3, *["Red"] * 2])["Red"] == ("red", 0.96)
    assert slips([*rest[:60], *["red"] * 3, *["Red"] * 2])["Red"] == ("red", 0.45)  # two in 65 are in another


def test_two_letters_may_mean_something_by_their_case():
    assert slips(["mW"] * 60 + ["MW"] * 2) == {"MW": ("mW", 0.45)}


def test_a_word_must_stand_there_three_times():
    assert slips(["red"] * 3 + ["RED"] + ["blue"] * 9) == {"RED": ("red", 0.45)}
    assert slips(["red"] * 2 + ["RED"] + ["blue"] * 9) == {}


def test_among_many_texts_only_words_in_several_cases_are_looked_at():
    names = [f"name{at}" for at in range(60)]
    assert slips([*names, *["red"] * 3, "RED"])["RED"][0] == "red"
    assert slips(names) == {}


def test_of_two_spellings_equally_common_the_first_by_letter_is_preferred():
    assert set(slips(["Red"] * 5 + ["red"] * 5)) == {"red"}


QUIET = [f"the {word} is here" for word in ("river", "house", "garden")] * 70


def test_words_in_capitals_in_a_column_that_hardly_shouts():
    assert loud([*QUIET, "RIVER HOUSE"]) == {"RIVER HOUSE": 0.65}
    assert loud([*QUIET, "NATO TREATY"]) == {"NATO TREATY": 0.4}
    assert loud([*QUIET, "RIVER"]) == {}
    assert loud([*QUIET, "RIVER House"]) == {}


def test_more_than_one_in_two_hundred_is_a_habit():
    assert set(loud([*QUIET, "RIVER HOUSE"])) == {"RIVER HOUSE"}
    assert loud([*QUIET, "RIVER HOUSE", "GARDEN HOUSE"]) == {}
    assert set(loud([*QUIET * 2, "RIVER HOUSE", "GARDEN HOUSE"])) == {"RIVER HOUSE", "GARDEN HOUSE"}


def test_a_column_without_small_letters_is_not_quiet():
    numbers = [str(at) for at in range(110)]
    assert loud([*numbers, *QUIET[:100], "RIVER HOUSE"]) == {}
    assert loud([*numbers[:90], *QUIET[:110], "RIVER HOUSE"]) != {}


def halved(cells, number=False):
    seen, counts = learned(cells)
    return {seen.texts[v.at]: v.suggestion for v in wide_letters(seen, counts, number=number)}


def test_full_width_letters_and_digits_in_a_column_of_half_width():
    assert halved(["abc 12"] * 90 + ["ａｂｃ，１２"]) == {"ａｂｃ，１２": "abc，12"}
    assert halved(["12.5"] * 90 + ["１２．５　"], number=True) == {"１２．５　": "12.5 "}
    assert halved(["abc，"] * 90) == {}


def test_a_fifth_of_the_column_in_full_width_is_a_habit():
    assert halved(["abc"] * 80 + ["ａｂｃ"] * 20) == {"ａｂｃ": "abc"}
    assert halved(["abc"] * 79 + ["ａｂｃ"] * 20) == {}


@pytest.mark.parametrize("text", ["MANY LOUD WORDS", "Quiet words", "ＡＢ１ wide", "A B", "ÉÉÉ ÀÀÀ", "ABC def", ""])
def test_one_text_is_looked_at_as_many_are(text):
    _, counts = learned([*(f"some quiet words {k}" for k in range(400))])
    many = Distinct([text, *(f"w{k}" for k in range(9))], COLUMN, np.ones(10, np.int64))
    one = Distinct([text], COLUMN, np.ones(1, np.int64))
    for look in (shouted, lambda seen, tally: wide_letters(seen, tally, number=False)):
        assert list(look(one, counts)) == [verdict for verdict in look(many, counts) if verdict.at == 0]
