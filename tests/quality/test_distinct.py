import numpy as np
import pyarrow as pa

from karat.core import together
from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.quality.distinct import Distinct

TEXTS = ["N/A", "12", "none", "1900-01-01", None, "-0.5", "x y"]


def wide(columns):
    names = [f"c{at}" for at in range(columns)]
    table = pa.table({name: pa.array(TEXTS[at % 3 :], pa.string()).slice(0, 4) for at, name in enumerate(names)})
    return Block(np.arange(4), table, Schema(tuple(Column(name, Role.NUMBER, "float64") for name in names)))


def test_views_of_many_columns_are_those_of_one():
    block = wide(together.FEW)
    counts = ValueCounts.of(block)
    for column in block.schema:
        lone = Block(block.rows, block.table.select([column.name]), Schema((column,)))
        pairs = (
            (Distinct.of(block, column), Distinct.of(lone, column)),
            (
                Distinct.learned(counts.columns[column.name], column),
                Distinct.learned(ValueCounts.of(lone).columns[column.name], column),
            ),
        )
        for mine, theirs in pairs:
            assert list(mine.texts) == list(theirs.texts)
            assert mine.array.equals(theirs.array)
            assert np.array_equal(mine.numbers, theirs.numbers, equal_nan=True)
            assert np.array_equal(mine.gaps.all, theirs.gaps.all)
            assert np.array_equal(mine.counts, theirs.counts)
            assert theirs.shows("never there")
            assert mine.shows("[a-z] [a-z]") == ("x y" in mine.texts)


def test_a_plain_number_needs_no_parser():
    seen = Distinct.plain("-0.5", Column("c", Role.NUMBER, "float64"))
    assert seen.numbers.tolist() == [-0.5]
    assert not seen.gaps.all.any()
