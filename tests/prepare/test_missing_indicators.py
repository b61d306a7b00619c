import numpy as np

from karat.prepare.missing_indicators import MissingIndicators


def test_only_columns_with_both_gaps_and_values_are_watched(make_block):
    block = make_block(a=("number", ["1", None, "2"]), b=("number", ["1", "2", "3"]), c=("number", [None, None, None]))
    fitted = MissingIndicators(("a", "b", "c")).fit(block)
    assert fitted.columns == ("a",)
    assert fitted.apply(block).tolist() == [[0], [1], [0]]
    assert MissingIndicators(("a",)).fit(block, np.array([0, 2])).columns == ()
