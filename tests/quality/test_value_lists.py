"""Short lists of values that several columns choose from."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.quality.value_lists import is_a_sign, of_a_list, value_lists


def lists_of(**columns):
    schema = Schema(tuple(Column(name, Role.CATEGORY) for name in columns))
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return value_lists(ValueCounts.of(Block(np.arange(table.num_rows), table, schema)), schema.columns)


def test_a_list_holds_what_occurs_again_and_again_and_has_twelve_values_at_most():
    long = [f"v{at % 13}" for at in range(1999)]
    assert lists_of(a=["+"] * 1000 + ["-"] * 996 + ["0"] * 3, b=long) == (frozenset("+-"),)
    assert lists_of(a=["+"] * 1000 + ["-"] * 995 + ["0"] * 4) == (frozenset("+-0"),)
    assert lists_of(a=["+"] * 99) == ()


def test_values_of_one_list_are_not_foreign_to_each_other():
    lists = (frozenset("+-0"), frozenset("ab"))
    assert of_a_list("0", "+", lists)
    assert not of_a_list("0", "a", lists)
    assert not of_a_list("0", None, lists)


@pytest.mark.parametrize(("text", "values", "is_sign"), [("-", "+-0", True), ("-", "-0", False), ("+", "+-", False)])
def test_a_mark_beside_another_mark_is_a_sign_and_no_gap(text, values, is_sign):
    assert is_a_sign(text, (frozenset(values),)) == is_sign
