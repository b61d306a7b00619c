import numpy as np
import pytest

from karat.core.errors import InputError
from karat.prepare.target import read_target


def test_classes_are_ordered_as_numbers_or_as_text(make_block):
    target = read_target(make_block(nulls=("?",), y=("target", ["10", "9", None, "?", "9"])))
    assert target.classes == ("9", "10")
    assert target.values.tolist() == [1, 0, -1, -1, 0]
    assert target.missing.tolist() == [False, False, True, True, False]
    assert read_target(make_block(y=("target", ["好", "b", "a"]))).classes == ("a", "b", "好")


def test_classes_of_the_raw_data_can_be_imposed(make_block):
    target = read_target(make_block(y=("target", ["b", "x"])), ("a", "b"))
    assert target.values.tolist() == [1, -1]


def test_numbers(make_block):
    target = read_target(make_block(task="regression", y=("target", ["1.5", "oops", None])))
    assert target.values[0] == 1.5
    assert np.isnan(target.values[1:]).all()
    assert target.classes == ()


def test_a_target_that_is_absent_or_empty_is_refused(make_block):
    with pytest.raises(InputError, match="--target"):
        read_target(make_block(x=("number", ["1"])))
    with pytest.raises(InputError, match="target 'y' has no values"):
        read_target(make_block(y=("target", [None, None])))
