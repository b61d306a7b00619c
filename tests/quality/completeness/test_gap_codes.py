"""Days and numbers that stand for a gap where none belongs."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.quality.column_kind import kind_of
from karat.quality.completeness.gap_codes import no_codes, strange_days, strange_texts, words_are_long
from karat.quality.distinct import Distinct

WORD, TIME = Column("a", Role.CATEGORY), Column("a", Role.TIME, "timestamp")


def learned(cells, column):
    block = Block(np.arange(len(cells)), pa.table({"a": pa.array(cells, pa.string())}), Schema((column,)))
    counts = ValueCounts.of(block).columns["a"]
    return Distinct.learned(counts, column), counts


def texts(cells, limit=9.0):
    seen, counts = learned(cells, WORD)
    return {
        seen.texts[v.at]: (v.confidence, v.message) for v in strange_texts(seen, counts, kind_of(counts, WORD), limit)
    }


def days(cells, judged=None):
    seen, counts = learned(cells, TIME)
    asked = Distinct(judged, TIME, np.ones(len(judged))) if judged else seen
    return [asked.texts[verdict.at] for verdict in strange_days(asked, counts, TIME)]


WORDS = ["red", "blue", "green"] * 40


def test_days_and_codes_in_a_column_of_words():
    assert texts([*WORDS, "1900-01-01", "-999", "17"]) == {
        "1900-01-01": (0.85, "'1900-01-01' is a day that often stands for missing, in a column of texts"),
        "-999": (0.85, "'-999' is a number that often stands for missing, in a column of texts"),
    }


def test_a_day_in_a_column_of_numbers():
    assert list(texts([str(at) for at in range(60)] + ["9999-12-31", "-999"])) == ["9999-12-31"]


@pytest.mark.parametrize(("times", "strange"), [(9, ["-999"]), (10, [])])
def test_what_stands_there_often_is_a_value(times, strange):
    assert list(texts([*WORDS * 5, *["-999"] * times])) == strange


def test_a_code_is_strange_only_among_words_that_repeat():
    names = [f"{first} {last}" for first in "abcdefghij" for last in "klmnopqrst"]
    assert texts([*names, "-999"]) == {}
    assert texts([*names * 3, "-999"]) == {}, "301 cells are less than three of each of 101"
    assert list(texts([*names * 4, "-999"])) == ["-999"]
    numbers = [*WORDS, "17", "18", "19", "-999"]
    assert texts(numbers) == {}, "three numbers among 124 cells are the column's own"


def test_days_outside_all_other_times():
    cells = ["2020-01-01", "2020-06-01", "1900-01-01", "9999-12-31"]
    assert sorted(days(cells)) == ["1900-01-01", "9999-12-31"]
    assert days(["1969-06-01", "1972-01-01", "1970-01-01"]) == []
    assert days(["1900-01-01"]) == [], "nothing lies outside of nothing"
    assert days(["2020-01-01", "2021-01-01"]) == []


def test_a_day_within_a_year_of_the_others_is_one_of_them():
    assert days(["1971-01-02", "1980-01-01", "1970-01-01"]) == []  # 366 days
    assert days(["1971-01-03", "1980-01-01", "1970-01-01"]) == ["1970-01-01"]
    assert days(["1960-01-01", "1968-12-31", "1970-01-01"]) == []
    assert days(["1960-01-01", "1968-12-30", "1970-01-01"]) == ["1970-01-01"]


def test_days_of_another_block_are_held_against_what_was_learned():
    assert days(["2020-01-01", "2020-06-01"], ["1900-01-01", "2020-02-02"]) == ["1900-01-01"]


def test_numbers_that_are_no_codes():
    number = Column("a", Role.NUMBER, "int64")
    _, counts = learned([str(20 + k % 40) for k in range(400)] + ["-999"] * 12, number)
    assert not no_codes(counts, number).holds(-999.0)
    assert no_codes(counts, number).holds(31.0)


@pytest.mark.parametrize(("cells", "long"), [(["red", "blue", "green"], True), (["a", "bc"], False), ([], False)])
def test_whether_words_are_long(cells, long):
    assert words_are_long(learned(cells, WORD)[1]) is long
