"""Words and codes among numbers that are the column's own."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.quality.column_kind import kind_of
from karat.quality.consistency.column_words import built, of_lists, often_written, own_codes, shape


def looked_at(cells):
    column = Column("a", Role.NUMBER, "float64")
    block = Block(np.arange(len(cells)), pa.table({"a": pa.array(cells, pa.string())}), Schema((column,)))
    tally = ValueCounts.of(block).columns["a"]
    return tally, kind_of(tally, column)


NUMBERS = [str(10_000 + at) for at in range(500)]


def test_what_is_written_alike_in_more_than_a_hundredth_of_the_cells_is_no_slip():
    assert often_written(*looked_at([*NUMBERS, *["+1-2"] * 3, *["+1-3"] * 3])) == {"+9-9": 6}
    assert often_written(*looked_at([*NUMBERS, *["+1-2"] * 5])) == {}
    assert often_written(*looked_at([*NUMBERS, *NUMBERS, *["old"] * 10])) == {}


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        (["ENG", "SCT", "WLS"] * 2, {"AAA": 6}),
        (["ENG", "SCT"] * 2, {}),
        ([f"{a}{b}C" for a in "ABC" for b in "XYZ"], {}),
        (["+"] * 6, {"+": 6}),
        (["1-2"] * 6, {}),
        (["ENG"] * 6 + ["eng"] * 5, {"AAA": 6}),
    ],
)
def test_texts_built_alike_are_codes_where_each_occurs_twice_on_average(texts, codes):
    assert own_codes(*looked_at([*NUMBERS, *texts])) == codes


def test_signs_of_another_columns_list_are_the_columns_own():
    tally, _ = looked_at(["0"] * 99 + ["+"])
    assert of_lists(tally, (frozenset("+-0"),)) == {"0", "+"}
    assert of_lists(tally, (frozenset("+-"),)) == set()
    assert of_lists(tally, ()) == set()


def test_how_a_text_is_built():
    assert built("aB-12丙") == "aA-99丙"
    assert shape("+1-26.5") == "+9-9"
    assert shape("B 12") == "B 12"
