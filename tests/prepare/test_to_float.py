import numpy as np

from karat.prepare.to_float import ToFloat


def test_numbers_are_rounded_to_float32_and_gaps_stay(make_block):
    block = make_block(x=("number", ["0.1", None, "abc", "1e300", "7"]))
    found = ToFloat("x").fit(block).apply(block)
    assert found.dtype == np.float32
    assert found[0, 0] == np.float32(0.1)
    assert np.isnan(found[1:3, 0]).all()
    assert found[3, 0] == np.finfo(np.float32).max
    assert np.array_equal(ToFloat("x").fit(block).apply(block, np.array([4, 0]))[:, 0], np.float32([7, 0.1]))
