"""What a column holds, seen through gaps, units and slips."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.quality.column_kind import kind_of

TEXT, TIME = Column("a", Role.CATEGORY), Column("a", Role.TIME, "timestamp")


def kind(cells, column=TEXT):
    block = Block(np.arange(len(cells)), pa.table({"a": pa.array(cells, pa.string())}), Schema((column,)))
    return kind_of(ValueCounts.of(block).columns["a"], column)


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (["1", "2.5", "-3", "1e3"], "number"),
        (["1"] * 8 + ["red", "blue"], "number"),  # four in five
        (["1"] * 7 + ["red", "blue", "green"], "text"),
        (["1"] * 5 + ["7 kg"] * 4 + ["red"], "number"),  # nine in ten with those that have a unit
        (["1"] * 5 + ["7 kg"] * 3 + ["red"] * 2, "text"),
        (["37 patients", "2 patients", "9 patients"], "number"),
        (["37 patients", "2 doctors", "9 nurses"], "text"),
        (["red", "blue"], "text"),
        (["N/A", None], "text"),
        ([], "text"),
    ],
)
def test_numbers_or_text(cells, name):
    assert kind(cells).name == name


def test_words_that_may_mean_missing_are_no_cells():
    seen = kind(["1"] * 4 + ["red", "N/A", "N/A", "unknown", None, "1900-01-01"])
    assert seen.name == "number"
    assert seen.cells == 5
    assert seen.gap_words == {"N/A": 2, "unknown": 1, "1900-01-01": 1}
    np.testing.assert_array_equal(seen.numbers, [1, np.nan, np.nan, np.nan, np.nan])


def test_a_day_is_a_value_among_times():
    seen = kind(["1900-01-01", "2024-02-03", "N/A"], TIME)
    assert (seen.name, seen.cells, seen.gap_words) == ("time", 2, {"N/A": 1})


def test_a_column_of_many_texts_is_told_from_some_of_them(monkeypatch):
    monkeypatch.setattr("karat.quality.column_kind.MANY_TEXTS", 10)
    assert kind([f"{at} kg" for at in range(100)]).name == "number"
    assert kind([f"{at} kg" if at % 3 else f"red {at}" for at in range(100)]).name == "text"


def test_it_is_computed_once_for_the_counts():
    block = Block(np.arange(1), pa.table({"a": pa.array(["1"])}), Schema((TEXT,)))
    counts = ValueCounts.of(block).columns["a"]
    assert kind_of(counts, TEXT) is kind_of(counts, TEXT)
    assert kind_of(counts, TIME).name == "time"
