import importlib.util

import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.prepare.features import Preparation
from karat.prepare.handing_out import prepared
from karat.prepare.target import read_target


def held(make_block):
    block = make_block(x=("number", ["1", "2", None, "4"]), y=("target", ["a", "b", "a", None]))
    return prepared(Preparation(block.schema, "trees").fit(block), block, read_target(block))


def test_records_without_a_target_are_left_out(make_block):
    features, target = held(make_block).to_numpy()
    assert features.shape == (3, 1)
    assert target.tolist() == [0, 1, 0]


def test_arrow_has_a_column_a_feature(make_block):
    table = held(make_block).to_arrow()
    assert table.column_names == ["x", "target"]
    assert table["x"].null_count == 0
    assert np.isnan(table["x"].to_numpy()[2])


@pytest.mark.parametrize(("library", "call"), [("torch", "to_torch"), ("tensorflow", "to_tf")])
def test_a_library_that_is_absent_is_named(make_block, library, call):
    if importlib.util.find_spec(library):
        pytest.skip(f"{library} is installed")
    with pytest.raises(OptionError, match=f"{library} is not installed.*pip install"):
        getattr(held(make_block), call)()


def test_torch_gets_the_same_numbers(make_block):
    pytest.importorskip("torch")
    features, target = held(make_block).to_torch().tensors
    assert np.array_equal(features.numpy(), held(make_block).features, equal_nan=True)
    assert target.tolist() == [0, 1, 0]
