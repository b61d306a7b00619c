import numpy as np
import pytest

from karat.quality.accuracy.outlying_text_lengths import OutlyingTextLengths


def texts(unit, size=400):
    chance = np.random.default_rng(6)
    return [unit * int(n) + str(at) for at, n in enumerate(np.exp(chance.normal(3, 0.5, size)).astype(int))]


@pytest.mark.parametrize("unit", ["word ", "文字"])
def test_records_glued_together_are_told(judge, sure, unit):
    held = texts(unit)
    held[9] = "\n".join(held)
    assert set(sure(judge(OutlyingTextLengths(), {"t": held}))) == {(9, "t")}


def test_a_long_tail_is_no_outlier(judge):
    chance = np.random.default_rng(7)
    held = ["x" * int(n) + str(at) for at, n in enumerate(np.exp(chance.normal(4, 1.2, 2_000)))]
    assert not judge(OutlyingTextLengths(), {"t": held})


def test_two_ways_of_writing_are_no_outliers(judge):
    assert not judge(OutlyingTextLengths(), {"t": [*texts("word "), *(f"{t} " * 40 for t in texts("w "))]})
