import numpy as np
import pytest

from karat.core.counts import ValueCounts
from karat.quality.accuracy.number_shape import shape_of
from karat.quality.accuracy.out_of_range import OutOfRange
from karat.quality.accuracy.outlying_numbers import OutlyingNumbers
from karat.quality.accuracy.unit_slips import UnitSlips
from karat.quality.accuracy.wrong_column import ValuesInWrongColumn


@pytest.mark.parametrize("strange", ["1e308", "-1e308", "1e-320", "9" * 300, "-0", "1" * 400])
def test_numbers_at_the_edge_of_what_a_machine_can_hold_break_nothing(judge, strange):
    a = [str(at % 50) for at in range(200)]
    a[3] = strange
    for check in (OutlyingNumbers(), OutOfRange(), UnitSlips(), ValuesInWrongColumn()):
        assert all(0 <= told[0] <= 1 for told in judge(check, {"a": a, "b": ["x", "y"] * 100}).values())


def test_the_bulk_ends_where_empty_space_begins(make_block):
    values = [f"{x:.2f}" for x in np.random.default_rng(0).normal(10, 1, 400)]
    values[7] = "500"
    block = make_block({"a": values})
    shape = shape_of(ValueCounts.of(block).columns["a"], block.schema["a"])
    assert shape.bulk[1] < 20
    assert shape.step == 0.01
    assert shape.on_step(np.array([9.87, 9.875])).tolist() == [True, False]
    assert shape.distance(np.array([10.0, 500.0]))[0] == 0
