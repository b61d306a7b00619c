"""Checks of single cells: one verdict per distinct value becomes a finding at each of its cells."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.quality.by_value import ByValue, ValueVerdict, judged_columns, share
from karat.quality.distinct import Distinct


@dataclass(frozen=True)
class Rare(ByValue):
    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    writes: ClassVar[str] = "form"
    measure_name: ClassVar[str] = "rare"
    meanings: ClassVar[frozenset[str]] = frozenset({"place", "code"})

    def rule(self, counts, column, schema):
        seldom = [text for text, n in zip(counts.columns[column.name].values, counts.columns[column.name].counts, strict=True) if n == 1]  # fmt: skip
        if not seldom:
            return None
        return lambda seen: [
            ValueVerdict(
                at, 0.8, f"{text} once", suggestion="?" if text == "C" else None, kind="fact" if text == "D" else None
            )
            for at, text in enumerate(seen.texts)
            if text in seldom
        ]


def block_of(**columns):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Block(
        np.arange(100, 100 + len(table)), table, Schema(tuple(Column(name, Role.CATEGORY) for name in columns))
    )


def test_a_verdict_on_a_value_is_a_finding_at_each_of_its_cells():
    learned = block_of(a=["A", "A", "B", "C", "D"], b=["x", "x", "x", "x", "x"])
    judged = block_of(a=["D", None, "B", "B", "C"], b=["x", None, "x", "x", "x"])
    rows = Rare().judge(Rare().learn(learned), judged).to_pylist()
    assert [(row["row"], row["column"], row["value"], row["suggestion"], row["kind"]) for row in rows] == [
        (100, "a", "D", None, "fact"),
        (102, "a", "B", None, "form"),
        (103, "a", "B", None, "form"),
        (104, "a", "C", "?", "form"),
    ]
    assert rows[1]["message"] == "B once"


def test_columns_that_were_not_learned_or_do_not_suit_are_left_alone():
    learned = block_of(a=["A", "B"])
    other = block_of(a=["A", "B"], b=["A", "B"])
    assert set(Rare().judge(Rare().learn(learned), other)["column"].to_pylist()) == {"a"}
    names = Schema((Column("a", Role.CATEGORY, meanings=("place", "person")),))
    assert Rare().judge(Rare().learn(learned), Block(learned.rows, learned.table, names)).num_rows == 0
    places = Schema((Column("a", Role.CATEGORY, meanings=("place",)),))
    assert Rare().judge(Rare().learn(learned), Block(learned.rows, learned.table, places)).num_rows == 2


def test_the_total_is_the_cells_that_hold_a_value_in_columns_it_suits():
    block = block_of(a=["A", None, "B"], b=["x", "x", "x"], c=[None, None, "y"])
    names = Schema((Column("a", Role.CATEGORY), Column("b", Role.CATEGORY, meanings=("person",)), Column("c", Role.ID)))
    assert Rare().total(ValueCounts.of(block), names) == 3
    assert Rare().total(ValueCounts.of(block_of(a=["A"])), names) == 1


def test_a_rule_is_made_once_for_a_state():
    block = block_of(a=["A", "B"])
    state = Rare().learn(block)
    column = block.schema["a"]
    assert Rare().rule_for(state, column, block.schema) is Rare().rule_for(state, column, block.schema)


def test_states_of_two_blocks_judge_like_the_state_of_one():
    whole = block_of(a=["A", "B", "A", "C"])
    parts = [whole.take(np.arange(2)), whole.take(np.arange(2, 4))]
    merged = Rare().learn(parts[0]).merge(Rare().learn(parts[1]))
    assert Rare().judge(merged, whole).equals(Rare().judge(Rare().learn(whole), whole))


def test_distinct_values_have_texts_numbers_gaps_and_counts():
    block = block_of(a=["1,5", "x", "1,5", "N/A", None, "-9"])
    column = Column("a", Role.NUMBER, "float64", nulls=("-9",), decimal=",")
    seen = Distinct.of(block, column)
    assert seen.texts == ["1,5", "x", "N/A", "-9"]
    assert seen.array.to_pylist() == seen.texts
    assert seen.counts.tolist() == [2, 1, 1, 1]
    np.testing.assert_array_equal(seen.numbers, [1.5, np.nan, np.nan, -9])  # what means missing is read all the same
    assert seen.gaps.strong.tolist() == [False, True, True, False]
    assert Distinct.of(block, column) is seen


def test_distinct_values_of_a_state_are_kept_by_the_way_numbers_are_read():
    counts = ValueCounts.of(block_of(a=["1,5"])).columns["a"]
    comma, point = Column("a", Role.NUMBER, "float64", decimal=","), Column("a", Role.NUMBER, "float64")
    assert Distinct.learned(counts, comma).numbers.tolist() == [1.5]
    assert np.isnan(Distinct.learned(counts, point).numbers).all()
    assert Distinct.learned(counts, comma) is Distinct.learned(counts, comma)
    assert Distinct(("a", "b"), comma, np.ones(2)).array.to_pylist() == ["a", "b"]


def test_pictures_and_ignored_columns_are_not_judged():
    columns = (
        Column("a", Role.CATEGORY),
        Column("bytes", Role.CATEGORY, "binary"),
        Column("picture", Role.IMAGE),
        Column("aside", Role.IGNORE),
        Column("id", Role.ID),
    )
    assert [column.name for column in judged_columns(Schema(columns))] == ["a", "id"]


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (12, 2410, "12 of 2,410 cells (0.5 %)"),
        (1, 10, "1 of 10 cells (10 %)"),
        (999, 10_000, "999 of 10,000 cells (10.0 %)"),
        (1234, 1234, "1,234 of 1,234 cells (100 %)"),
        (0, 0, "0 of 0 cells (0.0 %)"),
    ],
)
def test_a_share_in_words(part, whole, words):
    assert share(part, whole) == words
