import numpy as np

from karat.prepare.scale_numbers import ScaleNumbers


def test_scale_comes_from_the_training_records_alone(make_block):
    block = make_block(x=("number", ["1", "3", None, "1000"]))
    fitted = ScaleNumbers("x").fit(block, np.array([0, 1]))
    assert (fitted.fill, fitted.mean, fitted.deviation) == (2.0, 2.0, 1.0)
    assert fitted.apply(block)[:, 0].tolist() == [-1, 1, 0, 998]


def test_a_constant_column_becomes_nought_and_an_empty_one_too(make_block):
    block = make_block(x=("number", ["5", "5"]), y=("number", [None, None]))
    assert ScaleNumbers("x").fit(block).apply(block).tolist() == [[0], [0]]
    assert ScaleNumbers("y").fit(block).apply(block).tolist() == [[0], [0]]
